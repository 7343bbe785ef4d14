"""Alarm floods: more alarms than an operator can answer (ISA-18.2). Pure: time is an argument."""

from collections import deque
from dataclasses import replace
from typing import Final

from app.model.alarm import AnnunciationState
from app.model.alarm_state import AlarmTransition
from app.model.clock import SECOND_NS
from app.model.flood import FloodState

WINDOW_NS: Final = 600 * SECOND_NS
BEGINS_ABOVE: Final = 10
"""A flood begins with more annunciated alarms than these within the window."""
ENDS_BELOW: Final = 5
"""It ends with fewer than these."""


def annunciates(transition: AlarmTransition) -> bool:
    """Tell whether a transition calls for the operator: an occurrence begins that is to be acknowledged."""
    shot = transition.snapshot
    return (
        transition.journalled
        and transition.kind.begins_occurrence
        and shot.state is AnnunciationState.UNACKNOWLEDGED
        and not shot.suppression
    )


class FloodDetector:
    """Counts annunciated alarms in a window that moves with the time."""

    def __init__(self) -> None:
        self._times: deque[int] = deque()
        self._state = FloodState()

    @property
    def next_due_ns(self) -> int | None:
        """When a flood ends unless more alarms come; None while there is none."""
        return self._times[-ENDS_BELOW] + WINDOW_NS if self._state.active and len(self._times) >= ENDS_BELOW else None

    def state(self, now_ns: int) -> FloodState:
        """Return the state as it is now."""
        self._forget(now_ns)
        return replace(self._state, count=len(self._times))

    def take(self, count: int, now_ns: int) -> FloodState | None:
        """Take so many annunciated alarms; returns the state where a flood began or ended."""
        self._forget(now_ns)
        self._times.extend([now_ns] * count)
        found = len(self._times)
        if not self._state.active and found > BEGINS_ABOVE:
            self._state = FloodState(True, now_ns, found)
        elif self._state.active and found < ENDS_BELOW:
            self._state = replace(self._state, active=False, count=found, ended_ns=now_ns)
        else:
            return None
        return self._state

    def _forget(self, now_ns: int) -> None:
        while self._times and self._times[0] + WINDOW_NS <= now_ns:
            self._times.popleft()
