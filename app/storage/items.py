"""What belongs together and is stored together."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.model.alarm_state import AlarmSnapshot
from app.model.journal import JournalRow
from app.security import AuditEntry


@dataclass(frozen=True, slots=True)
class JournalItem:
    """Journal rows, with the states of alarms and the audit entries that go with them.

    Attributes:
        blind: the states come from a run that does not know yet how the run before left the alarms (the database was
            away at its start): what that had shelved or taken out of service stays stored as it is.

    """

    rows: Sequence[JournalRow] = field(default_factory=tuple)
    snapshots: Sequence[AlarmSnapshot] = field(default_factory=tuple)
    audit: Sequence[AuditEntry] = field(default_factory=tuple)
    blind: bool = False
