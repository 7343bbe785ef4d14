"""What every live item needs to lay itself out: scale, theme, language, atlas, hub."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QRect, QRectF

from app.model import status as st
from app.model.clock import SECOND_NS
from app.model.expression import Expression
from app.model.sample import Sample
from app.project.displays import Box
from widgets.live import TagHub
from widgets.mimic.atlas import Atlas
from widgets.theme import Theme

SMALLEST_PX = 10.0


@dataclass
class Layout:
    """How a display lies in the widget: one instance for a size, theme and language."""

    hub: TagHub
    theme: Theme
    language: str
    atlas: Atlas
    scale: float
    left: float
    top: float

    def rect(self, box: Box) -> QRectF:
        """Return a box of the view in widget pixels, on whole pixels."""
        x, y = round(self.left + box.x * self.scale), round(self.top + box.y * self.scale)
        right = round(self.left + (box.x + box.width) * self.scale)
        bottom = round(self.top + (box.y + box.height) * self.scale)
        return QRectF(x, y, right - x, bottom - y)

    def pixels(self, size: float) -> int:
        """Return the pixel height of a text: scaled, but never too small to read."""
        return round(max(size * self.scale, min(size, SMALLEST_PX)))

    def true(self, expression: Expression | None, default: bool = True) -> bool:
        """Evaluate a display condition; a bad input leaves the last truth of its value."""
        return default if expression is None else expression.evaluate(self.hub.sample).is_true


def outer(rect: QRectF, margin: int = 0) -> QRect:
    """Return the whole pixels around a rectangle."""
    return rect.toAlignedRect().adjusted(-margin, -margin, margin, margin)


def age_text(sample: Sample, now_ns: int) -> str:
    """Return how old a stale value is, in one unit."""
    seconds = max(0, now_ns - (sample.source_ns or sample.receive_ns)) // SECOND_NS
    if seconds < 100:
        return QCoreApplication.translate("mimic", "{0} s").format(seconds)
    if seconds < 6000:
        return QCoreApplication.translate("mimic", "{0} min").format(seconds // 60)
    if seconds < 172_800:
        return QCoreApplication.translate("mimic", "{0} h").format(seconds // 3600)
    return QCoreApplication.translate("mimic", "{0} d").format(seconds // 86400)


def shows_stale(sample: Sample | None) -> bool:
    """Whether a sample is the last one known before communication was lost."""
    return sample is not None and sample.value is not None and st.is_stale(sample.status)


def shows_bad(sample: Sample | None) -> bool:
    """Whether there is nothing to show but the cause."""
    return sample is None or sample.value is None or (st.is_bad(sample.status) and not st.is_stale(sample.status))


def shows_uncertain(sample: Sample | None) -> bool:
    """Whether the value may be used with care."""
    return sample is not None and not st.is_good(sample.status) and not shows_bad(sample) and not shows_stale(sample)
