"""A group of parallel pumps: staging, standby takeover, and which one is next."""

from collections.abc import Mapping
from typing import Final

from app.plantsim.process.motor import MotorState, VfdPump

HOLD_S: Final = 900.0
TAKEOVER_S: Final = 8.0


class PumpGroup:
    """Keeps ``wanted`` pumps running: stages by speed with a hold time, replaces a tripped pump by a standby."""

    def __init__(self, pumps: Mapping[str, VfdPump], *, up_above: float, down_below: float, least: int) -> None:
        self.pumps = dict(pumps)
        self.wanted = sum(pump.active for pump in pumps.values())
        self._up_above = up_above
        self._down_below = down_below
        self._least = least
        self._hold_s = HOLD_S
        self._missing_s = 0.0
        self._full_s = 0.0
        self.blocked = False

    @property
    def active(self) -> int:
        """Number of pumps that run or start."""
        return sum(pump.active for pump in self.pumps.values())

    def write(self, pump: str, member: str, value: float) -> None:
        """Pass an operator's value on; a start or stop changes how many pumps automatic control keeps."""
        before = self.active
        self.pumps[pump].write(member, value)
        if self.active != before:
            self.wanted = max(self._least, self.active)
            self._hold_s = 0.0

    def trip_all(self, fault: int) -> None:
        """Trip every pump that runs (interlock)."""
        for pump in self.pumps.values():
            if pump.active:
                pump.trip(fault)

    def stage(self, dt: float, speed: float) -> None:
        """Add or remove a pump by the group's speed (fraction), and replace what tripped."""
        self._hold_s += dt
        self._full_s = self._full_s + dt if speed >= 0.995 else 0.0
        if (self._hold_s >= HOLD_S and speed > self._up_above) or self._full_s > 60.0:
            self._change(1)
        elif self._hold_s >= HOLD_S and speed < self._down_below and self.wanted > self._least:
            self._change(-1)
        self._missing_s = self._missing_s + dt if self.active < self.wanted else 0.0
        if self._missing_s > TAKEOVER_S and not self.blocked:
            self._start_next()
            self._missing_s = 0.0

    def _change(self, by: int) -> None:
        self._hold_s = 0.0
        self._full_s = 0.0
        if by > 0:
            if self.wanted < len(self.pumps) and self._start_next():
                self.wanted += 1
            return
        self.wanted -= 1
        running = [p for p in self.pumps.values() if p.remote and p.state is MotorState.RUNNING]
        if running and self.active > self.wanted:
            max(running, key=lambda pump: (not pump.manual, pump.hours)).stop()

    def _start_next(self) -> bool:
        ready = [pump for pump in self.pumps.values() if pump.available]
        if not ready or self.blocked:
            return False
        min(ready, key=lambda pump: pump.hours).start()
        return True
