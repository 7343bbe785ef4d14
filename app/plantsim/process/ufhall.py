"""The ultrafiltration hall: eight racks, one washing at a time, backwash pumps and blower."""

import random
from typing import Final

from app.plantsim.process.motor import Motor, MotorState
from app.plantsim.process.rack import Rack, Step
from app.plantsim.process.readings import Readings
from app.plantsim.process.signals import Drift, clamp

RACKS: Final = 8
FEED_PER_RAW: Final = 0.952
BACKWASH_PUMPS: Final = ("LZ.UF.BWP01", "LZ.UF.BWP02")


class UfHall:
    """Shares the wanted production among the filtering racks and sequences their backwashes."""

    def __init__(self, rng: random.Random) -> None:
        self.racks = {
            f"LZ.UF.R{n:02}": Rack(rng, online=n != RACKS, age=((n * 3) % RACKS) / RACKS) for n in range(1, RACKS + 1)
        }
        self.auxiliaries = {
            "LZ.UF.BWP01": Motor(hours=5210.0),
            "LZ.UF.BWP02": Motor(hours=4980.0),
            "LZ.UF.BLW01": Motor(hours=3115.0),
        }
        self._pressure = Drift(rng, 2.0, 60.0)
        self._recovery = Drift(rng, 0.15, 900.0)
        self._ceb_level = 1.84
        self._feed_turbidity = 0.9
        self._duty = "LZ.UF.BWP01"
        self._sequenced: set[str] = set()

    @property
    def flow(self) -> float:
        """Combined permeate flow (m³/h)."""
        return sum(rack.flow for rack in self.racks.values())

    @property
    def filtering(self) -> int:
        """Number of racks that produce."""
        return sum(rack.filtering for rack in self.racks.values())

    @property
    def washing(self) -> int:
        """Number of racks in backwash or chemical cleaning."""
        return sum(rack.washing for rack in self.racks.values())

    @property
    def wash_flow(self) -> float:
        """Backwash flow (m³/h) that the racks take now."""
        return sum(rack.wash_flow for rack in self.racks.values())

    @property
    def turbidity(self) -> float:
        """Combined permeate turbidity (NTU)."""
        flow = self.flow
        if flow < 1.0:
            return 0.02
        return sum(rack.turbidity * rack.flow for rack in self.racks.values()) / flow

    @property
    def power(self) -> float:
        """Electrical power of the hall (kW)."""
        return 0.027 * self.flow + 90.0 * sum(motor.speed for motor in self.auxiliaries.values())

    def step(self, dt: float, raw_flow: float, feed_turbidity: float, temperature: float, *, full: bool) -> None:
        """Advance by ``dt`` seconds; ``full`` (clear wells at HH) holds production."""
        self._feed_turbidity = feed_turbidity
        wanted = 0.0 if full else raw_flow * FEED_PER_RAW
        setpoints = sum(rack.setpoint for rack in self.racks.values() if rack.filtering)
        share = clamp(wanted / setpoints, 0.0, 1.35) if setpoints else 0.0
        for rack in self.racks.values():
            rack.step(dt, share, feed_turbidity, temperature)
            rack.feed_pressure = 168.0 + self._pressure.value
        self._dispatch_washes()
        self._sequence_auxiliaries()
        for motor in self.auxiliaries.values():
            motor.step(dt)
        pumping = any(self.auxiliaries[name].active for name in BACKWASH_PUMPS)
        for rack in self.racks.values():
            rack.wash_water = pumping
        self._pressure.step(dt)
        self._recovery.step(dt)
        dosing = any(rack.step_now is Step.CEB_DOSING for rack in self.racks.values())
        self._ceb_level -= dt * (2e-3 if dosing else 0.0)
        if self._ceb_level < 1.2:
            self._ceb_level = 2.3

    def _dispatch_washes(self) -> None:
        if self.washing:
            return
        due = [rack for rack in self.racks.values() if rack.wants_wash]
        if due:
            max(due, key=lambda rack: (rack.wash_requested, rack.cycle_s)).begin_wash()

    def _sequence_auxiliaries(self) -> None:
        steps = {rack.step_now for rack in self.racks.values()}
        wash = Step.BACKWASH in steps or Step.FORWARD_FLUSH in steps
        other = "LZ.UF.BWP02" if self._duty == "LZ.UF.BWP01" else "LZ.UF.BWP01"
        if self.auxiliaries[self._duty].state is MotorState.FAULT and self.auxiliaries[other].available:
            self._duty = other
        for name, needed in ((self._duty, wash), ("LZ.UF.BLW01", Step.AIR_SCOUR in steps)):
            motor = self.auxiliaries[name]
            if needed and motor.available:
                motor.start()
                self._sequenced.add(name)
            elif not needed and name in self._sequenced:
                motor.stop()
                self._sequenced.discard(name)
                if name == self._duty:
                    self._duty = "LZ.UF.BWP02" if name == "LZ.UF.BWP01" else "LZ.UF.BWP01"

    def read(self, out: Readings) -> None:
        """Put the hall, its racks and auxiliaries into ``out``."""
        for name, rack in self.racks.items():
            rack.read(name, out)
        for name, motor in self.auxiliaries.items():
            motor.read(name, out)
        filtering = [rack for rack in self.racks.values() if rack.filtering]
        out["LZ.UF.FEED.PRES"] = 168.0 + self._pressure.value
        out["LZ.UF.FEED.TURB"] = self._feed_turbidity
        out["LZ.UF.PERM.TURB"] = self.turbidity
        out["LZ.UF.PERM.FLOW"] = self.flow
        out["LZ.UF.REC"] = 94.2 + self._recovery.value
        out["LZ.UF.FLUX"] = sum(rack.flux for rack in filtering) / len(filtering) if filtering else 0.0
        out["LZ.UF.NFILT"] = len(filtering)
        out["LZ.UF.NBW"] = self.washing
        out["LZ.UF.BW.FLOW"] = self.wash_flow
        out["LZ.UF.CEB.LVL"] = self._ceb_level
