"""Notes of operators, asked of the engine over the link."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from app.console.bridge import EngineBridge
from app.console.session import SessionHolder
from app.model.errors import HaiheError
from app.model.user import Role
from widgets.wording import Wording

Failed = Callable[[str], None]


class EngineNotes(QObject):
    """A NoteStore.

    Signals:
        changed(): a note came or went at any desk, or the session changed.

    """

    changed = Signal()

    def __init__(self, bridge: EngineBridge, session: SessionHolder, wording: Wording, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._session, self._wording = bridge, session, wording
        bridge.annotation_changed.connect(lambda _: self.changed.emit())
        session.changed.connect(self.changed)

    @property
    def why_not(self) -> str:
        """Why no note can be written now."""
        return self._session.why_not

    def may_remove(self, author: str) -> bool:
        """Whether the engine would let this desk remove a note of this author."""
        session = self._session.session
        return self._session.may_operate and session is not None and (
            session.user == author or session.role >= Role.SUPERVISOR
        )  # fmt: skip

    def add(self, at_ns: int, text: str, tag: str, done: Callable[[], None], failed: Failed) -> None:
        """Keep a note."""
        self._bridge.call(lambda client: client.annotate(at_ns, text, tag), lambda _: done(), self._words(failed), self)

    def remove(self, number: int, failed: Failed) -> None:
        """Remove a note."""
        self._bridge.call(lambda client: client.remove_annotation(number), lambda _: None, self._words(failed), self)

    def _words(self, failed: Failed) -> Callable[[HaiheError], None]:
        return lambda error: failed(self._wording.error(error))
