"""Alarm floods: more alarms than an operator can answer (ISA-18.2). Pure: time is an argument."""

from collections import deque
from collections.abc import Iterable
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
    """Tell whether the operator is told of an occurrence by a transition: it begins, and is not suppressed."""
    shot = transition.snapshot
    told = shot.state is not AnnunciationState.NORMAL and not shot.suppression
    return transition.journalled and transition.kind.begins_occurrence and told


class FloodDetector:
    """Counts annunciated alarms in a window that moves with the time."""

    def __init__(self) -> None:
        self._times: deque[int] = deque()
        self._state = FloodState()

    @property
    def next_due_ns(self) -> int | None:
        """When a flood ends unless more alarms come; None while there is none."""
        return self._times[-ENDS_BELOW] + WINDOW_NS if self._state.active and len(self._times) >= ENDS_BELOW else None

    def restore(self, times: Iterable[int], since_ns: int | None) -> None:
        """Take over what a former run counted; ``since_ns``: the flood that had not ended began then, None: none."""
        self._times = deque(sorted([*times, *self._times]))
        if since_ns is not None and not self._state.active:
            self._state = FloodState(True, since_ns)

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
