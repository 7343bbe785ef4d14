"""The annunciation states of ISA-18.2 as one table: what follows a state and an event. No I/O, no time.

Suppression stands beside the table as a set: while it is not empty, nothing of this applies.
"""

from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from typing import Final

from app.model.alarm import AlarmEventKind, AnnunciationState


class AlarmInput(StrEnum):
    """What can happen to an alarm."""

    ACTIVATE = "activate"
    """The condition became true (after its on-delay)."""
    CLEAR = "clear"
    """The condition became false (after its off-delay)."""
    ACKNOWLEDGE = "acknowledge"
    RESET = "reset"
    """An operator ends a latched alarm."""
    REALARM = "realarm"
    """It was acknowledged and is active for the time after which it annunciates anew."""
    ESCALATE = "escalate"
    """Nobody acknowledged it in the time given for that."""


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the table: the state that follows, what is journalled, and whether an occurrence begins."""

    to: AnnunciationState
    journal: AlarmEventKind
    new_occurrence: bool = False


_A: Final = AnnunciationState.NORMAL
_B: Final = AnnunciationState.UNACKNOWLEDGED
_C: Final = AnnunciationState.ACKNOWLEDGED
_D: Final = AnnunciationState.RETURNED
_E: Final = AnnunciationState.LATCHED_UNACKNOWLEDGED
_F: Final = AnnunciationState.LATCHED_ACKNOWLEDGED
_ALARM: Final = AlarmEventKind.ALARM
_RETURN: Final = AlarmEventKind.RETURN
_ACK: Final = AlarmEventKind.ACKNOWLEDGE
_ANY: Final = (False, True)
_YES: Final = (True,)
_NO: Final = (False,)

_ROWS: Final = (
    # from, event, where an acknowledgement is required, where it is latched: what follows
    (_A, AlarmInput.ACTIVATE, _YES, _ANY, Step(_B, _ALARM, new_occurrence=True)),
    (_A, AlarmInput.ACTIVATE, _NO, _ANY, Step(_C, _ALARM, new_occurrence=True)),
    (_B, AlarmInput.CLEAR, _YES, _NO, Step(_D, _RETURN)),
    (_B, AlarmInput.CLEAR, _NO, _NO, Step(_A, _RETURN)),
    (_B, AlarmInput.CLEAR, _ANY, _YES, Step(_E, _RETURN)),
    (_B, AlarmInput.ACKNOWLEDGE, _ANY, _ANY, Step(_C, _ACK)),
    (_B, AlarmInput.ESCALATE, _ANY, _ANY, Step(_B, AlarmEventKind.ESCALATE)),
    (_C, AlarmInput.CLEAR, _ANY, _NO, Step(_A, _RETURN)),
    (_C, AlarmInput.CLEAR, _ANY, _YES, Step(_F, _RETURN)),
    (_C, AlarmInput.REALARM, _YES, _ANY, Step(_B, AlarmEventKind.REALARM, new_occurrence=True)),
    (_D, AlarmInput.ACTIVATE, _YES, _ANY, Step(_B, _ALARM, new_occurrence=True)),
    (_D, AlarmInput.ACTIVATE, _NO, _ANY, Step(_C, _ALARM, new_occurrence=True)),
    (_D, AlarmInput.ACKNOWLEDGE, _ANY, _ANY, Step(_A, _ACK)),
    (_E, AlarmInput.ACTIVATE, _YES, _ANY, Step(_B, _ALARM, new_occurrence=True)),
    (_E, AlarmInput.ACTIVATE, _NO, _ANY, Step(_C, _ALARM, new_occurrence=True)),
    (_E, AlarmInput.ACKNOWLEDGE, _ANY, _ANY, Step(_F, _ACK)),
    (_F, AlarmInput.ACTIVATE, _YES, _ANY, Step(_B, _ALARM, new_occurrence=True)),
    (_F, AlarmInput.ACTIVATE, _NO, _ANY, Step(_C, _ALARM, new_occurrence=True)),
    (_F, AlarmInput.RESET, _ANY, _ANY, Step(_A, AlarmEventKind.RESET)),
)

TRANSITIONS: Final[dict[tuple[AnnunciationState, AlarmInput, bool, bool], Step | None]] = {
    **dict.fromkeys(product(AnnunciationState, AlarmInput, _ANY, _ANY)),
    **{
        (state, event, required, latched): step
        for state, event, requireds, latcheds, step in _ROWS
        for required, latched in product(requireds, latcheds)
    },
}
"""What follows (from, event, acknowledgement required, latched); None: nothing changes, nothing is journalled."""


def step(state: AnnunciationState, event: AlarmInput, *, ack_required: bool, latched: bool) -> Step | None:
    """Return the row for a state and an event, or None where nothing changes."""
    return TRANSITIONS[state, event, ack_required, latched]
