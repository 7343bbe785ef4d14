"""Equipment symbols, placeholders, links and counts of alarms."""

from functools import partial

from PySide6.QtCore import QCoreApplication, QRect, QRectF, Qt
from PySide6.QtGui import QPainter

from app.model.alarm import Priority
from app.project.displays import AlarmCount, Placeholder, Symbol
from widgets.marks import paint_mark
from widgets.mimic.atlas import RowList
from widgets.mimic.context import Layout, outer
from widgets.mimic.item import Item
from widgets.mimic.marks import letter_size, paint_shield, put_letter
from widgets.mimic.symbols import paint_symbol
from widgets.quality import hatch, mark_letter, shows_bad, shows_stale
from widgets.theme import font

_MOVING = (1, 3)


class SymbolItem(Item):
    """A symbol whose fill is the state: light runs, dark stands.

    A cross marks a fault, a shield local control, a letter a state that was not measured.
    """

    def __init__(self, element: Symbol, layout: Layout) -> None:
        self.symbol = element
        self.box = layout.rect(element.box)
        plant = layout.hub.plant
        equipment = plant.equipment.get(element.equipment)
        kind = plant.types.get(equipment.type) if equipment else None
        member = equipment.members.get(kind.state_member, "") if equipment and kind else ""
        self._state_tag = element.tag or member
        self._running = element.running or (kind.running_states if kind else ()) or (1,)
        self._fault = kind.fault_states if kind and not element.tag else ()
        self._moving = _MOVING if kind and kind.symbol == "pump" else ()
        self._local_tag = equipment.local_remote if equipment and not element.tag else ""
        super().__init__(element, layout, outer(self.box, 14), (self._state_tag, self._local_tag))

    def refresh(self, layout: Layout) -> None:
        """Compute the fragments from the newest samples."""
        rows = RowList()
        self.stale = self.has_overlay = self.blinks = False
        if layout.true(self.symbol.visible):
            self._put(rows, layout)
        self.rows = rows.array

    def _put(self, rows: RowList, layout: Layout) -> None:
        sample = layout.hub.sample(self._state_tag) if self._state_tag else None
        number = sample.number if sample is not None and not shows_bad(sample) else None
        state = None if number is None else int(number)
        body = "running" if state in self._running else "stopped"
        if state is None:
            body = "canvas"
        elif state in self._moving and state not in self._running:
            body = "normal_band"
        width, height = int(self.box.width()), int(self.box.height())
        fault = state is not None and state in self._fault
        key = ("symbol", self.symbol.symbol, width, height, body, self.symbol.rotate, fault)
        cell = layout.atlas.cell(key, width, height, partial(self._paint, layout=layout, body=body, fault=fault))
        rows.add(cell, self.box.x(), self.box.y())
        self.has_overlay = shows_stale(sample) or (state is None and bool(self._state_tag))
        local = layout.hub.sample(self._local_tag) if self._local_tag else None
        if local is not None and local.number == 0:
            size = max(16, round(24 * layout.scale))
            paint = partial(paint_shield, box=QRectF(0, 0, size, size), letter="L", theme=layout.theme)
            shield = layout.atlas.cell(("shield", "L", size), size, size, paint)
            rows.add(shield, self.box.right() - size * 0.9, self.box.bottom() - size * 0.75)
        if letter := mark_letter(sample) or mark_letter(local):
            size = letter_size(layout)
            put_letter(rows, layout, letter, size, self.box.right() - size * 0.6, self.box.top() - size * 0.4)
        mark = layout.hub.alarms.equipment.get(self.symbol.equipment)
        if mark is not None and self.symbol.symbol != "uf-rack" and not self.symbol.tag:
            size = max(17, round(20 * layout.scale))
            self.blinks = mark.unacknowledged
            blank = mark.unacknowledged and not layout.hub.blink_on
            draw = partial(
                paint_mark, box=QRectF(0, 0, size, size), priority=mark.priority, theme=layout.theme, blank=blank
            )
            cell = layout.atlas.cell(("mark", int(mark.priority), size, blank), size, size, draw)
            rows.add(cell, self.box.left() - size * 0.45, self.box.top() - size * 0.3)

    def _paint(self, painter: QPainter, layout: Layout, body: str, fault: bool) -> None:
        box = QRectF(0, 0, self.box.width(), self.box.height())
        paint_symbol(painter, self.symbol.symbol, box, body, layout.theme, self.symbol.rotate)
        if fault:
            pen = painter.pen()
            pen.setColor(layout.theme.color("ink"))
            pen.setWidthF(3)
            painter.setPen(pen)
            inner = box.adjusted(box.width() * 0.22, box.height() * 0.22, -box.width() * 0.22, -box.height() * 0.22)
            painter.drawLine(inner.topLeft(), inner.bottomRight())
            painter.drawLine(inner.topRight(), inner.bottomLeft())

    def overlay(self, painter: QPainter, layout: Layout) -> None:
        """Hatch or outline what is not good."""
        hatch(painter, outer(self.box), layout.theme)


class AlarmCountItem(Item):
    """Marks with counts, most urgent first; a quiet text where there is none, a dash while that is not known."""

    def __init__(self, element: AlarmCount, layout: Layout) -> None:
        self.count = element
        self._px = layout.pixels(15)
        point = layout.rect(element.box)
        self._x, self._y = point.x(), point.y()
        rect = QRect(int(self._x) - 2, int(self._y) - self._px - 6, self._px * 14, self._px + 14)
        super().__init__(element, layout, rect, ())

    def refresh(self, layout: Layout) -> None:
        """Compute the fragments from the newest samples."""
        rows, atlas, theme = RowList(), layout.atlas, layout.theme
        self.blinks = False
        x = self._x
        for priority in Priority:
            marks = [layout.hub.alarms.areas.get(area, {}).get(priority) for area in self.count.areas]
            found = [mark for mark in marks if mark is not None]
            if not found:
                continue
            unacknowledged = any(mark.unacknowledged for mark in found)
            self.blinks = self.blinks or unacknowledged
            blank = unacknowledged and not layout.hub.blink_on
            size = round(self._px * 1.2)
            paint = partial(paint_mark, box=QRectF(0, 0, size, size), priority=priority, theme=theme, blank=blank)
            rows.add(
                atlas.cell(("mark", int(priority), size, blank), size, size, paint),
                x,
                self._y - self._px * 0.37 - size / 2,
            )
            cell = atlas.text(str(sum(mark.count for mark in found)), self._px, True, theme.color("ink"))
            rows.add_text(cell, x + size + 4, self._y)
            x += size + cell.advance + 16
        if x == self._x:
            known = layout.hub.alive and layout.hub.alarms.known
            text = QCoreApplication.translate("mimic", "No alarms") if known else "—"
            rows.add_text(atlas.text(text, layout.pixels(13), False, theme.color("faint")), x, self._y)
        self.rows = rows.array


class PlaceholderItem(Item):
    """A visible stand-in for what could not be understood."""

    def __init__(self, element: Placeholder, layout: Layout) -> None:
        self.placeholder = element
        self.box = layout.rect(element.box)
        super().__init__(element, layout, outer(self.box), ())

    def underlay(self, painter: QPainter, layout: Layout) -> None:
        """Paint what lies below the batch."""
        painter.setPen(layout.theme.color("placeholder"))
        painter.fillRect(self.box, layout.theme.color("field"))
        painter.drawRect(self.box.adjusted(0, 0, -1, -1))
        painter.drawLine(self.box.topLeft(), self.box.bottomRight())
        painter.setFont(font(11))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(self.box, int(flags), f"{self.placeholder.line}: {self.placeholder.reason}")
