"""A row of controls that wraps: what does not fit beside the others goes on in the next line."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QSizePolicy, QSpacerItem, QWidget

_MOST: int = 16_777_215
"""What Qt takes for "as wide as it likes"."""


@dataclass(slots=True)
class _Line:
    """Items beside one another, with the width that each has at least."""

    items: list[tuple[QLayoutItem, int]]
    width: int = 0


class FlowLayout(QLayout):
    """Lines of items, as few as fit; all as high as the highest of their line.

    What a line leaves free goes to its stretch, else to the items that grow, up to their greatest widths.
    """

    def __init__(self, parent: QWidget | None = None, *, gap: int, between: int | None = None) -> None:
        """``gap``: between items of a line; ``between``: from line to line, as ``gap`` where not given (px)."""
        super().__init__(parent)
        self.setContentsMargins(0, 0, 0, 0)
        self._items: list[QLayoutItem] = []
        self._grows: set[QLayoutItem] = set()
        self._leaving: list[QWidget] = []
        self._tell: Callable[[int], None] = lambda _: None
        self._gap, self._between = gap, gap if between is None else between

    def add(self, widget: QWidget, *, grows: bool = False) -> None:
        """Add a widget; ``grows``: it takes what its line leaves free, where there is no stretch."""
        self.addWidget(widget)
        if grows:
            self._grows.add(self._items[-1])

    def add_stretch(self) -> None:
        """Push what follows in the same line to its end."""
        self.addItem(QSpacerItem(0, 0))

    def addItem(self, item: QLayoutItem) -> None:  # noqa: N802
        """Take an item (Qt)."""
        self._items.append(item)

    def count(self) -> int:
        """Return how many items there are (Qt)."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # noqa: N802
        """Return an item (Qt)."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # noqa: N802
        """Give an item back (Qt)."""
        if not 0 <= index < len(self._items):
            return None
        item = self._items.pop(index)
        self._grows.discard(item)
        return item

    def expandingDirections(self) -> Qt.Orientation:  # noqa: N802
        """Return that it takes no more height than it needs (Qt)."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Return that a narrower row is higher (Qt)."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of all lines (Qt)."""
        return self._place(QRect(0, 0, width, 0), move=False)

    def sizeHint(self) -> QSize:
        """Return the size of one line with everything in it (Qt)."""
        widths = [_wanted(item) for item in self._items if not _absent(item)]
        width = sum(widths) + self._gap * max(0, len(widths) - 1)
        return QSize(width, self.heightForWidth(_MOST))

    def minimumSize(self) -> QSize:  # noqa: N802
        """Return the size of the widest item (Qt)."""
        sizes = [QSize(_wanted(item), item.sizeHint().height()) for item in self._items if not _absent(item)]
        widest, highest = (max(all_, default=0) for all_ in ([s.width() for s in sizes], [s.height() for s in sizes]))
        return QSize(widest, highest)

    def setGeometry(self, rect: QRect) -> None:  # noqa: N802
        """Place all items (Qt)."""
        super().setGeometry(rect)
        self._place(rect, move=True)
        self._tell(self.left(rect.width()))

    def let_leave(self, widgets: Sequence[QWidget], tell: Callable[[int], None]) -> None:
        """Let widgets leave the row, the first of them first, so that there are as few lines as without all of them.

        At most two of these; ``tell`` is called with how many left whenever the row was placed, and hides them.
        """
        self._leaving, self._tell = list(widgets), tell

    def left(self, width: int) -> int:
        """Return how many of those that may leave do so at a width, whatever is hidden now."""
        if not self._leaving:
            return 0
        counts = [len(self._lines(width, self._present(gone))) for gone in range(len(self._leaving) + 1)]
        most = min(2, counts[-1])
        return next((gone for gone, lines in enumerate(counts) if lines <= most), len(self._leaving))

    def _present(self, gone: int) -> list[QLayoutItem]:
        away, stay = self._leaving[:gone], self._leaving[gone:]
        return [one for one in self._items if one.widget() not in away and (one.widget() in stay or not _absent(one))]

    def _lines(self, width: int, items: Iterable[QLayoutItem]) -> list[_Line]:
        lines: list[_Line] = []
        for item in items:
            wanted = min(width, _wanted(item))
            more = wanted + (self._gap if lines and lines[-1].width and wanted else 0)
            if not lines or (lines[-1].width + more > width and wanted):
                lines.append(_Line([]))
                more = wanted
            lines[-1].items.append((item, wanted))
            lines[-1].width += more
        return lines

    def _place(self, rect: QRect, *, move: bool) -> int:
        top = rect.top()
        lines = self._lines(rect.width(), self._present(self.left(rect.width())))
        if len(lines) > 1 and lines[0].items[0][0].spacerItem() is not None:
            del lines[0].items[0]  # what goes on in the next line begins at the left
        for line in lines:
            height = max(item.sizeHint().height() for item, _ in line.items)
            if move:
                self._place_line(line, QRect(rect.left(), top, rect.width(), height))
            top += height + self._between
        return max(0, top - self._between - rect.top())

    def _place_line(self, line: _Line, rect: QRect) -> None:
        free, left = rect.width() - line.width, rect.left()
        stretches = sum(item.spacerItem() is not None for item, _ in line.items)
        growing = [item for item, _ in line.items if item in self._grows] if not stretches else []
        for item, wanted in line.items:
            width = wanted
            if item.spacerItem() is not None:
                left += free // stretches
                continue
            if item in growing:
                width = min(item.maximumSize().width(), wanted + free // len(growing))
            high = min(item.sizeHint().height(), rect.height())
            item.setGeometry(QRect(QPoint(left, rect.top() + (rect.height() - high) // 2), QSize(width, high)))
            left += width + self._gap


def _wanted(item: QLayoutItem) -> int:
    widget = item.widget()
    if widget is None:
        return 0
    ignored = widget.sizePolicy().horizontalPolicy() is QSizePolicy.Policy.Ignored
    hint = 0 if ignored else max(widget.minimumSizeHint().width(), widget.sizeHint().width())
    return min(max(widget.minimumWidth(), hint), widget.maximumWidth())


def _absent(item: QLayoutItem) -> bool:
    return item.isEmpty() and item.spacerItem() is None
