"""Coagulation and sedimentation: dose, streaming current, four basins."""

import math
import random
from typing import Final

from app.plantsim.process.readings import Readings
from app.plantsim.process.signals import Delay, Drift, Lag

TANK_AREA: Final = 10.0
SCRAPER_RUNNING: Final = 2


def best_dose(turbidity: float) -> float:
    """Return the coagulant dose (mg/L) that settles best at a raw turbidity (NTU)."""
    return 12.0 + 1.8 * math.pow(max(turbidity, 0.0), 0.6)


def settled(turbidity: float, dose: float) -> float:
    """Return the steady settled turbidity (NTU) of a raw turbidity (NTU) and a dose (mg/L)."""
    best = best_dose(turbidity)
    return 0.55 + 0.012 * turbidity + 6.0 * ((dose - best) / best) ** 2


class Settling:
    """Mixing, flocculation and four basins; the dose follows raw turbidity with a lag of 30 min."""

    def __init__(self, rng: random.Random, raw_turbidity: float) -> None:
        self._dose = Lag(best_dose(raw_turbidity), 1800.0)
        self._delay = Delay(settled(raw_turbidity, self._dose.value), 1200.0)
        self._basins = [Lag(self._delay.value, 5400.0 * factor) for factor in (0.95, 1.0, 1.05, 1.1)]
        self._factor = (0.96, 1.0, 1.05, 1.09)
        self._wander = [Drift(rng, 0.03, 900.0) for _ in self._basins]
        self._sludge = [0.45, 0.55, 0.62, 0.5]
        self._tank = 0.69
        self._refill = False
        self._current = Drift(rng, 1.6, 300.0)
        self._ph = Drift(rng, 0.03, 1800.0)
        self._residual = Drift(rng, 0.015, 3600.0)
        self._flow = 0.0
        self._error = 0.0

    @property
    def turbidity(self) -> float:
        """Mean settled turbidity (NTU), the feed of the membranes."""
        return sum(self._basin(i) for i in range(4)) / 4

    def _basin(self, index: int) -> float:
        return self._basins[index].value * self._factor[index] + self._wander[index].value

    def step(self, dt: float, raw_turbidity: float, raw_flow: float) -> None:
        """Advance by ``dt`` seconds at a raw turbidity (NTU) and flow (m³/h)."""
        self._flow = raw_flow
        best = best_dose(raw_turbidity)
        dose = self._dose.step(best, dt)
        self._error = (dose - best) / best
        arrived = self._delay.step(settled(raw_turbidity, dose), dt)
        for basin, wander in zip(self._basins, self._wander, strict=True):
            basin.step(arrived, dt)
            wander.step(dt)
        for i, level in enumerate(self._sludge):
            self._sludge[i] = level + dt * 4e-6 * (1 + 0.1 * i) if level < 0.85 else 0.4
        self._tank -= self.pac_flow / 1000 / TANK_AREA * dt / 3600
        if self._tank < 0.5:
            self._refill = True
        if self._refill:
            self._tank += dt / 3600 * 3.0
            self._refill = self._tank < 2.4
        for drift in (self._current, self._ph, self._residual):
            drift.step(dt)

    def prime(self) -> None:
        """Set the day tank to just below its low limit: the one standing alarm of a calm plant."""
        self._tank = 0.66
        self._refill = False

    @property
    def pac_flow(self) -> float:
        """Coagulant flow (L/h) at 200 g/L."""
        return self._dose.value * self._flow / 200.0

    def read(self, out: Readings) -> None:
        """Put coagulation and basin readings into ``out``."""
        out["LZ.CG.PAC.DOSE"] = self._dose.value
        out["LZ.CG.PAC.FLOW"] = self.pac_flow
        out["LZ.CG.PAC.TANKLVL"] = self._tank
        out["LZ.CG.MIX.G"] = 610.0 + 160.0 * (self._flow / 14000.0) ** 1.5
        out["LZ.CG.FLC.SCD"] = self._current.value + 60.0 * self._error
        out["LZ.CG.FLC.SPD"] = 3.6
        out["LZ.SD.OUT.PH"] = 7.45 + self._ph.value
        for i in range(4):
            name = f"LZ.SD.B{i + 1:02}"
            out[f"{name}.TURB"] = self._basin(i)
            out[f"{name}.SLG"] = self._sludge[i]
            out[f"{name}.SCR"] = SCRAPER_RUNNING
        out["LZ.HL.OUT.AL"] = max(0.01, 0.06 + self._residual.value + 0.05 * abs(self._error))
