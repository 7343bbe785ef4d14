"""Raw water quality and the intake pumping station."""

import random
from typing import Final

from app.plantsim.process.motor import VfdPump
from app.plantsim.process.pumpgroup import PumpGroup
from app.plantsim.process.readings import Readings
from app.plantsim.process.signals import Drift, Lag, clamp

RATED_FLOW: Final = 5600.0
STORM_TURBIDITY: Final = 40.0


class RawWater:
    """River water at the intake well; a storm adds 40 NTU within minutes."""

    def __init__(self, rng: random.Random, temperature: float) -> None:
        self.storm = False
        self._storm = Lag(0.0, 120.0)
        self._base_temperature = temperature
        self.temperature = temperature
        self.turbidity = 8.0
        self._turbidity = Drift(rng, 0.7, 7200.0)
        self._ph = Drift(rng, 0.05, 7200.0)
        self._ammonia = Drift(rng, 0.02, 7200.0)
        self._cod = Drift(rng, 0.15, 7200.0)
        self._algae = Drift(rng, 0.8, 7200.0)
        self._conductivity = Drift(rng, 12.0, 10800.0)
        self._level = Drift(rng, 0.08, 1800.0)
        self._day = 0.0

    @property
    def level(self) -> float:
        """Level of the intake well (m)."""
        return 4.4 + self._level.value + 0.15 * self._storm.value

    @property
    def cod(self) -> float:
        """CODMn (mg/L)."""
        return 2.6 + self._cod.value + 1.2 * self._storm.value

    @property
    def conductivity(self) -> float:
        """Conductivity (µS/cm)."""
        return 455.0 + self._conductivity.value - 60.0 * self._storm.value

    def step(self, dt: float, hour: float) -> None:
        """Advance by ``dt`` seconds at an hour of the day."""
        self._day = 1.0 - abs(((hour - 14.0 + 12.0) % 24.0) - 12.0) / 6.0
        for drift in (
            self._turbidity, self._ph, self._ammonia, self._cod, self._algae, self._conductivity, self._level,
        ):  # fmt: skip
            drift.step(dt)
        storm = self._storm.step(1.0 if self.storm else 0.0, dt)
        self.temperature = self._base_temperature + 0.4 * self._day
        self.turbidity = max(2.5, 8.0 + self._turbidity.value + STORM_TURBIDITY * storm)

    def read(self, out: Readings) -> None:
        """Put the readings of the raw water analysers into ``out``."""
        storm = self._storm.value
        out["LZ.RW.INT.LVL"] = self.level
        out["LZ.RW.INT.TURB"] = self.turbidity
        out["LZ.RW.INT.TEMP"] = self.temperature
        out["LZ.RW.INT.PH"] = 7.95 + self._ph.value + 0.05 * self._day - 0.2 * storm
        out["LZ.RW.INT.NH3"] = max(0.02, 0.12 + self._ammonia.value + 0.1 * storm)
        out["LZ.RW.INT.CODMN"] = self.cod
        out["LZ.RW.INT.ALGAE"] = max(1.0, 6.0 + self._algae.value + 1.5 * self._day)
        out["LZ.RW.INT.COND"] = self.conductivity


class Intake:
    """Four pumps that bring the wanted raw flow (m³/h)."""

    def __init__(self, rng: random.Random) -> None:
        self.pumps = PumpGroup(
            {
                f"LZ.RW.P{n:02}": VfdPump(rng, running=n <= 3, hours=9000 + 1700 * n, amp_per_kw=0.95)
                for n in range(1, 5)
            },
            up_above=0.97,
            down_below=0.60,
            least=2,
        )
        self.target = 13025.0
        self.flow = self.target
        self._filter = Lag(self.target, 15.0)
        self._trim_s = 0.0

    def step(self, dt: float, clear_well: float, raw_level: float) -> None:
        """Advance by ``dt`` seconds; the target follows the clear wells' level (m) every half hour."""
        self._trim_s += dt
        if self._trim_s >= 1800.0:
            self._trim_s = 0.0
            self.target = clamp(13025.0 + 2000.0 * (2.9 - clear_well), 9500.0, 16000.0)
        self.pumps.blocked = raw_level < 1.0 or clear_well > 4.85
        automatic = sum(p.active and not p.manual for p in self.pumps.pumps.values())
        fixed = sum(RATED_FLOW * p.speed for p in self.pumps.pumps.values() if p.manual)
        speed = clamp((self.target - fixed) / (RATED_FLOW * max(1, automatic)), 0.6, 1.0)
        total = 0.0
        for pump in self.pumps.pumps.values():
            pump.follow(speed)
            pump.step(dt)
            flow = RATED_FLOW * pump.speed
            pump.set_load(flow, flow / 3600 * 9.81 * (13.0 + 4.0 * pump.speed**2) / 0.8 if pump.speed else 0.0)
            total += flow
        self.flow = self._filter.step(total, dt)
        self.pumps.stage(dt, speed)

    @property
    def power(self) -> float:
        """Electrical power of the station (kW)."""
        return sum(pump.power for pump in self.pumps.pumps.values())

    def read(self, out: Readings) -> None:
        """Put flow and pumps into ``out``."""
        out["LZ.RW.INT.FLOW"] = self.flow
        for name, pump in self.pumps.pumps.items():
            pump.read(name, out)
