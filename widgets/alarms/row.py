"""One current alarm: its configuration and its state."""

from dataclasses import dataclass

from app.model.alarm import AlarmDefinition
from app.model.alarm_state import AlarmSnapshot


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
    def waiting(self) -> bool:
        """Whether an operator still has to acknowledge it, and is shown it."""
        return self.snapshot.unacknowledged and not self.snapshot.suppression


@dataclass(frozen=True, slots=True)
class PriorityCount:
    """How many alarms of one priority are annunciated, and how many of them are unacknowledged."""

    total: int = 0
    unacknowledged: int = 0
