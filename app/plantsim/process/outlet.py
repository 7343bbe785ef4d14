"""Quality of the delivered water that comes from the river: what the works hardly changes, hours later."""

import random
from typing import Final

from app.plantsim.process.intake import RawWater
from app.plantsim.process.readings import Readings
from app.plantsim.process.signals import Drift, Lag

RESIDENCE_S: Final = 4 * 3600.0
ADDED_CONDUCTIVITY: Final = 14.0
"""µS/cm, by coagulant and hypochlorite."""
TOC_PER_CODMN: Final = 0.55


class Outlet:
    """Conductivity, temperature and organic carbon at the outlet."""

    def __init__(self, rng: random.Random, raw: RawWater) -> None:
        self._conductivity = Lag(raw.conductivity, RESIDENCE_S)
        self._temperature = Lag(raw.temperature, RESIDENCE_S)
        self._organics = Lag(raw.cod, RESIDENCE_S)
        self._toc = Drift(rng, 0.03, 1800.0)

    def step(self, dt: float, raw: RawWater) -> None:
        """Advance by ``dt`` seconds."""
        self._conductivity.step(raw.conductivity, dt)
        self._temperature.step(raw.temperature, dt)
        self._organics.step(raw.cod, dt)
        self._toc.step(dt)

    def read(self, out: Readings) -> None:
        """Put the analysers of the outlet into ``out``."""
        out["LZ.HL.OUT.COND"] = self._conductivity.value + ADDED_CONDUCTIVITY
        out["LZ.HL.OUT.TEMP"] = self._temperature.value + 0.2
        out["LZ.HL.OUT.TOC"] = self._organics.value * TOC_PER_CODMN + self._toc.value
