"""What is drawn onto: the plot's picture with its range of time, in device pixels."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage, QPainter

from widgets.theme import Theme
from widgets.trend.shape import Floats

Pixels = NDArray[np.uint32]


@dataclass(frozen=True)
class Frame:
    """One picture being made.

    Attributes:
        pixels: height x width, 0xffRRGGBB; the image is over the same memory.
        start_s, end_s: range of time (seconds since the epoch). ratio: device pixels a device independent one.

    """

    pixels: Pixels
    image: QImage
    start_s: float
    end_s: float
    ratio: float
    theme: Theme

    @property
    def width(self) -> int:
        """Width (device pixels)."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Height (device pixels)."""
        return int(self.pixels.shape[0])

    def x(self, seconds: Floats) -> Floats:
        """Return where times are (device pixels)."""
        return np.asarray((seconds - self.start_s) * (self.width / (self.end_s - self.start_s)))

    def x_of(self, seconds: float) -> float:
        """Return where a time is (device pixels)."""
        return (seconds - self.start_s) * self.width / (self.end_s - self.start_s)

    def y_of(self, share: float) -> float:
        """Return where a share of the height, upwards, is (device pixels)."""
        return (1.0 - share) * (self.height - 1)

    def painter(self) -> QPainter:
        """Return a painter in device independent pixels; end it before the pixels are written again."""
        painter = QPainter(self.image)
        painter.scale(self.ratio, self.ratio)
        return painter


def packed(color: QColor) -> int:
    """Return a colour as it stands in memory."""
    return int(color.rgb()) | 0xFF000000


def mixed(color: QColor, ground: QColor, share: float) -> int:
    """Return a colour over a ground, opaque: what alpha would give, at the speed of a plain store."""
    return _mixed(color.rgb(), ground.rgb(), share)


@lru_cache(256)
def _mixed(color: int, ground: int, share: float) -> int:
    parts = ((color >> shift & 0xFF, ground >> shift & 0xFF, shift) for shift in (16, 8, 0))
    return sum((round(a * share + b * (1 - share)) << shift for a, b, shift in parts), 0xFF000000)
