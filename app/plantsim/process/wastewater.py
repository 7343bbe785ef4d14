"""The tank that takes backwash water and sludge, and the pumps that empty it evenly."""

from typing import Final

from app.plantsim.process.readings import Readings
from app.plantsim.process.signals import Lag, clamp

AREA_M2: Final = 600.0
SLUDGE_SHARE: Final = 0.016
"""Of the raw flow, drawn off the basins all the time; backwashes come in gushes."""
WANTED_LEVEL: Final = 2.2
MEAN_FLOW: Final = 600.0
GAIN: Final = 300.0
"""m³/h for each metre above the wanted level."""


class WasteTank:
    """Tank 1 of the waste wash water: level held between 1 and 3.5 m by 300 to 900 m³/h."""

    def __init__(self) -> None:
        self._level = WANTED_LEVEL
        self._flow = Lag(MEAN_FLOW, 60.0)

    def step(self, dt: float, wash_flow: float, raw_flow: float) -> None:
        """Advance by ``dt`` seconds at a backwash flow and a raw flow (m³/h)."""
        self._flow.step(clamp(MEAN_FLOW + GAIN * (self._level - WANTED_LEVEL), 300.0, 900.0), dt)
        inflow = wash_flow + SLUDGE_SHARE * raw_flow
        self._level = clamp(self._level + (inflow - self._flow.value) / 3600 * dt / AREA_M2, 0.0, 5.0)

    def read(self, out: Readings) -> None:
        """Put level and discharge into ``out``."""
        out["LZ.SL.TK1.LVL"] = self._level
        out["LZ.SL.TK1.FLOW"] = self._flow.value
