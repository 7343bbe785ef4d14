"""Motor-driven equipment: the state machine of a starter, and a pump with a frequency converter."""

import random
from enum import IntEnum
from typing import Final

from app.plantsim.process.readings import Readings
from app.plantsim.process.signals import Drift, Lag, clamp

START_S: Final = 6.0
STOP_S: Final = 4.0
COAST_S: Final = 10.0
COMMAND_START: Final = 1
COMMAND_STOP: Final = 2
COMMAND_RESET: Final = 3
FAULT_TRIP: Final = 1
FAULT_INTERLOCK: Final = 2


class MotorState(IntEnum):
    """Values of the ST member."""

    STOPPED = 0
    STARTING = 1
    RUNNING = 2
    STOPPING = 3
    FAULT = 4
    UNAVAILABLE = 5
    LOCAL = 6


class Motor:
    """A motor with local/remote switch, start ramp, feedback delay, and coast-down after a trip.

    ``speed`` is the fraction of rated speed at the shaft. Commands are ignored in local control.
    """

    def __init__(self, *, running: bool = False, remote: bool = True, hours: float = 0.0) -> None:
        self.state = MotorState.RUNNING if running else MotorState.STOPPED
        self.remote = remote
        self.fault = 0
        self.hours = hours
        self.starts = int(hours / 90)
        self.speed = 1.0 if running else 0.0
        self._timer = 0.0

    @property
    def active(self) -> bool:
        """Whether it runs or is on the way there."""
        return self.state in {MotorState.STARTING, MotorState.RUNNING}

    @property
    def available(self) -> bool:
        """Whether automatic control may start it."""
        return self.remote and self.state is MotorState.STOPPED

    def start(self) -> None:
        """Start from rest; ignored in any other state."""
        if self.state is MotorState.STOPPED:
            self.state = MotorState.STARTING
            self.starts += 1
            self._timer = 0.0

    def stop(self) -> None:
        """Stop; ignored unless it runs or starts."""
        if self.active:
            self.state = MotorState.STOPPING
            self._timer = 0.0

    def trip(self, fault: int = FAULT_TRIP) -> None:
        """Trip with a fault code; the shaft coasts down."""
        self.state = MotorState.FAULT
        self.fault = fault

    def reset(self) -> None:
        """Clear a fault."""
        if self.state is MotorState.FAULT:
            self.state = MotorState.STOPPED
            self.fault = 0

    def command(self, code: int) -> None:
        """Carry out a remote command (1 start, 2 stop, 3 reset); ignored in local control."""
        if not self.remote:
            return
        action = {COMMAND_START: self.start, COMMAND_STOP: self.stop, COMMAND_RESET: self.reset}.get(code)
        if action is not None:
            action()

    def write(self, member: str, value: float) -> None:
        """Take a value written by the control room to a member."""
        if member == "CMD":
            self.command(int(value))

    def step(self, dt: float, reference: float = 1.0) -> None:
        """Advance by ``dt`` seconds towards the reference speed (fraction)."""
        self._timer += dt
        if self.state is MotorState.STARTING:
            self.speed = reference * clamp(self._timer / (START_S - 2.0), 0.0, 1.0)
            if self._timer >= START_S:
                self.state = MotorState.RUNNING
        elif self.state is MotorState.RUNNING:
            self.speed += clamp(reference - self.speed, -0.02 * dt, 0.02 * dt)
            self.hours += dt / 3600
        elif self.state is MotorState.STOPPING:
            self.speed = max(0.0, self.speed - dt / STOP_S)
            if self._timer >= STOP_S:
                self.state = MotorState.STOPPED
                self.speed = 0.0
        else:
            self.speed = max(0.0, self.speed - dt / COAST_S)

    def read(self, name: str, out: Readings) -> None:
        """Put the members of an auxiliary pump into ``out``."""
        out[f"{name}.ST"] = int(self.state)
        out[f"{name}.LR"] = self.remote
        out[f"{name}.CMD"] = 0
        out[f"{name}.RUN"] = self.state is MotorState.RUNNING
        out[f"{name}.HRS"] = self.hours


class VfdPump(Motor):
    """A pump with a frequency converter; hydraulics are set by its group through ``set_load``.

    Writing SPDSP takes the pump to a fixed speed until it is stopped; otherwise the group's controller leads.
    """

    def __init__(
        self, rng: random.Random, *, running: bool = False, remote: bool = True, hours: float = 0.0, amp_per_kw: float
    ) -> None:
        super().__init__(running=running, remote=remote, hours=hours)
        self._amp_per_kw = amp_per_kw
        self.reference = 0.9
        self.manual = False
        self.flow = 0.0
        self.power = 0.0
        self._vibration = Drift(rng, 0.12, 40.0)
        self._character = rng.uniform(0.0, 0.4)
        self._bearing = Lag(48.0 if running else 20.0, 900.0)
        self._winding = Lag(85.0 if running else 22.0, 1200.0)
        self.setpoint = 90.0

    def write(self, member: str, value: float) -> None:
        """Take a command or a speed setpoint (per cent, clamped to 60 to 100)."""
        if member == "SPDSP":
            if self.remote:
                self.setpoint = clamp(value, 60.0, 100.0)
                self.manual = True
        else:
            super().write(member, value)

    def stop(self) -> None:
        """Stop, and give the speed back to automatic control."""
        super().stop()
        self.manual = False

    def follow(self, reference: float) -> None:
        """Take the speed (fraction) wanted by automatic control, unless the operator fixed one."""
        if not self.manual:
            self.setpoint = round(reference * 100, 1)
        self.reference = self.setpoint / 100

    def step(self, dt: float, reference: float = 1.0) -> None:
        """Advance by ``dt`` seconds; the reference argument is ignored, ``follow`` sets it."""
        super().step(dt, self.reference)
        load = self.speed * self.speed
        self._vibration.step(dt)
        self._bearing.step(20.0 + 34.0 * load, dt)
        self._winding.step(22.0 + 76.0 * load, dt)

    def set_load(self, flow: float, power: float) -> None:
        """Set what the hydraulics gave: flow (m³/h) and shaft power with losses (kW)."""
        self.flow = flow
        self.power = power

    def read(self, name: str, out: Readings) -> None:
        """Put all members into ``out``."""
        super().read(name, out)
        del out[f"{name}.RUN"]
        speed = self.speed
        out[f"{name}.SPD"] = speed * 100
        out[f"{name}.SPDSP"] = self.setpoint
        out[f"{name}.SPDREF"] = self.reference * 100
        out[f"{name}.FLOW"] = self.flow
        out[f"{name}.KW"] = self.power
        out[f"{name}.AMP"] = self.power * self._amp_per_kw
        out[f"{name}.VIB"] = max(0.0, speed * (1.3 + self._character + self._vibration.value))
        out[f"{name}.BT"] = self._bearing.value
        out[f"{name}.WT"] = self._winding.value
        out[f"{name}.FLT"] = self.fault
        out[f"{name}.STARTS"] = self.starts
