"""One ultrafiltration rack: membrane resistance, the step sequence, integrity test."""

import math
import random
from enum import IntEnum
from typing import Final

from app.plantsim.process.readings import Readings
from app.plantsim.process.signals import Drift, Lag, clamp

AREA_M2: Final = 26000.0
CLEAN_RESISTANCE: Final = 2.2e12
CYCLE_S: Final = 2700.0
CEB_EVERY: Final = 32
MAX_FLOW: Final = 2040.0
BACKWASH_FLOW: Final = 3920.0
SOUND_DECAY: Final = 0.22
FAIL_DECAY: Final = 1.0
VALVE_S: Final = 3.0


class Step(IntEnum):
    """Values of the STEP member."""

    STANDBY = 0
    FILTRATION = 1
    BACKWASH = 2
    AIR_SCOUR = 3
    DRAIN = 4
    FORWARD_FLUSH = 5
    CEB_DOSING = 6
    CEB_SOAK = 7
    RINSE = 8
    INTEGRITY_TEST = 9
    CIP = 10
    FAULT = 11
    OFFLINE = 12


_WASH: Final = (Step.AIR_SCOUR, Step.BACKWASH, Step.DRAIN, Step.FORWARD_FLUSH)
_CEB: Final = (Step.CEB_DOSING, Step.CEB_SOAK, Step.RINSE)
SECONDS: Final = {
    Step.AIR_SCOUR: 20.0,
    Step.BACKWASH: 40.0,
    Step.DRAIN: 15.0,
    Step.FORWARD_FLUSH: 15.0,
    Step.CEB_DOSING: 60.0,
    Step.CEB_SOAK: 300.0,
    Step.RINSE: 60.0,
    Step.INTEGRITY_TEST: 30.0,
}


def viscosity(temperature: float) -> float:
    """Return the viscosity of water (Pa·s) at a temperature (°C)."""
    t = temperature
    return 1.784e-3 * math.exp(-0.0575 * t + 0.0011 * t * t - 1e-5 * t**3)


class Valve:
    """An on/off valve: 0 closed, 1 opening, 2 open, 3 closing."""

    def __init__(self, *, is_open: bool) -> None:
        self.state = 2 if is_open else 0
        self._timer = 0.0

    def step(self, dt: float, *, wanted: bool) -> None:
        """Travel for ``dt`` seconds towards the wanted position."""
        if wanted and self.state in {0, 3}:
            self.state, self._timer = 1, 0.0
        elif not wanted and self.state in {1, 2}:
            self.state, self._timer = 3, 0.0
        elif self.state in {1, 3}:
            self._timer += dt
            if self._timer >= VALVE_S:
                self.state = 2 if self.state == 1 else 0


