"""Building blocks of the model: noise, lags, delays, the daily pattern. Times in seconds."""

import math
import random
from collections import deque
from typing import Final

DAY_PATTERN: Final = (
    0.62, 0.56, 0.53, 0.53, 0.58, 0.78, 1.06, 1.25, 1.30, 1.22, 1.14, 1.10,
    1.12, 1.06, 0.99, 0.98, 1.03, 1.15, 1.28, 1.34, 1.25, 1.08, 0.88, 0.72,
)  # fmt: skip
"""Demand of each hour of the day relative to the mean."""

_MEAN: Final = sum(DAY_PATTERN) / len(DAY_PATTERN)


def clamp(value: float, low: float, high: float) -> float:
    """Return the value, limited to low..high."""
    return min(max(value, low), high)


def day_factor(hour: float) -> float:
    """Return the demand factor at an hour of the day (0 to 24), interpolated; its mean over a day is 1."""
    first = int(hour) % 24
    part = hour - math.floor(hour)
    return (DAY_PATTERN[first] * (1 - part) + DAY_PATTERN[(first + 1) % 24] * part) / _MEAN


class Drift:
    """First-order random noise around zero: standard deviation ``sigma``, time constant ``tau_s``."""

    def __init__(self, rng: random.Random, sigma: float, tau_s: float) -> None:
        self._rng = rng
        self._sigma = sigma
        self._tau_s = tau_s
        self.value = rng.gauss(0.0, sigma)

    def step(self, dt: float) -> float:
        """Advance by ``dt`` seconds and return the new value."""
        keep = math.exp(-dt / self._tau_s)
        self.value = keep * self.value + self._sigma * math.sqrt(1 - keep * keep) * self._rng.gauss(0.0, 1.0)
        return self.value


class Lag:
    """First-order lag with time constant ``tau_s``."""

    def __init__(self, value: float, tau_s: float) -> None:
        self.value = value
        self._tau_s = tau_s

    def step(self, target: float, dt: float) -> float:
        """Move towards the target for ``dt`` seconds and return the new value."""
        self.value += (target - self.value) * (1 - math.exp(-dt / self._tau_s))
        return self.value


class Delay:
    """Transport delay: returns what was put in ``delay_s`` seconds ago, sampled every ``grain_s``."""

    def __init__(self, value: float, delay_s: float, grain_s: float = 10.0) -> None:
        self._delay_s = delay_s
        self._grain_s = grain_s
        self._time = 0.0
        self._line: deque[tuple[float, float]] = deque()
        self.value = value

    def step(self, value: float, dt: float) -> float:
        """Put a value in, advance by ``dt`` seconds and return the one that comes out."""
        self._time += dt
        if not self._line or self._time - self._line[-1][0] >= self._grain_s:
            self._line.append((self._time, value))
        while self._line and self._line[0][0] <= self._time - self._delay_s:
            self.value = self._line.popleft()[1]
        return self.value
