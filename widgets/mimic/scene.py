"""Live items of a display, and which of them a tag touches."""

from PySide6.QtGui import QPainter, QRegion

from app.project.displays import (
    AlarmCount,
    Bar,
    Display,
    Element,
    Fill,
    Flow,
    Placeholder,
    Progress,
    Spark,
    Symbol,
    ValueText,
)
from widgets.mimic.atlas import draw_rows
from widgets.mimic.bars import BarItem, FillItem, FlowItem, ProgressItem
from widgets.mimic.context import Layout
from widgets.mimic.equipment import AlarmCountItem, PlaceholderItem, SymbolItem
from widgets.mimic.item import Item
from widgets.mimic.sparks import SparkItem
from widgets.mimic.symbols import has_symbol
from widgets.mimic.values import ValueItem

_BATCH_LIMIT = 400


def make_item(element: Element, layout: Layout) -> Item | None:
    """Return the live item of an element; None for what is static or only an area."""
    item: Item | None = None
    match element:
        case ValueText():
            item = ValueItem(element, layout)
        case Bar():
            item = BarItem(element, layout)
        case Symbol() if not has_symbol(element.symbol):
            reason = f"symbol '{element.symbol}' does not exist"
            item = PlaceholderItem(Placeholder(element.line, element.box, reason=reason), layout)
        case Symbol():
            item = SymbolItem(element, layout)
        case Spark():
            item = SparkItem(element, layout)
        case Fill():
            item = FillItem(element, layout)
        case Progress():
            item = ProgressItem(element, layout)
        case Flow():
            item = FlowItem(element, layout)
        case AlarmCount():
            item = AlarmCountItem(element, layout)
        case Placeholder():
            item = PlaceholderItem(element, layout)
    return item


class Scene:
    """All live items of one layout. Refreshing returns the region to repaint; painting is in batches."""

    def __init__(self, display: Display, layout: Layout) -> None:
        self.layout = layout
        self.items = [item for item in (make_item(e, layout) for e in display.elements) if item is not None]
        self.sparks = [item for item in self.items if isinstance(item, SparkItem)]
        self._by_tag: dict[str, list[Item]] = {}
        for item in self.items:
            for tag in item.tags:
                if not isinstance(item, SparkItem) or item.has_condition:
                    self._by_tag.setdefault(tag, []).append(item)
            item.refresh(layout)

    @property
    def tags(self) -> list[str]:
        """Every tag that the display needs."""
        return list(dict.fromkeys(tag for item in self.items for tag in item.tags))

    def refresh_tags(self, tags: "set[str]") -> list[Item]:
        """Recompute the items of some tags and return them."""
        touched = dict.fromkeys(item for tag in tags for item in self._by_tag.get(tag, ()))
        return self._refresh(list(touched))

    def refresh_all(self) -> list[Item]:
        """Recompute everything (alarms changed, the engine came or went)."""
        return self._refresh(self.items)

    def refresh_sparks(self, now_ns: int) -> list[Item]:
        """Recompute the courses that are due, and those whose value has another letter."""
        marked = [item for item in self.sparks if item.marked_anew(self.layout)]
        due = [item for item in self.sparks if item.due(now_ns)]
        return list(dict.fromkeys([*marked, *self._refresh([*due])]))

    def refresh_blinking(self) -> list[Item]:
        """Recompute what carries an unacknowledged mark."""
        return self._refresh([item for item in self.items if item.blinks])

    def refresh_stale(self) -> list[Item]:
        """Recompute what shows an age."""
        return self._refresh([item for item in self.items if item.stale])

    def _refresh(self, items: list[Item]) -> list[Item]:
        for item in items:
            item.refresh(self.layout)
        return items

    def paint(self, painter: QPainter, region: QRegion) -> None:
        """Paint the items within a region: what lies below, one batch of fragments, what lies above."""
        items = [item for item in self.items if region.intersects(item.rect)]
        for item in items:
            item.underlay(painter, self.layout)
        draw_rows(painter, [item.rows for item in items], self.layout.atlas.pixmap)
        for item in items:
            if item.has_overlay:
                item.overlay(painter, self.layout)


def region_of(items: list[Item]) -> QRegion:
    """Return what to repaint: the items' rectangles, or one around them where they are many."""
    if len(items) > _BATCH_LIMIT:
        rect = items[0].rect
        for item in items:
            rect = rect.united(item.rect)
        return QRegion(rect)
    region = QRegion()
    for item in items:
        region = region.united(item.rect)
    return region