class Rack:
    """A rack of 26 000 m². The hall asks ``wants_wash`` and lets one rack at a time wash."""

    def __init__(self, rng: random.Random, *, online: bool, age: float) -> None:
        """Start with an age (0 to 1) of the filtration cycle."""
        self._rng = rng
        self.step_now = Step.FILTRATION if online else Step.OFFLINE
        self.remote = True
        self.setpoint = 1720.0
        self.cycle_s = age * CYCLE_S if online else 0.0
        self.washes = rng.randrange(400, 900)
        self._since_ceb = rng.randrange(CEB_EVERY)
        self._timer = 0.0
        self._queue: list[Step] = []
        self._reversible = age * 2.5e11
        self._irreversible = rng.uniform(1.0e11, 3.0e11)
        self._flow = Lag(1800.0 if online else 0.0, 6.0)
        self._turbidity = Drift(rng, 0.28, 240.0)
        self._particles = Drift(rng, 0.4, 120.0)
        self._leak = Lag(0.0, 20.0)
        self.broken = False
        self.high_s = 0.0
        self.decay = SOUND_DECAY + rng.uniform(-0.05, 0.1)
        self.tmp = 0.0
        self.permeability = 185.0
        self.feed_valve = Valve(is_open=online)
        self.permeate_valve = Valve(is_open=online)
        self._feed_turbidity = 0.9
        self.feed_pressure = 168.0
        self.wash_requested = False
        self.wash_water = True
        self.last_wash_flow = BACKWASH_FLOW
        self._wash_peak = 0.0

    @property
    def filtering(self) -> bool:
        """Whether it produces."""
        return self.step_now is Step.FILTRATION

    @property
    def washing(self) -> bool:
        """Whether it holds the backwash equipment."""
        return self.step_now in _WASH or self.step_now in _CEB

    @property
    def flow(self) -> float:
        """Permeate flow (m³/h)."""
        return self._flow.value

    @property
    def flux(self) -> float:
        """Flux (L/m²h)."""
        return self.flow / AREA_M2 * 1000

    @property
    def turbidity(self) -> float:
        """Permeate turbidity (NTU)."""
        return 0.015 + 0.004 * math.exp(self._turbidity.value) + self._leak.value * (0.12 + 0.05 * self._feed_turbidity)

    @property
    def wants_wash(self) -> bool:
        """Whether a backwash is due or was asked for."""
        return self.filtering and (self.wash_requested or self.cycle_s >= CYCLE_S)

    def write(self, member: str, value: float) -> None:
        """Take a command (1 start, 2 stop, 3 backwash, 4 integrity test) or the flow setpoint; only in remote."""
        if not self.remote:
            return
        if member == "FLOWSP":
            self.setpoint = clamp(value, 900.0, 2100.0)
        elif member == "CMD":
            self._command(int(value))

    def _command(self, code: int) -> None:
        if code == 1 and self.step_now in {Step.STANDBY, Step.OFFLINE, Step.FAULT}:
            self._enter(Step.FILTRATION)
        elif code == 2 and self.step_now not in {Step.OFFLINE, Step.CIP}:
            self._queue.clear()
            self._enter(Step.STANDBY)
        elif code == 3 and self.filtering:
            self.wash_requested = True
        elif code == 4 and self.step_now in {Step.FILTRATION, Step.STANDBY, Step.OFFLINE}:
            self._queue.clear()
            self._enter(Step.INTEGRITY_TEST)

    def begin_wash(self) -> None:
        """Start the backwash sequence; every 32nd one continues with a chemically enhanced backwash."""
        self.wash_requested = False
        self._since_ceb += 1
        steps = list(_WASH)
        if self._since_ceb >= CEB_EVERY:
            self._since_ceb = 0
            steps += _CEB
        self._queue = steps[1:]
        self._enter(steps[0])

    def _enter(self, step: Step) -> None:
        self.step_now = step
        self._timer = 0.0
        if step is Step.FILTRATION:
            self.cycle_s = 0.0

    def step(self, dt: float, share: float, feed_turbidity: float, temperature: float) -> None:
        """Advance by ``dt`` seconds; ``share`` scales the flow setpoint to what the hall has to produce."""
        self._feed_turbidity = feed_turbidity
        self._timer += dt
        self._sequence()
        filtering = self.filtering
        self.feed_valve.step(dt, wanted=filtering)
        self.permeate_valve.step(dt, wanted=filtering)
        self._flow.step(min(self.setpoint * share, MAX_FLOW) if filtering else 0.0, dt)
        if not filtering and self._flow.value < 20.0:
            self._flow.value = 0.0
        self._foul(dt, feed_turbidity, temperature)
        self._turbidity.step(dt)
        self._particles.step(dt)
        self._leak.step(1.0 if self.broken and filtering else 0.0, dt)
        self.high_s = self.high_s + dt if filtering and self.turbidity > 0.15 else 0.0
        if self.high_s > 900.0:
            self.high_s = 0.0
            self._enter(Step.INTEGRITY_TEST)

    def _sequence(self) -> None:
        self._wash_peak = max(self._wash_peak, self.wash_flow)
        limit = SECONDS.get(self.step_now)
        if limit is None or self._timer < limit:
            return
        if self.step_now is Step.BACKWASH:
            self.last_wash_flow, self._wash_peak = self._wash_peak, 0.0
        if self.step_now is Step.BACKWASH and self.wash_water:
            self.washes += 1
            self._irreversible += 0.003 * self._reversible
            self._reversible *= 0.02
        elif self.step_now is Step.CEB_SOAK:
            self._irreversible = 0.8e11 + 0.3 * max(0.0, self._irreversible - 0.8e11)
        elif self.step_now is Step.INTEGRITY_TEST:
            self.decay = (1.6 if self.broken else SOUND_DECAY) + self._rng.uniform(-0.05, 0.1)
            self._enter(Step.OFFLINE if self.decay > FAIL_DECAY else Step.FILTRATION)
            return
        self._enter(self._queue.pop(0) if self._queue else Step.FILTRATION)

    def _foul(self, dt: float, feed_turbidity: float, temperature: float) -> None:
        flux = self.flux
        if self.filtering:
            self.cycle_s += dt
            self._reversible += 6e12 * feed_turbidity * flux / 1000 / 3600 * dt
        resistance = CLEAN_RESISTANCE + self._reversible + self._irreversible
        self.tmp = viscosity(temperature) * flux / 3.6e6 * resistance / 1000
        if self.filtering and self.tmp > 5.0:
            self.permeability = flux / (self.tmp / 100) * viscosity(temperature) / viscosity(20.0)

    @property
    def wash_flow(self) -> float:
        """Backwash flow (m³/h) that it takes now."""
        if self.step_now is Step.BACKWASH and self.wash_water:
            return BACKWASH_FLOW * clamp(self._timer / 4.0, 0.0, 1.0)
        return 0.0

    def read(self, name: str, out: Readings) -> None:
        """Put all members into ``out``."""
        limit = SECONDS.get(self.step_now, CYCLE_S)
        done = self.cycle_s if self.filtering else self._timer
        resting = self.step_now in {Step.STANDBY, Step.OFFLINE, Step.FAULT}
        inlet = self.feed_pressure - (6.0 if self.filtering else 0.0)
        out[f"{name}.FLOW"] = self.flow
        out[f"{name}.FLUX"] = self.flux
        out[f"{name}.TMP"] = self.tmp
        out[f"{name}.PERM"] = self.permeability
        out[f"{name}.PTURB"] = self.turbidity
        out[f"{name}.PRTCL"] = max(0.2, 2.0 + self._particles.value + 60.0 * self._leak.value)
        out[f"{name}.PIN"] = inlet
        out[f"{name}.POUT"] = inlet - self.tmp if self.filtering else 0.0
        out[f"{name}.STEP"] = int(self.step_now)
        out[f"{name}.CYCT"] = self.cycle_s if self.filtering else 0.0  # already 0 when filtration is announced
        out[f"{name}.BWQ"] = self.wash_flow
        out[f"{name}.BWQLAST"] = self.last_wash_flow
        out[f"{name}.BWCNT"] = self.washes
        out[f"{name}.PDT"] = self.decay
        out[f"{name}.LRV"] = 4.9 - math.log10(self.decay / 0.2)
        out[f"{name}.NEXTBW"] = max(0.0, CYCLE_S - self.cycle_s) / 60 if self.filtering else 0.0
        out[f"{name}.PROG"] = 0.0 if resting else clamp(100 * done / limit, 0.0, 100.0)
        out[f"{name}.LR"] = self.remote
        out[f"{name}.CMD"] = 0
        out[f"{name}.FLOWSP"] = self.setpoint
        out[f"{name}.FLOWREF"] = self.setpoint
        out[f"{name}.FV"] = self.feed_valve.state
        out[f"{name}.PV"] = self.permeate_valve.state
