"""Courses of made-up values: functions of time within the range of their tag, another one for each tag."""

import math
import zlib
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.model.tag import DataType, Tag

_PERIODS_S: Final = (60.0, 600.0)
_REACH: Final = 0.46
"""Of the band in which a value moves, to both sides of its middle."""
_NOISE: Final = 0.02
_SHAPES: Final = 3
_SINE, _RAMP = 0, 1


class Signals:
    """Values of some tags at a time; the same tag always has the same course, but for its noise."""

    def __init__(self, tags: Sequence[Tag], seed: int = 1) -> None:
        hashes = np.array([zlib.crc32(tag.name.encode()) for tag in tags], np.uint32)
        self._shape = hashes % _SHAPES
        self._phase = (hashes % 997) / 997.0
        self._period = _PERIODS_S[0] + (hashes % 991) / 991.0 * (_PERIODS_S[1] - _PERIODS_S[0])
        low, high = np.array([_band(tag) for tag in tags]).reshape(-1, 2).T
        self._middle, self._reach = (low + high) / 2.0, (high - low) * _REACH
        self._whole = np.array([tag.data_type is DataType.INT for tag in tags], np.bool_)
        self._states = [_states(tag) for tag in tags]
        self._random = np.random.default_rng(seed)

    def numbers(self, indices: NDArray[np.uint32], now_s: float) -> NDArray[np.float64]:
        """Return the values of numeric tags at a time (s): a sine, a ramp up and down, or noise."""
        turn = (now_s / self._period[indices] + self._phase[indices]) % 1.0
        shape, noise = self._shape[indices], self._random.uniform(-1.0, 1.0, len(indices))
        course = np.where(shape == _SINE, np.sin(turn * math.tau), noise)
        course = np.where(shape == _RAMP, 1.0 - 4.0 * np.abs(turn - 0.5), course)
        values = self._middle[indices] + self._reach[indices] * ((1.0 - _NOISE) * course + _NOISE * noise)
        whole = self._whole[indices]
        values[whole] = np.rint(values[whole])
        result: NDArray[np.float64] = values
        return result

    def state(self, index: int, now_s: float) -> int:
        """Return the state of an enum at a time (s); each lasts for a period of its tag."""
        states = self._states[index]
        return states[int(now_s / self._period[index] + self._phase[index]) % len(states)]

    def rest(self, index: int) -> float:
        """Return the value of a number that is only written: the middle of its range."""
        middle = float(self._middle[index])
        return float(round(middle)) if self._whole[index] else middle

    def first_state(self, index: int) -> int:
        """Return the state of a boolean or enum that is only written."""
        return self._states[index][0]


def _band(tag: Tag) -> tuple[float, float]:
    """Return in which band a value moves: of normal operation, or between the limits of alarms, or its range."""
    limits = tag.limits
    low = next((each for each in (limits.normal_low, limits.low, limits.low_low) if each is not None), tag.low)
    high = next((each for each in (limits.normal_high, limits.high, limits.high_high) if each is not None), tag.high)
    return (low, high) if low < high else (tag.low, tag.high)


def _states(tag: Tag) -> list[int]:
    return [number for number, _ in tag.states] or [0, 1]
