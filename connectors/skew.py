"""How far the clock of a device is from ours."""

from collections import deque
from statistics import median
from typing import Final

_KEPT: Final = 31


class ClockSkew:
    """Median of the last measurements: single ones are late by whatever the network was."""

    def __init__(self) -> None:
        self._measured: deque[float] = deque(maxlen=_KEPT)

    @property
    def ms(self) -> float | None:
        """Milliseconds that the device's clock is ahead of ours (negative: behind); None: never measured."""
        return median(self._measured) if self._measured else None

    def add(self, device_ns: int | None, before_ns: int, after_ns: int) -> None:
        """Take the device's time, asked for and received at these times of ours (ns since the epoch, UTC)."""
        if device_ns is not None:
            self._measured.append((device_ns - (before_ns + after_ns) / 2) / 1e6)

    def forget(self) -> None:
        """Begin anew: another device has another clock."""
        self._measured.clear()
