"""High-lift pumping: demand of the town, hydraulics of unequal parallel pumps, pressure control."""

import math
import random
from collections.abc import Iterable
from typing import Final

from app.plantsim.process.motor import FAULT_INTERLOCK, VfdPump
from app.plantsim.process.pumpgroup import PumpGroup
from app.plantsim.process.readings import Readings
from app.plantsim.process.signals import Drift, Lag, clamp, day_factor

MEAN_DEMAND: Final = 12400.0
SHUT_OFF_HEAD: Final = 50.0
CURVE: Final = 4.28
NOMINAL_HEAD: Final = 38.0
EFFICIENCY: Final = 0.84 * 0.95
METRES_PER_MPA: Final = 1000 / 9.81


def pump_flow(speed: float, head: float) -> float:
    """Return the flow (m³/h) of one pump at a speed (fraction) against a head (m); never backwards."""
    return 3600 * math.sqrt(max(0.0, speed * speed * SHUT_OFF_HEAD - head) / CURVE)


def solve_head(speeds: Iterable[float], demand: float) -> float:
    """Return the head (m) where the pumps' flow meets a demand that grows with the root of pressure."""
    turning = [speed for speed in speeds if speed > 0.0]
    low, high = 0.0, SHUT_OFF_HEAD * max((speed * speed for speed in turning), default=0.0)
    for _ in range(18):
        head = (low + high) / 2
        if sum(pump_flow(speed, head) for speed in turning) > demand * math.sqrt(head / NOMINAL_HEAD):
            low = head
        else:
            high = head
    return (low + high) / 2


class Delivery:
    """Six pumps on pressure control; staging and standby takeover by the group."""

    def __init__(self, rng: random.Random) -> None:
        self.pumps = PumpGroup(
            {
                f"LZ.HL.P{n:02}": VfdPump(rng, running=n <= 3, remote=n != 6, hours=12000 + 900 * n, amp_per_kw=0.44)
                for n in range(1, 7)
            },
            up_above=0.975,
            down_below=0.905,
            least=2,
        )
        self.setpoint = 0.38
        self.demand = MEAN_DEMAND
        self._noise = Drift(rng, 0.006, 300.0)
        self.head = 38.7
        self._measured = Lag(38.7, 8.0)
        self._integral = 0.93
        self.flow = MEAN_DEMAND
        self._turbidity = Drift(rng, 0.003, 900.0)
        self._ph = Drift(rng, 0.02, 3600.0)
        self._quality = 0.02

    @property
    def power(self) -> float:
        """Electrical power of the station (kW)."""
        return sum(pump.power for pump in self.pumps.pumps.values())

    def write(self, value: float) -> None:
        """Take a pressure setpoint (MPa), clamped to 0.30 to 0.44."""
        self.setpoint = clamp(value, 0.30, 0.44)

    def step(self, dt: float, hour: float, clear_well: float, permeate_turbidity: float) -> None:
        """Advance by ``dt`` seconds; clear wells (m) at LL trip the pumps."""
        self.pumps.blocked = clear_well < 1.1
        if clear_well < 0.9:
            self.pumps.trip_all(FAULT_INTERLOCK)
        self.demand = MEAN_DEMAND * day_factor(hour) * (1 + self._noise.step(dt))
        error = self.setpoint * METRES_PER_MPA - self._measured.step(self.head, dt)
        self._integral = clamp(self._integral + 4e-4 * clamp(error, -5.0, 5.0) * dt, 0.6, 1.0)
        speed = clamp(self._integral + 0.004 * error, 0.6, 1.0)
        pumps = self.pumps.pumps.values()
        for pump in pumps:
            pump.follow(speed)
            pump.step(dt)
        self.head = solve_head((pump.speed for pump in pumps), self.demand)
        self.flow = 0.0
        for pump in pumps:
            flow = pump_flow(pump.speed, self.head) if pump.speed > 0.02 else 0.0
            power = 9.81 * flow / 3600 * self.head / EFFICIENCY + (8.0 * pump.speed**3 if pump.speed else 0.0)
            pump.set_load(flow, power)
            self.flow += flow
        self.pumps.stage(dt, speed)
        self._turbidity.step(dt)
        self._ph.step(dt)
        self._quality += (permeate_turbidity - self._quality) * min(1.0, dt / 7200)

    def read(self, out: Readings) -> None:
        """Put outlet readings and pumps into ``out``; the residual and aluminium come from their own parts."""
        for name, pump in self.pumps.pumps.items():
            pump.read(name, out)
        out["LZ.HL.OUT.FLOW"] = self.flow
        out["LZ.HL.OUT.PRES"] = self._measured.value / METRES_PER_MPA
        out["LZ.HL.OUT.PRESSP"] = self.setpoint
        out["LZ.HL.OUT.PRESREF"] = self.setpoint
        out["LZ.HL.OUT.TURB"] = max(0.015, self._quality + 0.02 + self._turbidity.value)
        out["LZ.HL.OUT.PH"] = 7.5 + self._ph.value
        out["LZ.HL.KWHM3"] = self.power / self.flow if self.flow > 500.0 else 0.0
