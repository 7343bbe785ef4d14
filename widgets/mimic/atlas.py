"""One pixmap that holds every digit, unit, symbol and mark, drawn from in one call."""

from array import array
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPixmap
from shiboken6 import Shiboken

from widgets.theme import font

Rows: TypeAlias = "array[float]"
"""Ten numbers a fragment, as QPainter.PixmapFragment lays them out."""
_FIELDS: Final = 10
_WIDTH: Final = 2048
_HEIGHT: Final = 512
_PAD: Final = 1
EMPTY: Final[Rows] = array("d")


@dataclass(frozen=True, slots=True)
class Cell:
    """A place in the atlas (device px), with the text's advance and baseline where it is one."""

    x: int
    y: int
    width: int
    height: int
    advance: float = 0.0
    baseline: float = 0.0
    step: int = 0
    """The advance in whole pixels."""
    tail: tuple[float, ...] = ()
    """The fragment's fields after its position."""


class Atlas:
    """Grows by shelves; cells are keyed and painted once. Colours are part of the key, so a theme needs a new one."""

    def __init__(self) -> None:
        self._pixmap = QPixmap(_WIDTH, _HEIGHT)
        self._pixmap.fill(Qt.GlobalColor.transparent)
        self._cells: dict[Hashable, Cell] = {}
        self._glyphs: dict[tuple[int, bool, int], dict[str, Cell]] = {}
        self._x = self._y = self._shelf = 0

    @property
    def pixmap(self) -> QPixmap:
        """The picture of all cells."""
        return self._pixmap

    def cell(self, key: Hashable, width: int, height: int, paint: Callable[[QPainter], None]) -> Cell:
        """Return the cell of a key, painting it the first time with its top left corner at 0, 0."""
        found = self._cells.get(key)
        if found is None:
            found = self._cells[key] = self._add(max(1, width), max(1, height), paint, 0.0, 0.0)
        return found

    def glyphs(self, pixels: int, bold: bool, color: QColor) -> "dict[str, Cell]":
        """Return the characters of one font and colour seen so far; ``text`` adds to it."""
        return self._glyphs.setdefault((pixels, bold, color.rgb()), {})

    def text(self, text: str, pixels: int, bold: bool, color: QColor) -> Cell:
        """Return the cell of a whole text or of one character."""
        known = self.glyphs(pixels, bold, color)
        found = known.get(text)
        if found is None:
            face = font(pixels, bold=bold)
            metrics = QFontMetricsF(face)
            advance, ascent = metrics.horizontalAdvance(text), metrics.ascent()

            def paint(painter: QPainter) -> None:
                painter.setFont(face)
                painter.setPen(color)
                painter.drawText(QPointF(_PAD, round(ascent)), text)

            height = round(ascent) + round(metrics.descent()) + 1
            width = int(advance + 2 * _PAD + 1)
            found = known[text] = self._add(width, height, paint, advance, float(round(ascent)))
        return found

    def _add(self, width: int, height: int, paint: Callable[[QPainter], None], advance: float, baseline: float) -> Cell:
        if self._x + width > _WIDTH:
            self._x, self._y, self._shelf = 0, self._y + self._shelf + 1, 0
        while self._y + height > self._pixmap.height():
            bigger = QPixmap(_WIDTH, self._pixmap.height() * 2)
            bigger.fill(Qt.GlobalColor.transparent)
            with QPainter(bigger) as painter:
                painter.drawPixmap(0, 0, self._pixmap)
            self._pixmap = bigger
        tail = (self._x, self._y, width, height, 1.0, 1.0, 0.0, 1.0)
        cell = Cell(self._x, self._y, width, height, advance, baseline, round(advance), tail)
        with QPainter(self._pixmap) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.translate(cell.x, cell.y)
            painter.setClipRect(QRect(0, 0, width, height))
            paint(painter)
        self._x += width + 1
        self._shelf = max(self._shelf, height)
        return cell


class RowList:
    """Collects fragments of one element: cells at whole pixels."""

    def __init__(self) -> None:
        self.array: Rows = array("d")

    def add(self, cell: Cell, left: float, top: float) -> None:
        """Put a cell with its top left corner at a place (device px)."""
        self.array.extend((round(left) + cell.width / 2, round(top) + cell.height / 2, *cell.tail))

    def add_text(self, cell: Cell, left: float, baseline: float) -> None:
        """Put a text cell with its origin at a place."""
        self.add(cell, left - _PAD, baseline - cell.baseline)

    def add_run(self, cells: list[Cell], left: float, baseline: float) -> None:
        """Put characters of one font side by side."""
        values: list[float] = []
        x, y = round(left) - _PAD, round(baseline)
        for cell in cells:
            values += (x + cell.width / 2, y - cell.baseline + cell.height / 2, *cell.tail)
            x += cell.step
        self.array.extend(values)


def draw_rows(painter: QPainter, rows: "list[Rows]", pixmap: QPixmap) -> None:
    """Paint the fragments of many elements with one call."""
    data = np.frombuffer(b"".join(rows), dtype=np.float64)
    if len(data):
        first: Any = Shiboken.wrapInstance(data.ctypes.data, QPainter.PixmapFragment)
        painter.drawPixmapFragments(first, len(data) // _FIELDS, pixmap)
