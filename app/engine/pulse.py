"""Heartbeat in the store, and how late the event loop wakes."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final

from app.model.clock import Clock

PERIOD_S: Final = 0.5
KEPT: Final = 20


class Pulse:
    """Beats twice a second; ``lag_ms`` is the worst lateness of the last ten seconds."""

    def __init__(self, beat: Callable[[int], object], clock: Clock) -> None:
        self._beat = beat
        self._clock = clock
        self._lags: deque[float] = deque([0.0], maxlen=KEPT)

    @property
    def lag_ms(self) -> float:
        """Worst lateness of a beat in the last ten seconds (ms)."""
        return max(self._lags)

    async def run(self) -> None:
        """Beat until cancelled."""
        while True:
            self._beat(self._clock.now_ns())
            due = self._clock.monotonic() + PERIOD_S
            await asyncio.sleep(PERIOD_S)
            self._lags.append(max(0.0, (self._clock.monotonic() - due) * 1000))
