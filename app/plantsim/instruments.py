"""Instruments between the model and the PLCs: noise, resolution, failed sensors, what changed since last time."""

import random
from collections.abc import Mapping
from typing import Final

from app.model import status as st
from app.model.tag import DataType, Tag
from app.plantsim.messages import Point, Points
from app.plantsim.process.readings import Reading, Readings
from app.plantsim.process.signals import Drift

NOISE_SHARE: Final = 0.015
"""Standard deviation of the noise as a share of the normal band."""

LEVEL_NOISE: Final = 0.002
NOISE_S: Final = 4.0


class Instruments:
    """Measures true values. Analog tags are sampled every ``scans`` cycles, each in its turn; states in every cycle."""

    def __init__(self, tags: Mapping[str, Tag], *, seed: int = 1, scans: int = 4) -> None:
        self._tags = tags
        self._scans = scans
        self._cycle = 0
        self._stuck: set[str] = set()
        self._last: Points = {}
        self._noise: dict[str, Drift] = {}
        self._noiseless = {tag.name for tag in tags.values() if tag.name.endswith("REF")}
        rng = random.Random(seed)
        for tag in tags.values():
            band = (tag.limits.normal_low, tag.limits.normal_high)
            if tag.data_type is DataType.FLOAT and band[0] is not None and band[1] is not None:
                sigma = LEVEL_NOISE if tag.unit == "m" else NOISE_SHARE * (band[1] - band[0])
                self._noise[tag.name] = Drift(rng, sigma, NOISE_S)

    @property
    def stuck(self) -> frozenset[str]:
        """Tags whose sensor has failed."""
        return frozenset(self._stuck)

    def stick(self, name: str, *, on: bool) -> None:
        """Fail or mend a sensor: its value stands still and its status is BadSensorFailure."""
        if name not in self._tags:
            raise KeyError(name)
        if on:
            self._stuck.add(name)
        else:
            self._stuck.discard(name)

    def written(self, name: str, value: float) -> None:
        """Note that a client wrote a value, so that a different one is sent back."""
        self._last[name] = (value, st.GOOD)

    def snapshot(self) -> Points:
        """Return the last measured point of every tag."""
        return dict(self._last)

    def measure(self, readings: Readings, dt: float, *, everything: bool = False, analog: bool = True) -> Points:
        """Return the points that changed; ``dt`` in seconds since the last call.

        Without ``analog`` only states and setpoints are looked at (a scan out of turn, after a write).
        """
        if analog:
            self._cycle += 1
        changed: Points = {}
        for index, (name, tag) in enumerate(self._tags.items()):
            if name not in readings:
                continue
            sampled = tag.data_type is DataType.FLOAT and not tag.writable and name not in self._noiseless
            if sampled and not everything and (not analog or (index + self._cycle) % self._scans):
                continue
            point = self._point(name, tag, readings[name], dt * self._scans)
            if self._last.get(name) != point:
                self._last[name] = changed[name] = point
        return changed

    def _point(self, name: str, tag: Tag, value: Reading, dt: float) -> Point:
        if name in self._stuck:
            return (self._last[name][0] if name in self._last else value, st.BAD_SENSOR_FAILURE)
        if tag.data_type is DataType.FLOAT:
            noise = self._noise.get(name)
            if noise is not None and value:
                value = max(float(value) + noise.step(dt), tag.low)
            return (round(float(value), tag.decimals + 1), st.GOOD)
        return (value, st.GOOD)
