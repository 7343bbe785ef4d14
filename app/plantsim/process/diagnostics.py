"""What the PLCs tell about themselves: telegrams of their field bus that arrived, deviation of their clocks."""

import random
from collections.abc import Iterable

from app.plantsim.process.readings import Readings
from app.plantsim.process.signals import Drift, clamp


class Diagnostics:
    """Bus quality (per cent) and clock error (ms) of each PLC; the clocks follow a time server, not quite."""

    def __init__(self, rng: random.Random, plcs: Iterable[int]) -> None:
        self._quality = {number: Drift(rng, 0.06, 600.0) for number in plcs}
        self._clock = {number: Drift(rng, 18.0, 3600.0) for number in self._quality}

    def step(self, dt: float) -> None:
        """Advance by ``dt`` seconds."""
        for drift in (*self._quality.values(), *self._clock.values()):
            drift.step(dt)

    def read(self, out: Readings) -> None:
        """Put every PLC's readings into ``out``."""
        for number in self._quality:
            out[f"LZ.SYS.PLC{number:02}.COMM"] = clamp(99.8 + self._quality[number].value, 0.0, 100.0)
            out[f"LZ.SYS.PLC{number:02}.TIMEERR"] = self._clock[number].value
