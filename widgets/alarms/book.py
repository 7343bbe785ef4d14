"""The current alarms as the console knows them: what came, what is gone, and what is new to the operator."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from app.model.alarm import (
    AlarmDefinition,
    AlarmKind,
    AnnunciationState,
    Priority,
    Suppression,
)
from app.model.alarm_state import AlarmSnapshot
from app.model.text import LocalText
from widgets.alarms.index import AlarmIndex, urgency
from widgets.alarms.row import AlarmRow, PriorityCount


class AlarmBook(QObject):
    """Holds one row for each alarm that is not normal. GUI thread only.

    Signals:
        changed(): after any change; views read what they need.
        taken(object): before ``changed``, the AlarmSnapshots that were taken; of alarms that went, one that is normal.
        raised(object): an AlarmRow has newly become unacknowledged, also while there was no link.

    """

    changed = Signal()
    taken = Signal(object)
    raised = Signal(object)

    def __init__(self, definitions: Mapping[str, AlarmDefinition], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._definitions = definitions
        self._sorted: tuple[int, list[AlarmRow]] = (-1, [])
        self.index = AlarmIndex()
        self.known = False
        """Whether the engine has told the alarms at least once; until then nothing is known."""

    def replace(self, snapshots: Iterable[AlarmSnapshot]) -> None:
        """Take the whole state (after connecting); what came while there was no link is raised now."""
        given = list(snapshots)
        self.known = True
        self.take([*self.gone({shot.id for shot in given}), *given])

    def gone(self, named: Collection[str]) -> list[AlarmSnapshot]:
        """Return, as normal, the alarms listed here that a whole state does not name."""
        return [_normal(row.snapshot) for row in self.index if row.snapshot.id not in named]

    def forget(self) -> None:
        """Say that the state is no longer known (link lost): rows stay, ``known`` is False."""
        if self.known:
            self.known = False
            self.changed.emit()

    def know(self) -> None:
        """Say that the whole state has been taken."""
        if not self.known:
            self.known = True
            self.changed.emit()

    def apply(self, snapshot: AlarmSnapshot) -> None:
        """Take one change."""
        self.take([snapshot])

    def take(self, snapshots: Sequence[AlarmSnapshot]) -> None:
        """Take changes that came together."""
        shown = []
        for shot in snapshots:
            if not _shown(shot):
                self.index.remove(shot.id)
                continue
            before = self.index.get(shot.id)
            row = self._row(shot)
            self.index.put(row)
            shown.append((before, row))
        for before, row in shown:
            if row.waiting and self._is_fresh(before, row):
                self.raised.emit(row)
        self.taken.emit(snapshots)
        self.changed.emit()

    def __len__(self) -> int:
        """Return how many alarms are not normal."""
        return len(self.index)

    def rows(self) -> list[AlarmRow]:
        """Return all rows, most urgent first."""
        if self._sorted[0] != self.index.version:
            slots = self.index.by_urgency(self.index.columns["present"])
            self._sorted = (self.index.version, self.index.these(slots))
        return self._sorted[1]

    def get(self, alarm_id: str) -> AlarmRow | None:
        """Return the row of one alarm, or None while it is normal."""
        return self.index.get(alarm_id)

    def waiting(self, count: int) -> list[AlarmRow]:
        """Return the most urgent alarms that nobody has acknowledged."""
        return [row for row in self.index.most_urgent(self.index.annunciated(), count) if row.waiting]

    def of_tag(self, tag: str) -> AlarmRow | None:
        """Return the most urgent annunciated alarm of a tag."""
        return next(iter(_most_urgent(self.index.of_tag(tag))), None)

    def of_equipment(self, equipment: str) -> list[AlarmRow]:
        """Return the annunciated alarms of an equipment, most urgent first."""
        return _most_urgent(self.index.of_equipment(equipment))

    def counts(self) -> dict[Priority, PriorityCount]:
        """Count annunciated alarms of each priority."""
        return self.index.counts()

    def shelved(self) -> int:
        """Count shelved alarms."""
        return self.index.suppressed(Suppression.SHELVED)

    def _is_fresh(self, before: AlarmRow | None, row: AlarmRow) -> bool:
        external = row.snapshot.external
        if external is not None and external.trunk in self.index:
            return False  # it was raised when it was the present occurrence
        if external is not None:  # a device gives a comment, too, an event id of its own
            return before is None or before.snapshot.count != row.snapshot.count or not before.snapshot.unacknowledged
        return before is None or before.snapshot.event_id != row.snapshot.event_id

    def _row(self, shot: AlarmSnapshot) -> AlarmRow:
        if shot.external is not None:
            return AlarmRow(shot.external.definition, shot)
        return AlarmRow(self._definitions.get(shot.id) or _unknown(shot.id), shot)


def _most_urgent(rows: list[AlarmRow]) -> list[AlarmRow]:
    return sorted((row for row in rows if not row.suppressed), key=urgency)


def _shown(shot: AlarmSnapshot) -> bool:
    return shot.state is not AnnunciationState.NORMAL or bool(shot.suppression)


def _normal(shot: AlarmSnapshot) -> AlarmSnapshot:
    return replace(shot, state=AnnunciationState.NORMAL, active=False, suppression=frozenset())


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
