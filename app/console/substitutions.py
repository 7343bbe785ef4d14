"""Substitutes in force, as the engine tells them, and setting and ending of them over the link."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from app.console.bridge import EngineBridge, LinkState
from app.console.session import SessionHolder
from app.model.errors import HaiheError
from app.model.plant import Plant
from app.model.sample import Sample, Value
from app.model.status import status_name
from app.model.substitution import ActiveSubstitution
from app.model.tag import DataType, Tag
from app.model.user import Role
from widgets.wording import Wording

Failed = Callable[[str], None]


class Substitutions(QObject):
    """A SubstitutionPort. GUI thread only; the engine checks everything that is asked here.

    Signals:
        changed(): one came or went, or the device of one says something else.

    """

    changed = Signal()

    def __init__(
        self, plant: Plant, bridge: EngineBridge, session: SessionHolder, wording: Wording, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._plant, self._bridge, self._session, self._wording = plant, bridge, session, wording
        self._active: dict[str, ActiveSubstitution] = {}
        bridge.substitution_changed.connect(lambda _: self.refresh())
        bridge.state_changed.connect(self._link)

    @property
    def active(self) -> tuple[ActiveSubstitution, ...]:
        """Those in force, the one that ends first at the front."""
        return tuple(self._active.values())

    @property
    def why_not(self) -> str:
        """Why none can be set now; empty where one can."""
        return self._session.why_not

    def may(self, tag: Tag) -> bool:
        """Whether the engine would let this desk substitute a tag."""
        session = self._session.session
        if session is None:
            return False
        measured = tag.data_type in {DataType.FLOAT, DataType.INT} and not tag.writable
        return session.role >= (Role.OPERATOR if measured else Role.ENGINEER)

    def is_active(self, tag: Tag) -> bool:
        """Whether a tag is substituted."""
        return tag.name in self._active

    def told(self, tag: Tag) -> str:
        """Return who substituted a tag, until when and why, and what its device says; empty where it is not."""
        active = self._active.get(tag.name)
        if active is None:
            return ""
        one, word = active.substitution, self._wording
        return "\n".join(
            [
                self.tr("Substituted by {0} ({1}) until {2}").format(one.user, one.desk, word.date_time(one.until_ns)),
                self.tr("Reason: {0}").format(one.reason),
                self.tr("Device: {0}").format(self.device_text(tag, active.device)),
            ]
        )

    def device_text(self, tag: Tag | None, device: Sample | None) -> str:
        """Return what a device says of a substituted tag, with its quality where that is not good."""
        if device is None or device.value is None:
            return "---" if device is None else f"--- ({status_name(device.status)})"
        text = self._wording.with_unit(tag, device.value) if tag is not None else str(device.value)
        return text if device.is_good else f"{text} ({status_name(device.status)})"

    def follow(self, count: int) -> None:
        """Hear how many the engine counts; what their devices say is read again while there are some."""
        if count or self._active:
            self.refresh()

    def refresh(self) -> None:
        """Ask the engine for those in force."""
        self._bridge.call(lambda client: client.substitutions(), self._take, lambda _: None, self)

    def substitute(
        self, tag: Tag, value: Value, reason: str, duration_s: float, done: Callable[[], None], failed: Failed
    ) -> None:
        """Substitute a tag."""
        self._bridge.call(
            lambda client: client.substitute(tag.name, value, reason, duration_s),
            lambda _: done(), self._words(failed), self,
        )  # fmt: skip

    def end(self, tag: Tag, failed: Failed) -> None:
        """Let the device's value count again."""
        self._bridge.call(lambda client: client.clear_substitution(tag.name), lambda _: None, self._words(failed), self)

    def _words(self, failed: Failed) -> Callable[[HaiheError], None]:
        return lambda error: failed(self._wording.error(error))

    def _take(self, active: list[ActiveSubstitution]) -> None:
        found = {each.substitution.tag: each for each in active}
        if found != self._active:
            self._active = found
            self.changed.emit()

    def _link(self, state: LinkState) -> None:
        if state is LinkState.CONNECTED:
            self.refresh()
        elif self._active:
            self._active = {}
            self.changed.emit()
