"""The current alarms as the console knows them, with the order in which they are shown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from app.model.alarm import AlarmDefinition, AlarmKind, AnnunciationState, Priority, Suppression
from app.model.alarm_state import AlarmSnapshot
from app.model.text import LocalText


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """One current alarm: its configuration and its state."""

    definition: AlarmDefinition
    snapshot: AlarmSnapshot

    @property
    def suppressed(self) -> bool:
        """Whether it is kept from the operator's attention (shelved, by design, out of service)."""
        return bool(self.snapshot.suppression)

    @property
    def urgency(self) -> tuple[bool, bool, int, int]:
        """Sort key: annunciated before suppressed, unacknowledged first, then priority, then newest."""
        shot = self.snapshot
        return (self.suppressed, not shot.unacknowledged, int(self.definition.priority), -shot.time_in_ns)


@dataclass(frozen=True, slots=True)
class PriorityCount:
    """How many alarms of one priority are annunciated, and how many of them are unacknowledged."""

    total: int = 0
    unacknowledged: int = 0


class AlarmBook(QObject):
    """Holds one row for each alarm that is not normal. GUI thread only.

    Signals:
        changed(): after any change; views read what they need.
        raised(object): an AlarmRow has newly become unacknowledged, also while there was no link.

    """

    changed = Signal()
    raised = Signal(object)

    def __init__(self, definitions: Mapping[str, AlarmDefinition], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._definitions = definitions
        self._rows: dict[str, AlarmRow] = {}
        self._sorted: list[AlarmRow] | None = None
        self.known = False
        """Whether the engine has told the alarms at least once; until then nothing is known."""

    def replace(self, snapshots: Iterable[AlarmSnapshot]) -> None:
        """Take the whole state (after connecting); what came while there was no link is raised now."""
        before = self._rows
        self._rows = {shot.id: self._row(shot) for shot in snapshots if _shown(shot)}
        self.known = True
        for row in self._rows.values():
            self._raise_fresh(before.get(row.snapshot.id), row)
        self._tell()

    def forget(self) -> None:
        """Say that the state is no longer known (link lost): rows stay, ``known`` is False."""
        if self.known:
            self.known = False
            self._tell()

    def apply(self, snapshot: AlarmSnapshot) -> None:
        """Take one change."""
        before = self._rows.get(snapshot.id)
        if not _shown(snapshot):
            if self._rows.pop(snapshot.id, None) is None:
                return
        else:
            row = self._rows[snapshot.id] = self._row(snapshot)
            self._raise_fresh(before, row)
        self._tell()

    def __len__(self) -> int:
        """Return how many alarms are not normal."""
        return len(self._rows)

    def rows(self) -> list[AlarmRow]:
        """Return all rows, most urgent first."""
        if self._sorted is None:
            self._sorted = sorted(self._rows.values(), key=lambda row: row.urgency)
        return self._sorted

    def get(self, alarm_id: str) -> AlarmRow | None:
        """Return the row of one alarm, or None while it is normal."""
        return self._rows.get(alarm_id)

    def of_tag(self, tag: str) -> AlarmRow | None:
        """Return the most urgent annunciated alarm of a tag."""
        return next((row for row in self.rows() if row.definition.tag == tag and not row.suppressed), None)

    def of_equipment(self, equipment: str) -> list[AlarmRow]:
        """Return the annunciated alarms of an equipment, most urgent first."""
        return [row for row in self.rows() if row.definition.equipment == equipment and not row.suppressed]

    def counts(self) -> dict[Priority, PriorityCount]:
        """Count annunciated alarms of each priority."""
        result = {}
        for priority in Priority:
            mine = [r for r in self.rows() if r.definition.priority is priority and not r.suppressed]
            result[priority] = PriorityCount(len(mine), sum(r.snapshot.unacknowledged for r in mine))
        return result

    def shelved(self) -> int:
        """Count shelved alarms."""
        return sum(Suppression.SHELVED in row.snapshot.suppression for row in self._rows.values())

    def _raise_fresh(self, before: AlarmRow | None, row: AlarmRow) -> None:
        external = row.snapshot.external
        if external is not None and external.trunk in self._rows:
            fresh = False  # it was raised when it was the present occurrence
        elif external is not None:  # a device gives a comment, too, an event id of its own
            fresh = before is None or before.snapshot.count != row.snapshot.count or not before.snapshot.unacknowledged
        else:
            fresh = before is None or before.snapshot.event_id != row.snapshot.event_id
        if fresh and row.snapshot.unacknowledged and not row.suppressed:
            self.raised.emit(row)

    def _row(self, shot: AlarmSnapshot) -> AlarmRow:
        if shot.external is not None:
            return AlarmRow(shot.external.definition, shot)
        return AlarmRow(self._definitions.get(shot.id) or _unknown(shot.id), shot)

    def _tell(self) -> None:
        self._sorted = None
        self.changed.emit()


def _shown(shot: AlarmSnapshot) -> bool:
    return shot.state is not AnnunciationState.NORMAL or bool(shot.suppression)


def _unknown(alarm_id: str) -> AlarmDefinition:
    """Stand in for an alarm that this console's copy of the project does not define."""
    tag, _, kind = alarm_id.rpartition(".")
    known = kind in set(AlarmKind)
    connection = tag if kind == AlarmKind.CONNECTION else ""
    text = LocalText(f"Connection {tag} lost", f"连接 {tag} 中断") if connection else LocalText(alarm_id, alarm_id)
    return AlarmDefinition(
        alarm_id, "" if connection else tag, AlarmKind(kind) if known else AlarmKind.DISCRETE, Priority.HIGH, text,
        connection=connection,
    )  # fmt: skip
