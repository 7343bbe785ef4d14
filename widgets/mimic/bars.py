"""Bars, levels, progress and pipes; each with the letter of its value where that is bad or was not measured."""

from functools import partial

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from app.model.tag import Tag
from app.project.displays import Bar, Fill, Flow, Progress
from widgets.mimic.atlas import RowList
from widgets.mimic.context import Layout, outer
from widgets.mimic.item import Item
from widgets.mimic.marks import letter_size, put_letter_of
from widgets.quality import hatch, shows_bad, shows_stale
from widgets.theme import Theme


def fraction(tag: Tag | None, value: float) -> float:
    """Return where a value stands in its tag's range, 0 to 1."""
    low, high = (tag.low, tag.high) if tag else (0.0, 100.0)
    return min(1.0, max(0.0, (value - low) / (high - low))) if high > low else 0.0


def _paint_scale(painter: QPainter, width: int, height: int, tag: Tag | None, theme: Theme, *, empty: bool) -> None:
    """Paint the ground of a bar: field, normal band, limit ticks. Cell has a margin of 4 px."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    upright = height >= width
    painter.fillRect(4, 4, width, height, theme.color("field"))

    def span(low: float, high: float) -> QRectF:
        a, b = fraction(tag, low), fraction(tag, high)
        if upright:
            return QRectF(4, 4 + height * (1 - b), width, height * (b - a))
        return QRectF(4 + width * a, 4, width * (b - a), height)

    if tag is not None and not empty:
        limits = tag.limits
        if limits.normal_low is not None and limits.normal_high is not None:
            painter.fillRect(span(limits.normal_low, limits.normal_high), theme.color("normal_band"))
        painter.setPen(QPen(theme.color("dim"), 2))
        for limit in (limits.low_low, limits.low, limits.high, limits.high_high):
            if limit is not None and tag.low < limit < tag.high:
                mark = span(limit, limit)
                if upright:
                    painter.drawLine(QPointF(1, mark.y()), QPointF(width + 7, mark.y()))
                else:
                    painter.drawLine(QPointF(mark.x(), 1), QPointF(mark.x(), height + 7))
    painter.setPen(QPen(theme.color("faint"), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(4, 4, width - 1, height - 1)


def _paint_pointer(painter: QPainter, size: int, turn: int, theme: Theme, name: str) -> None:
    painter.translate(size / 2, size / 2)
    painter.rotate(turn)
    half = size / 2
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color(name))
    painter.drawPolygon(QPolygonF([QPointF(-half, -half * 0.85), QPointF(half, 0), QPointF(-half, half * 0.85)]))


class BarItem(Item):
    """A moving pointer on a scale."""

    def __init__(self, element: Bar, layout: Layout) -> None:
        self.bar = element
        self.box = layout.rect(element.box)
        self._tag = layout.hub.tag(element.tag)
        self._letter = QRect()
        thick = min(self.box.width(), self.box.height())
        self._size = max(7, round(min(12 * layout.scale, thick * 1.3)))
        super().__init__(element, layout, outer(self.box, self._size + 4), (element.tag, element.setpoint))

    def refresh(self, layout: Layout) -> None:
        """Compute the fragments from the newest samples."""
        rows = RowList()
        self.stale = self.has_overlay = False
        if layout.true(self.bar.visible):
            sample = layout.hub.sample(self.bar.tag)
            number = sample.number if sample else None
            applies = layout.true(self.bar.applies)
            width, height = int(self.box.width()), int(self.box.height())
            paint = partial(
                _paint_scale, width=width, height=height, tag=self._tag, theme=layout.theme, empty=not applies
            )
            limits = self._tag.limits if self._tag else None
            span = (self._tag.low, self._tag.high) if self._tag else None
            cell = layout.atlas.cell(("scale", width, height, applies, limits, span), width + 8, height + 8, paint)
            rows.add(cell, self.box.x() - 4, self.box.y() - 4)
            if applies and number is not None and not shows_bad(sample):
                self._put(rows, layout, number, "pointer", before=True)
                self.has_overlay = shows_stale(sample)
            if applies:
                self._letter = put_letter_of(
                    rows, layout, sample, self._letter_at(layout, None if shows_bad(sample) else number)
                )
            target = layout.hub.sample(self.bar.setpoint) if self.bar.setpoint and applies else None
            if target is not None and target.number is not None and not shows_bad(target):
                self._put(rows, layout, target.number, "dim", before=False)
        self.rows = rows.array

    def _letter_at(self, layout: Layout, number: float | None) -> QPointF:
        """Return the middle of the end of the scale that is far from the pointer."""
        inset = letter_size(layout) / 2 + 2
        is_low = number is None or fraction(self._tag, number) < 0.5
        if self.box.height() >= self.box.width():
            return QPointF(self.box.center().x(), self.box.top() + inset if is_low else self.box.bottom() - inset)
        return QPointF(self.box.right() - inset if is_low else self.box.left() + inset, self.box.center().y())

    def _put(self, rows: RowList, layout: Layout, value: float, color: str, *, before: bool) -> None:
        upright = self.box.height() >= self.box.width()
        size = self._size if before else round(self._size * 0.8)
        turn = (0 if before else 180) if upright else (90 if before else 270)
        at = fraction(self._tag, value)
        paint = partial(_paint_pointer, size=size, turn=turn, theme=layout.theme, name=color)
        cell = layout.atlas.cell(("pointer", size, turn, color), size, size, paint)
        if upright:
            y = self.box.bottom() - at * self.box.height()
            rows.add(cell, self.box.left() - size if before else self.box.right(), y - size / 2)
        else:
            x = self.box.left() + at * self.box.width()
            rows.add(cell, x - size / 2, self.box.top() - size if before else self.box.bottom())
        if before:
            thick = max(2, round(3 * layout.scale))
            length = int(self.box.width() if upright else self.box.height())
            wide, high = (length, thick) if upright else (thick, length)
            line = layout.atlas.cell(
                ("line", wide, high), wide, high, partial(_fill_cell, wide=wide, high=high, theme=layout.theme)
            )
            if upright:
                rows.add(line, self.box.left(), y - thick / 2)
            else:
                rows.add(line, x - thick / 2, self.box.top())

    def overlay(self, painter: QPainter, layout: Layout) -> None:
        """Hatch or outline what is not good."""
        hatch(painter, outer(self.box), layout.theme, self._letter)


def _fill_cell(painter: QPainter, wide: int, high: int, theme: Theme) -> None:
    painter.fillRect(0, 0, wide, high, theme.color("pointer"))


class FillItem(Item):
    """Water standing in a tank or basin."""

    def __init__(self, element: Fill, layout: Layout) -> None:
        self.fill = element
        self.box = layout.rect(element.box)
        self._at: float | None = None
        self._letter = QRect()
        super().__init__(element, layout, outer(self.box), (element.tag,))

    def refresh(self, layout: Layout) -> None:
        """Compute the fragments from the newest samples."""
        sample, rows = layout.hub.sample(self.fill.tag), RowList()
        number = sample.number if sample is not None and not shows_bad(sample) else None
        self._at = None if number is None else fraction(layout.hub.tag(self.fill.tag), number)
        self.has_overlay = shows_stale(sample)
        inset = letter_size(layout) / 2 + 3
        self._letter = put_letter_of(rows, layout, sample, QPointF(self.box.right() - inset, self.box.bottom() - inset))
        self.rows = rows.array

    def underlay(self, painter: QPainter, layout: Layout) -> None:
        """Paint what lies below the batch."""
        if self._at is None:
            return
        height = round(self.box.height() * self._at)
        surface = QRectF(self.box.x(), self.box.bottom() - height, self.box.width(), height)
        painter.fillRect(surface, layout.theme.color("water"))
        painter.fillRect(QRectF(surface.x(), surface.y(), surface.width(), 2), layout.theme.color("spark"))

    def overlay(self, painter: QPainter, layout: Layout) -> None:
        """Hatch or outline what is not good."""
        hatch(painter, outer(self.box), layout.theme, self._letter)


class ProgressItem(Item):
    """A thin bar of what is done."""

    def __init__(self, element: Progress, layout: Layout) -> None:
        self.progress = element
        self.box = layout.rect(element.box)
        self._at = 0.0
        super().__init__(element, layout, outer(self.box, letter_size(layout)), (element.tag,))

    def refresh(self, layout: Layout) -> None:
        """Compute the fragments from the newest samples."""
        sample, rows = layout.hub.sample(self.progress.tag), RowList()
        number = sample.number if sample is not None and not shows_bad(sample) else None
        shown = layout.true(self.progress.visible) and layout.true(self.progress.applies)
        self._at = number / 100 if shown and number is not None else -1.0
        if shown:
            right = self.box.right() - letter_size(layout) / 2
            put_letter_of(rows, layout, sample, QPointF(right, self.box.center().y()), hatched=False)
        self.rows = rows.array

    def underlay(self, painter: QPainter, layout: Layout) -> None:
        """Paint what lies below the batch."""
        if self._at >= 0:
            painter.fillRect(self.box, layout.theme.color("normal_band"))
            done = QRectF(self.box.x(), self.box.y(), round(self.box.width() * min(1.0, self._at)), self.box.height())
            painter.fillRect(done, layout.theme.color("pointer"))


class FlowItem(Item):
    """A pipe: full while something flows, hollow while not."""

    def __init__(self, element: Flow, layout: Layout) -> None:
        self.flow = element
        self._width = max(3.0, element.width * layout.scale)
        self._points = QPolygonF(
            [
                QPointF(round(layout.left + x * layout.scale), round(layout.top + y * layout.scale))
                for x, y in element.points
            ]
        )
        self._full = False
        margin = max(int(self._width), letter_size(layout))
        super().__init__(element, layout, outer(self._points.boundingRect(), margin), (element.tag,))

    def refresh(self, layout: Layout) -> None:
        """Compute the fragments from the newest samples."""
        sample, rows = layout.hub.sample(self.flow.tag), RowList()
        number = sample.number if sample is not None and not shows_bad(sample) else None
        applies = layout.true(self.flow.applies)
        self._full = number is not None and number > self.flow.above and applies
        if applies:
            put_letter_of(rows, layout, sample, self._middle(), hatched=False)
        self.rows = rows.array

    def _middle(self) -> QPointF:
        """Return the middle of the longest stretch."""
        ends = [(self._points.at(i), self._points.at(i + 1)) for i in range(self._points.count() - 1)]
        lines = [QLineF(*pair) for pair in ends] or [QLineF()]
        return max(lines, key=QLineF.length).center()

    def underlay(self, painter: QPainter, layout: Layout) -> None:
        """Paint what lies below the batch."""
        style = (Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.MiterJoin)
        painter.setPen(QPen(layout.theme.color("pipe"), self._width, *style))
        painter.drawPolyline(self._points)
        if not self._full:
            painter.setPen(QPen(layout.theme.color("canvas"), max(1.0, self._width - 2.5), *style))
            painter.drawPolyline(self._points)
