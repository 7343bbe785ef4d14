"""A few alarms with a clock of their own, for tests."""

from collections.abc import Iterable
from typing import Any

from app.alarms import AlarmEngine, By
from app.model import status as st
from app.model.alarm import AlarmDefinition, AlarmKind, AnnunciationState, Priority
from app.model.alarm_state import AlarmSnapshot, AlarmTransition
from app.model.clock import SECOND_NS
from app.model.sample import Sample
from app.model.text import LocalText

T0 = 1_700_000_000 * SECOND_NS


def high(tag: str = "T", limit: float = 10.0, **more: Any) -> AlarmDefinition:
    fields: dict[str, Any] = {"priority": Priority.HIGH, "text": LocalText(tag)} | more
    return AlarmDefinition(f"{tag}.H", tag, AlarmKind.HIGH, limit=limit, **fields)


def words(transitions: Iterable[AlarmTransition]) -> list[str]:
    """Return alarm, event and what it became of each transition; in brackets what is not journalled."""
    result = []
    for each in transitions:
        text = f"{each.definition.id} {each.kind.value} {each.snapshot.code}"
        result.append(text if each.journalled else f"({text})")
    return result


class Site:
    """An alarm engine; every call happens at ``now``, and tells what followed in words."""

    def __init__(self, *definitions: AlarmDefinition) -> None:
        self.definitions = definitions
        self.now = T0
        self.engine = AlarmEngine(definitions)

    def feed(self, value: float, tag: str = "T", status: int = st.GOOD) -> list[str]:
        return words(self.engine.process(tag, Sample(value, status, self.now, self.now), self.now))

    def wait(self, seconds: float) -> list[str]:
        """Let time pass, ending by and by what ends by itself."""
        until, result = self.now + round(seconds * SECOND_NS), []
        while (due := self.engine.next_due_ns) is not None and due <= until:
            self.now = max(self.now, due)
            result += words(self.engine.tick(self.now))
        self.now = until
        return result

    def connection(self, lost: bool, name: str = "plc") -> list[str]:
        return words(self.engine.connection_changed(name, lost, self.now))

    def shot(self, alarm: str = "T.H") -> AlarmSnapshot:
        found = self.engine.snapshot(alarm)
        assert found is not None
        return found

    def state(self, alarm: str = "T.H") -> AnnunciationState:
        return self.shot(alarm).state

    def acknowledge(self, alarm: str = "T.H") -> list[str]:
        return words(self.engine.actions.acknowledge(alarm, self.shot(alarm).event_id, self.by()))

    def reset(self, alarm: str = "T.H") -> list[str]:
        return words(self.engine.actions.reset(alarm, self.shot(alarm).event_id, self.by()))

    def shelve(self, duration_s: float | None = 60.0, alarm: str = "T.H", reason: str = "noise") -> list[str]:
        return words(self.engine.actions.shelve(alarm, self.shot(alarm).event_id, self.by(reason), duration_s))

    def unshelve(self, alarm: str = "T.H") -> list[str]:
        return words(self.engine.actions.unshelve(alarm, self.by()))

    def remove(
        self, alarm: str = "T.H", reason: str = "pump out", permit: str = "P-17", approver: str = ""
    ) -> list[str]:
        seen = self.shot(alarm).event_id
        return words(self.engine.actions.remove_from_service(alarm, seen, self.by(reason), permit, approver))

    def bring_back(self, alarm: str = "T.H") -> list[str]:
        return words(self.engine.actions.return_to_service(alarm, self.by()))

    def restart(self, after_s: float = 0.0) -> None:
        """Begin a new run with what was kept of this one."""
        kept = self.engine.snapshots()
        self.now += round(after_s * SECOND_NS)
        self.engine = AlarmEngine(self.definitions)
        assert self.engine.restore(kept) == []

    def by(self, comment: str = "") -> By:
        return By(self.now, "wang", "desk-1", comment)
