"""A display laid out for a size, theme and language: its ground, its live items, its subscription."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, QRect, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap, QRegion

from app.model.clock import SECOND_NS
from app.project.displays import Display
from widgets.live import Subscription, TagHub
from widgets.live.subscription import Batch
from widgets.mimic.atlas import Atlas
from widgets.mimic.context import Layout
from widgets.mimic.item import Item
from widgets.mimic.scene import Scene, region_of
from widgets.mimic.static import paint_static
from widgets.mimic.values import ValueItem
from widgets.theme import Theme


class Stage(QObject):
    """Keeps the scene of the present layout, and tells which region to repaint. GUI thread only.

    Owned by its view, with which its connections to the hub end.

    Attributes:
        scene: the live items; None while nothing is laid out.

    """

    def __init__(self, hub: TagHub, repaint: Callable[[QRegion], None], parent: QObject) -> None:
        super().__init__(parent)
        self._hub, self._repaint_region = hub, repaint
        self._ground = QPixmap()
        self._subscription: Subscription | None = None
        self._paused = False
        self._next_age = 0
        self.scene: Scene | None = None

    def lay_out(self, display: Display, size: QSize, ratio: float, theme: Theme, language: str) -> Layout:
        """Make the scene anew; its tags are subscribed, those of the one before released.

        Args:
            display: what is shown.
            size: of the widget (px); the display keeps its shape and is centred.
            ratio: device pixels to one.
            theme: of colours.
            language: of labels and states.

        """
        self.release()
        scale = min(size.width() / display.width, size.height() / display.height)
        left = (size.width() - display.width * scale) / 2
        layout = Layout(self._hub, theme, language, Atlas(), scale, left, 0.0)
        self._ground = paint_static(display, layout, size.width(), size.height(), ratio)
        # The first delivery comes at once, so that the scene is built from samples already known.
        self.scene = Scene(display, layout)
        self._subscription = self._hub.subscribe(self.scene.tags, self._deliver)
        self._subscription.set_paused(self._paused)
        return layout

    def release(self) -> None:
        """Release the subscription and forget the scene."""
        if self._subscription is not None:
            self._subscription.close()
            self._subscription = None
        self.scene = None

    def pause(self, paused: bool) -> None:
        """Stop deliveries while nobody looks."""
        self._paused = paused
        if self._subscription is not None:
            self._subscription.set_paused(paused)

    def tick(self, now_ns: int) -> None:
        """Advance courses, and once a second the ages of stale values (``now_ns``: ns, UTC)."""
        if self.scene is None or self._paused:
            return
        self._repaint(self.scene.refresh_sparks(now_ns))
        if now_ns >= self._next_age:
            self._next_age = now_ns + SECOND_NS
            self._repaint(self.scene.refresh_stale())

    def blink(self) -> None:
        """Repaint the marks of unacknowledged alarms in their other phase."""
        if self.scene is not None and not self._paused:
            self._repaint(self.scene.refresh_blinking())

    def refresh_all(self) -> None:
        """Compute everything anew: alarms changed, or the engine came or went."""
        if self.scene is not None:
            self._repaint(self.scene.refresh_all())

    def paint(self, painter: QPainter, event: QPaintEvent) -> None:
        """Paint the ground, then the live items, within the event's region."""
        if self.scene is None:
            return
        painter.setClipRegion(event.region())
        rect, ratio = event.rect(), self._ground.devicePixelRatio()
        painter.drawPixmap(rect, self._ground, QRect(rect.topLeft() * ratio, rect.size() * ratio))
        self.scene.paint(painter, event.region())

    def tag_at(self, point: QPoint) -> str:
        """Return the tag whose value, bar or course is at a point; empty where there is none."""
        if self.scene is None:
            return ""
        found = [item for item in self.scene.items if item.rect.contains(point) and item.tags]
        found.sort(key=lambda item: (not isinstance(item, ValueItem), item.rect.width() * item.rect.height()))
        return found[0].tags[0] if found else ""

    def values(self) -> list[tuple[str, QRect]]:
        """Return every value with its place (widget px), in the display's order."""
        items = self.scene.items if self.scene is not None else []
        return [(item.value.tag, item.rect) for item in items if isinstance(item, ValueItem) and item.value.tag]

    def _deliver(self, batch: Batch) -> None:
        if self.scene is not None:
            self._repaint(self.scene.refresh_tags(set(batch)))

    def _repaint(self, items: list[Item]) -> None:
        if items:
            self._repaint_region(region_of(items))
