"""Chlorination and the clear wells: dosing, three stirred tanks in series, level."""

import random
from typing import Final

from app.plantsim.process.readings import Readings
from app.plantsim.process.signals import Delay, Drift, Lag, clamp

WELL_AREA: Final = 5000.0
WELLS: Final = 3
SOLUTION_G_L: Final = 100.0
TANK_AREA: Final = 12.0


class DosingPump:
    """A metering pump: state 0 stopped, 2 running, 4 fault; stroke in per cent."""

    def __init__(self, *, running: bool) -> None:
        self.state = 2 if running else 0
        self.flow = 0.0

    def write(self, member: str, value: float) -> None:
        """Take a command: 1 start, 2 stop, 3 reset."""
        if member != "CMD":
            return
        code = int(value)
        if code == 1 and self.state == 0:
            self.state = 2
        elif (code == 2 and self.state == 2) or (code == 3 and self.state == 4):
            self.state = 0

    def read(self, name: str, out: Readings) -> None:
        """Put all members into ``out``."""
        out[f"{name}.ST"] = self.state
        out[f"{name}.FLOW"] = self.flow
        out[f"{name}.STROKE"] = self.flow / 4.0
        out[f"{name}.LR"] = True
        out[f"{name}.CMD"] = 0


class Chlorination:
    """Doses in proportion to flow with a trim on the residual, and follows it through the clear wells."""

    def __init__(self, rng: random.Random, level: float) -> None:
        self.level = level
        self.setpoint = 1.30
        self._trim = 0.0
        self._trim_s = 0.0
        self._delay = Delay(self.setpoint, 60.0, 5.0)
        self.residuals = [0.86, 0.83, 0.80]
        self._analyser = Lag(0.8, 120.0)
        self._pre = Drift(rng, 0.02, 1200.0)
        self._tank = 3.1
        self.pumps = {"LZ.CL.P01": DosingPump(running=True), "LZ.CL.P02": DosingPump(running=False)}
        self.intrusion = False
        self._flow = 0.0

    @property
    def dose(self) -> float:
        """Dose (mg/L) that reaches the water."""
        return self.setpoint + self._trim if any(pump.state == 2 for pump in self.pumps.values()) else 0.0

    @property
    def residual(self) -> float:
        """Residual (mg/L) that the analyser at the outlet shows."""
        return self._analyser.value

    def write(self, value: float) -> None:
        """Take a dose setpoint (mg/L), clamped to 0.6 to 2.2."""
        self.setpoint = clamp(value, 0.6, 2.2)

    def step(self, dt: float, inflow: float, outflow: float, temperature: float) -> None:
        """Advance by ``dt`` seconds at flows in and out (m³/h) and a water temperature (°C)."""
        self._flow = inflow
        self.level = clamp(self.level + (inflow - outflow) / 3600 * dt / (WELL_AREA * WELLS), 0.0, 5.0)
        self._trim_s += dt
        if self._trim_s >= 60.0:
            self._trim_s = 0.0
            self._trim = clamp(self._trim + 0.02 * (0.80 - self.residual), -0.15, 0.15)
        incoming = max(0.0, self._delay.step(self.dose, dt) - 0.45)
        decay = 0.02 * 1.08 ** (temperature - 20.0)
        volume = max(500.0, self.level * WELL_AREA)
        previous = incoming
        for i, content in enumerate(self.residuals):
            self.residuals[i] = content + dt / 3600 * (outflow / volume * (previous - content) - decay * content)
            previous = content
        self._analyser.step(self.residuals[-1], dt)
        self._pre.step(dt)
        running = [pump for pump in self.pumps.values() if pump.state == 2]
        for pump in self.pumps.values():
            share = 1 / len(running) if pump.state == 2 else 0.0
            pump.flow = self.dose * self._flow / SOLUTION_G_L * share
        self._tank -= sum(pump.flow for pump in running) / 1000 / TANK_AREA * dt / 3600
        if self._tank < 1.7:
            self._tank = 3.8

    def read(self, out: Readings) -> None:
        """Put dosing and clear wells into ``out``."""
        out["LZ.CL.DOSE"] = self.dose
        out["LZ.CL.DOSESP"] = self.setpoint
        out["LZ.CL.DOSEREF"] = self.setpoint
        out["LZ.CL.TANK.LVL"] = self._tank
        out["LZ.CL.LEAK"] = 0.0
        out["LZ.CL.PRE.RES"] = 0.25 + self._pre.value
        for name, pump in self.pumps.items():
            pump.read(name, out)
        for i, offset in enumerate((0.03, 0.0, -0.03)):
            name = f"LZ.CW.T{i + 1}"
            level = clamp(self.level + offset, 0.0, 5.0)
            out[f"{name}.LVL"] = level
            out[f"{name}.VOL"] = level * WELL_AREA
            out[f"{name}.CL"] = self.residuals[i]
            out[f"{name}.INTRUDE"] = self.intrusion and i == 0
