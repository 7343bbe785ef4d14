"""The annunciation states of ISA-18.2 as one table: what follows a state and an event. No I/O, no time.

Latched states and operator RESET come as further rows; suppression stands beside the table as a set.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.model.alarm import AlarmEventKind, AnnunciationState


class AlarmInput(StrEnum):
    """What can happen to an alarm."""

    ACTIVATE = "activate"
    """The condition became true (after its on-delay)."""
    CLEAR = "clear"
    """The condition became false (after its off-delay)."""
    ACKNOWLEDGE = "acknowledge"


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
_ALARM: Final = AlarmEventKind.ALARM
_RETURN: Final = AlarmEventKind.RETURN
_ACK: Final = AlarmEventKind.ACKNOWLEDGE

TRANSITIONS: Final[dict[tuple[AnnunciationState, AlarmInput, bool], Step | None]] = {
    # (from, event, acknowledgement required): what follows; None: nothing changes, nothing is journalled
    (_A, AlarmInput.ACTIVATE, True): Step(_B, _ALARM, new_occurrence=True),
    (_A, AlarmInput.ACTIVATE, False): Step(_C, _ALARM, new_occurrence=True),
    (_A, AlarmInput.CLEAR, True): None,
    (_A, AlarmInput.CLEAR, False): None,
    (_A, AlarmInput.ACKNOWLEDGE, True): None,
    (_A, AlarmInput.ACKNOWLEDGE, False): None,
    (_B, AlarmInput.ACTIVATE, True): None,
    (_B, AlarmInput.ACTIVATE, False): None,
    (_B, AlarmInput.CLEAR, True): Step(_D, _RETURN),
    (_B, AlarmInput.CLEAR, False): Step(_A, _RETURN),
    (_B, AlarmInput.ACKNOWLEDGE, True): Step(_C, _ACK),
    (_B, AlarmInput.ACKNOWLEDGE, False): Step(_C, _ACK),
    (_C, AlarmInput.ACTIVATE, True): None,
    (_C, AlarmInput.ACTIVATE, False): None,
    (_C, AlarmInput.CLEAR, True): Step(_A, _RETURN),
    (_C, AlarmInput.CLEAR, False): Step(_A, _RETURN),
    (_C, AlarmInput.ACKNOWLEDGE, True): None,
    (_C, AlarmInput.ACKNOWLEDGE, False): None,
    (_D, AlarmInput.ACTIVATE, True): Step(_B, _ALARM, new_occurrence=True),
    (_D, AlarmInput.ACTIVATE, False): Step(_C, _ALARM, new_occurrence=True),
    (_D, AlarmInput.CLEAR, True): None,
    (_D, AlarmInput.CLEAR, False): None,
    (_D, AlarmInput.ACKNOWLEDGE, True): Step(_A, _ACK),
    (_D, AlarmInput.ACKNOWLEDGE, False): Step(_A, _ACK),
}


def step(state: AnnunciationState, event: AlarmInput, *, ack_required: bool) -> Step | None:
    """Return the row for a state and an event, or None where nothing changes."""
    return TRANSITIONS[state, event, ack_required]
