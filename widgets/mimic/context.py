"""What every live item needs to lay itself out: scale, theme, language, atlas, hub."""

from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF

from app.model.expressions import Expression
from app.project.displays import Box
from widgets.live import TagHub
from widgets.mimic.atlas import Atlas
from widgets.theme import Theme

SMALLEST_PX = 11.0


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
        """Evaluate a display condition; ``default`` while an input was never known.

        A bad input leaves the last truth of its value. What depends on a state that nobody knows is shown as
        unknown itself, never as "does not apply".
        """
        if expression is None:
            return default
        for name in expression.names:
            sample = self.hub.sample(name)
            if sample is None or sample.number is None:
                return default
        return expression.evaluate(self.hub.sample).is_true


def outer(rect: QRectF, margin: int = 0) -> QRect:
    """Return the whole pixels around a rectangle."""
    return rect.toAlignedRect().adjusted(-margin, -margin, margin, margin)
