"""How the lines of an alarm summary are painted: all that is on the screen in one go, from texts that are kept.

A delegate a cell would ask the model some thousand times a picture; while 100,000 alarms move, that is too long.
"""

from typing import Final

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen, QPixmap

from app.model.alarm import Priority
from widgets.alarms.cells import Column
from widgets.alarms.grouping import AlarmGroup
from widgets.alarms.model import AlarmModel
from widgets.alarms.row import AlarmRow
from widgets.marks import paint_mark
from widgets.theme import ThemeManager, font

PAD: Final = 8
_GAP: Final = 16
_WIDEST: Final = 300
"""What people typed takes no more room (px) than this; the tip has all of it."""
_MARK: Final = 22
_MOST_KEPT: Final = 4000
_RIGHT: Final = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LEFT: Final = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_GIVE_WAY: Final = frozenset({Column.TEXT, Column.AREA, Column.ACKNOWLEDGED, Column.REASON, Column.STATE})
_STRONG: Final = frozenset({Column.STATE, Column.TEXT})
"""What is set semi-bold in a line that waits to be acknowledged."""
_MOVING: Final = frozenset({Column.MARK, Column.TIME, Column.LEFT})
"""Columns whose text is not kept: there is none, or it changes with the time."""

Line = AlarmRow | AlarmGroup


class LineTexts:
    """Texts of the lines that were looked at last; an alarm's are kept until it changes."""

    def __init__(self, model: AlarmModel) -> None:
        self._model = model
        self._kept: dict[int, tuple[Line, dict[Column, str]]] = {}

    def line(self, number: int) -> Line | None:
        """Return what stands in a line."""
        return self._model.row(number) or self._model.heading(number)

    def text(self, line: Line, column: Column) -> str:
        """Return what a cell says."""
        if column in _MOVING:
            return self._model.line_text(line, column)
        kept = self._kept.get(id(line))
        if kept is None or kept[0] is not line:
            if len(self._kept) > _MOST_KEPT:
                self._kept.clear()
            kept = self._kept[id(line)] = (line, {})
        text = kept[1].get(column)
        if text is None:
            text = kept[1][column] = self._model.line_text(line, column)
        return text


class LinePainter:
    """Paints lines, and tells how wide their texts are."""

    def __init__(self, texts: LineTexts, themes: ThemeManager) -> None:
        self._texts, self._themes = texts, themes
        self._marks: dict[tuple[Priority, bool, bool, float], QPixmap] = {}
        self._plain, self._strong = font(), font(bold=True)
        self._metrics = QFontMetrics(self._strong)
        themes.changed.connect(self._marks.clear)

    def width(self, lines: range, column: Column) -> int:
        """Return the width (px) that the widest text of a column wants."""
        if column is Column.MARK:
            return _MARK + 2 * PAD
        found = (self._texts.line(number) for number in lines)
        texts = {self._texts.text(line, column) for line in found if line is not None}
        widest = max(map(self._metrics.horizontalAdvance, texts), default=0) + 2 * PAD
        return min(widest, _WIDEST) if column in {Column.REASON, Column.ACKNOWLEDGED} else widest

    def paint(
        self, painter: QPainter, line: Line, box: QRect, columns: list[tuple[Column, int, int]], *,
        selected: bool, hovered: bool, lit: bool,
    ) -> None:  # fmt: skip
        """Paint one line.

        Args:
            painter: of the viewport.
            line: the alarm or the heading.
            box: place of the line (px).
            columns: with the place and width of each (px).
            selected: whether it is selected.
            hovered: whether the pointer is over it.
            lit: phase of blinking.

        """
        themes = self._themes
        heading = isinstance(line, AlarmGroup)
        waiting = line.unacknowledged > 0 if isinstance(line, AlarmGroup) else line.waiting
        priority = line.priority if isinstance(line, AlarmGroup) else line.definition.priority
        if selected:
            painter.fillRect(box, themes.color("selection"))
        elif hovered or heading:
            painter.fillRect(box, themes.color("hover" if hovered else "chrome"))
        painter.setPen(themes.color("selection_text" if selected else "ink"))
        painter.setFont(self._plain)
        for column, left, width in columns:
            if column is Column.MARK:
                if selected:  # the phase without colour would not be seen on it
                    painter.fillRect(QRect(left, box.top(), width, box.height()), themes.color("panel"))
                mark = self._mark(priority, waiting, lit, painter.device().devicePixelRatioF())
                painter.drawPixmap(left + (width - _MARK) // 2, box.top() + (box.height() - _MARK) // 2, mark)
                continue
            text = self._texts.text(line, column)
            if text:
                inside = width - 2 * PAD
                if column in _GIVE_WAY and self._metrics.horizontalAdvance(text) > inside:
                    text = self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, inside)
                right = column in {Column.VALUE, Column.LIMIT}
                place = QRect(left + PAD, box.top(), inside, box.height())
                strong = column in _STRONG and (waiting or heading)
                if strong:
                    painter.setFont(self._strong)
                painter.drawText(place, _RIGHT if right else _LEFT, text)
                if isinstance(line, AlarmGroup) and column is Column.TEXT:
                    self._paint_counts(
                        painter, line, place.adjusted(self._metrics.horizontalAdvance(text) + _GAP, 0, 0, 0)
                    )
                if strong:
                    painter.setFont(self._plain)

    def _paint_counts(self, painter: QPainter, group: AlarmGroup, room: QRect) -> None:
        """Paint how many alarms of each priority a heading has, as far as there is room."""
        ratio, left = painter.device().devicePixelRatioF(), room.left()
        for priority, count in group.counts.items():
            text = str(count)
            wide = _MARK + PAD + self._metrics.horizontalAdvance(text) + _GAP
            if left + wide > room.right():
                return
            painter.drawPixmap(
                left, room.center().y() - _MARK // 2, self._mark(priority, priority in group.waiting, True, ratio)
            )
            painter.drawText(QRect(left + _MARK + PAD, room.top(), wide, room.height()), _LEFT, text)
            left += wide

    def say(self, painter: QPainter, box: QRect, text: str) -> None:
        """Say why there is no line."""
        painter.setPen(self._themes.color("dim"))
        painter.setFont(self._plain)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)

    def outline(self, painter: QPainter, box: QRect) -> None:
        """Paint the outline of the current line of a table with the focus."""
        painter.setPen(QPen(self._themes.color("selection"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box.adjusted(0, 0, -1, -1))

    def _mark(self, priority: Priority, waiting: bool, lit: bool, ratio: float) -> QPixmap:
        key = (priority, waiting, lit or not waiting, ratio)
        kept = self._marks.get(key)
        if kept is None:
            kept = QPixmap(round(_MARK * ratio), round(_MARK * ratio))
            kept.setDevicePixelRatio(ratio)
            kept.fill(Qt.GlobalColor.transparent)
            painter = QPainter(kept)
            box = QRectF(0, 0, _MARK, _MARK)
            paint_mark(painter, box, priority, self._themes.theme, hollow=not waiting, blank=waiting and not lit)
            painter.end()
            self._marks[key] = kept
        return kept
