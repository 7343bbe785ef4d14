"""The table of the legend: it keeps the picture of its cells, and paints anew only those that say something else."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QItemSelection, QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QHelpEvent, QHoverEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QHeaderView, QTableWidget, QToolTip, QWidget

from widgets.theme import ThemeManager
from widgets.tips import plain_tip
from widgets.trend.legend_cell import PEN_ROLE, QUALITY_ROLE, CellPainter, LegendDelegate, Quality
from widgets.trend.pens import Pen, PenSet

Index = QModelIndex | QPersistentModelIndex
Spots = dict[int, tuple[int, int]]
"""Left edge and width of each column that shows."""
_WIDEST: Final = 200


class LegendHeader(QHeaderView):
    """The names of the columns, painted when they or their places are others, else copied."""

    def __init__(self, themes: ThemeManager, parent: QTableWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._themes = themes
        self._picture = QPixmap()
        self._laid_out: tuple[object, ...] = ()
        self.setSectionsClickable(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        themes.changed.connect(self.paint_anew)

    def paint_anew(self) -> None:
        """Paint all names: the theme or a name is another one."""
        self._laid_out = ()
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Bring the picture up to date, and copy what is asked for."""
        ratio, height = self.devicePixelRatioF(), self.viewport().height()
        places = [(self.sectionViewportPosition(n), self.sectionSize(n)) for n in range(self.count())]
        laid_out = (ratio, self.viewport().size(), places, self.isEnabled())
        if laid_out != self._laid_out:
            self._laid_out = laid_out
            self._picture = QPixmap(self.viewport().size() * ratio)
            self._picture.fill(self._themes.theme.color("chrome"))
            painter = QPainter(self._picture)
            painter.scale(ratio, ratio)
            for number, (left, width) in enumerate(places):
                if width > 0:
                    self.paintSection(painter, QRect(left, 0, width, height), number)
            painter.end()
        _copy(self.viewport(), self._picture, ratio)


