"""The whole works: parts, the order in which they step, disturbances, power supply, readings, writes."""

import random
from collections.abc import Callable
from typing import Final

from app.plantsim.process.chlorine import Chlorination
from app.plantsim.process.delivery import Delivery
from app.plantsim.process.diagnostics import Diagnostics
from app.plantsim.process.intake import Intake, RawWater
from app.plantsim.process.motor import Motor
from app.plantsim.process.outlet import Outlet
from app.plantsim.process.readings import Readings
from app.plantsim.process.settling import Settling
from app.plantsim.process.signals import Drift, Lag
from app.plantsim.process.ufhall import UfHall
from app.plantsim.process.wastewater import WasteTank

DAY_S: Final = 86400.0
LONGEST_STEP_S: Final = 5.0
WARM_STEP_S: Final = 20.0
MIDNIGHT_LEVEL: Final = 2.7
ATS_FEEDER_1: Final = 1
PLCS: Final = range(1, 5)


class Supply:
    """Two 10 kV feeders, a transformer, the UPS."""

    def __init__(self, rng: random.Random) -> None:
        self._volts = [Drift(rng, 0.02, 300.0) for _ in range(2)]
        self._frequency = Drift(rng, 0.012, 20.0)
        self._factor = Drift(rng, 0.004, 300.0)
        self._transformer = Lag(62.0, 3600.0)
        self._power = 2800.0

    def step(self, dt: float, power: float) -> None:
        """Advance by ``dt`` seconds at a load (kW)."""
        self._power = power + 260.0
        self._transformer.step(38.0 + self._power / 110.0, dt)
        for drift in (*self._volts, self._frequency, self._factor):
            drift.step(dt)

    def read(self, out: Readings) -> None:
        """Put the electrical readings into ``out``."""
        out["LZ.EL.IN1.V"] = 10.22 + self._volts[0].value
        out["LZ.EL.IN2.V"] = 10.18 + self._volts[1].value
        out["LZ.EL.IN1.KW"] = self._power
        out["LZ.EL.IN1.PF"] = 0.945 + self._factor.value
        out["LZ.EL.IN1.HZ"] = 50.0 + self._frequency.value
        out["LZ.EL.T01.TEMP"] = self._transformer.value
        out["LZ.EL.UPS.SOC"] = 99.4
        out["LZ.EL.ATS.ST"] = ATS_FEEDER_1


class WaterWorks:
    """Model of the plant. Deterministic for a seed, a starting hour and a sequence of steps and writes.

    Not thread-safe; one owner steps it and reads it.
    """

    def __init__(self, *, seed: int = 1, hour: float = 10.0, temperature: float = 15.0, warm_up: bool = True) -> None:
        """Start at an hour of the day (0 to 24) in a settled daytime or night state."""
        rng = random.Random(seed)
        self.clock_s = hour * 3600.0
        self.heartbeat_s = 0.0
        self.raw = RawWater(rng, temperature)
        self.intake = Intake(rng)
        self.settling = Settling(rng, self.raw.turbidity)
        self.hall = UfHall(rng)
        self.chlorination = Chlorination(rng, MIDNIGHT_LEVEL)
        self.delivery = Delivery(rng)
        self.supply = Supply(rng)
        self.outlet = Outlet(rng, self.raw)
        self.waste = WasteTank()
        self.diagnostics = Diagnostics(rng, PLCS)
        if warm_up:
            self.settle()

    @property
    def hour(self) -> float:
        """Hour of the plant's day, 0 to 24."""
        return self.clock_s / 3600.0 % 24.0

    def settle(self, watch: Callable[[float], None] | None = None) -> None:
        """Run up to the present hour from yesterday's midnight, when the wells' level is known (1.5 s).

        ``watch`` is called after every step, with the seconds that are left to the present.
        """
        left = DAY_S + self.clock_s
        self.clock_s = -DAY_S
        while left > 0.0:
            seconds = min(left, WARM_STEP_S)
            self._step(seconds)
            left -= seconds
            if watch is not None:
                watch(left)
        self.settling.prime()

    def advance(self, seconds: float, longest_s: float = LONGEST_STEP_S) -> None:
        """Advance the plant's time, in steps of at most ``longest_s``."""
        count = max(1, round(seconds / longest_s + 0.499))
        for _ in range(count):
            self._step(seconds / count)

    def _step(self, dt: float) -> None:
        self.clock_s += dt
        self.heartbeat_s += dt
        well = self.chlorination.level
        self.raw.step(dt, self.hour)
        self.intake.step(dt, well, self.raw.level)
        self.settling.step(dt, self.raw.turbidity, self.intake.flow)
        self.hall.step(dt, self.intake.flow, self.settling.turbidity, self.raw.temperature, full=well > 4.85)
        self.delivery.step(dt, self.hour, well, self.hall.turbidity)
        self.chlorination.step(dt, self.hall.flow, self.delivery.flow, self.raw.temperature)
        self.outlet.step(dt, self.raw)
        self.waste.step(dt, self.hall.wash_flow, self.intake.flow)
        self.diagnostics.step(dt)
        self.supply.step(dt, self.intake.power + self.hall.power + self.delivery.power)

    def readings(self) -> Readings:
        """Return the true value of every tag that the model knows."""
        out: Readings = {}
        self.raw.read(out)
        self.intake.read(out)
        self.settling.read(out)
        self.hall.read(out)
        self.chlorination.read(out)
        self.delivery.read(out)
        self.supply.read(out)
        self.outlet.read(out)
        self.waste.read(out)
        self.diagnostics.read(out)
        out["LZ.HL.OUT.CL"] = self.chlorination.residual
        return out

    def write(self, tag: str, value: float) -> bool:
        """Take a value written by the control room; False where the tag takes none."""
        if tag == "LZ.CL.DOSESP":
            self.chlorination.write(value)
            return True
        if tag == "LZ.HL.OUT.PRESSP":
            self.delivery.write(value)
            return True
        name, _, member = tag.rpartition(".")
        if name in self.hall.racks:
            self.hall.racks[name].write(member, value)
        elif name in self.delivery.pumps.pumps:
            self.delivery.pumps.write(name, member, value)
        elif name in self.intake.pumps.pumps:
            self.intake.pumps.write(name, member, value)
        elif name in self.hall.auxiliaries:
            self.hall.auxiliaries[name].write(member, value)
        elif name in self.chlorination.pumps:
            self.chlorination.pumps[name].write(member, value)
        else:
            return False
        return True

    def storm(self, *, on: bool) -> None:
        """Begin or end a storm on the raw water."""
        self.raw.storm = on

    def fibre(self, rack: str, *, on: bool) -> None:
        """Break or repair membrane fibres of a rack; raises KeyError for an unknown rack."""
        self.hall.racks[rack].broken = on

    def intrusion(self, *, on: bool) -> None:
        """Open or close the hatch of clear well 1."""
        self.chlorination.intrusion = on

    def trip(self, pump: str, *, on: bool) -> None:
        """Trip a motor, or reset it; raises KeyError for an unknown one."""
        motors: dict[str, Motor] = {**self.delivery.pumps.pumps, **self.intake.pumps.pumps, **self.hall.auxiliaries}
        if on:
            motors[pump].trip()
        else:
            motors[pump].reset()