class LegendTable(QTableWidget):
    """Cells are painted into one picture, which is copied; a figure that changed is painted over the old one."""

    def __init__(self, columns: int, pens: PenSet, themes: ThemeManager) -> None:
        super().__init__(0, columns)
        self._pens, self._themes = pens, themes
        self._cells = CellPainter()
        self._picture = QPixmap()
        self._laid_out: tuple[object, ...] = ()
        self._stale: set[tuple[int, int]] = set()
        self._wide: dict[int, set[int]] = {}
        """Of a line the cells in which a text stands that is wider than its own: they are painted together."""
        self._under = (-1, -1)
        """Cell under the pointer."""
        self._least: dict[int, int] = {}
        header = LegendHeader(themes, self)
        self.setHorizontalHeader(header)
        self.model().headerDataChanged.connect(header.paint_anew)
        self.setItemDelegate(LegendDelegate(self))
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        pens.changed.connect(self.paint_anew)
        themes.changed.connect(self.paint_anew)

    def paint_anew(self) -> None:
        """Paint all cells: something changed that is not in their texts."""
        self._laid_out = ()
        self.viewport().update()

    def make_room(self, column: int, text: str) -> None:
        """Widen a column of figures for a text, up to a limit, so that neighbours do not run together."""
        if not self.isColumnHidden(column) and self._cells.beyond(column, self.columnWidth(column), text):
            self._least.setdefault(column, self.columnWidth(column))
            self.setColumnWidth(column, min(_WIDEST, max(self.columnWidth(column), self._cells.needed(text))))

    def take_room_back(self) -> None:
        """Return the columns to the widths that they had: other pens are shown."""
        for column, width in self._least.items():
            self.setColumnWidth(column, width)
        self._least.clear()

    def dataChanged(self, first: Index, last: Index, roles: Sequence[int] = ()) -> None:  # noqa: N802
        """Remember which cells say something else."""
        rows, columns = range(first.row(), last.row() + 1), range(first.column(), last.column() + 1)
        self._stale.update((row, column) for row in rows for column in columns)
        super().dataChanged(first, last, roles)

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:  # noqa: N802
        """Paint the lines that were chosen and left."""
        super().selectionChanged(selected, deselected)
        self.paint_anew()

    def viewportEvent(self, event: QEvent) -> bool:
        """Follow the pointer: the cell under it looks so."""
        if isinstance(event, QHoverEvent):
            left = event.type() is QEvent.Type.HoverLeave
            at = self.indexAt(event.position().toPoint()) if not left else QModelIndex()
            if (under := (at.row(), at.column())) != self._under:
                self._stale |= {self._under, under}
                self._under = under
                self.viewport().update()
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            at = self.indexAt(event.pos())
            text, tip = self._text(at.row(), at.column()), at.data(Qt.ItemDataRole.ToolTipRole)
            if self._cells.beyond(at.column(), self.columnWidth(at.column()), text):
                tips = text, str(tip or "")
                QToolTip.showText(event.globalPos(), plain_tip("\n".join(filter(None, tips))), self)
                return True
        return super().viewportEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Bring the picture up to date, and copy what is asked for."""
        ratio = self.devicePixelRatioF()
        spots: Spots = {
            column: (self.columnViewportPosition(column), self.columnWidth(column))
            for column in range(self.columnCount()) if not self.isColumnHidden(column)
        }  # fmt: skip
        laid_out = (ratio, self.viewport().size(), spots, self.rowCount(), self.rowViewportPosition(0))
        if laid_out != self._laid_out:
            self._laid_out = laid_out
            self._picture = QPixmap(self.viewport().size() * ratio)
            self._picture.fill(self._themes.theme.color("panel"))
            self._wide = {}
            self._stale = {(row, column) for row in range(self.rowCount()) for column in spots}
        if self._stale:
            self._paint_stale(ratio, spots)
        _copy(self.viewport(), self._picture, ratio)

    def _paint_stale(self, ratio: float, spots: Spots) -> None:
        rows: dict[int, list[int]] = {}
        for row, column in sorted(self._stale):
            if row >= 0 and column in spots:
                rows.setdefault(row, []).append(column)
        self._stale = set()
        painter = QPainter(self._picture)
        painter.scale(ratio, ratio)
        chosen = {index.row() for index in self.selectionModel().selectedRows()}
        for row, columns in rows.items():
            top, height = self.rowViewportPosition(row), self.rowHeight(row)
            if top + height > 0 and top < self.viewport().height():
                self._paint_line(painter, row, columns, spots, top, height, row in chosen)
        painter.end()

    def _paint_line(
        self, painter: QPainter, row: int, columns: list[int], spots: Spots, top: int, height: int, chosen: bool
    ) -> None:  # fmt: skip
        theme = self._themes.theme
        texts = {column: self._text(row, column) for column in columns}
        wide = self._wide.get(row, set())
        over = {reached for column, text in texts.items() for reached in self._reached(column, text, spots)}
        if over or not wide.isdisjoint(columns):
            self._wide[row] = together = wide | over
            texts = {column: self._text(row, column) for column in sorted(together.union(columns) & spots.keys())}
        for column in texts:
            left, width = spots[column]
            looks = "hover" if chosen or (row, column) == self._under else "panel"
            painter.fillRect(left, top, width, height, theme.color(looks))
        head = self.item(row, 0)
        of = head.data(PEN_ROLE) if head is not None else None
        discrete = isinstance(of, Pen) and of.is_discrete
        for column, text in texts.items():
            left, width = spots[column]
            rect = QRect(left, top, width, height)
            if column == 0 and isinstance(of, Pen):
                self._cells.paint_head(painter, theme, rect, text, of, of is self._pens.current)
            else:
                self._cells.paint(painter, theme, rect, column, text, discrete)
                quality = self._quality(row, column)
                if quality is not None:
                    self._cells.paint_quality(painter, theme, rect, text, quality)

    def _reached(self, column: int, text: str, spots: Spots) -> set[int]:
        """Return in which cells a text stands that is wider than its own; none where it is not."""
        left, width = spots[column]
        beyond = self._cells.beyond(column, width, text)
        if not beyond:
            return set()
        return {other for other, (begin, room) in spots.items() if begin <= left and begin + room > left - beyond}

    def _quality(self, row: int, column: int) -> Quality | None:
        item = self.item(row, column)
        found = item.data(QUALITY_ROLE) if item is not None else None
        return found if isinstance(found, Quality) else None

    def _text(self, row: int, column: int) -> str:
        item = self.item(row, column)
        return item.text() if item is not None else ""


def _copy(viewport: QWidget, picture: QPixmap, ratio: float) -> None:
    """Show a picture that is as large as a widget, pixel by pixel."""
    painter = QPainter(viewport)
    painter.scale(1.0 / ratio, 1.0 / ratio)
    painter.drawPixmap(0, 0, picture)
    painter.end()
