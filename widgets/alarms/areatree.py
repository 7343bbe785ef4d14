"""Areas, and below each the equipment with alarms, with counts that roll up; choosing one narrows the summary."""

from collections.abc import Iterable
from typing import Final

import numpy as np
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem

from app.model.plant import Plant
from widgets.alarms.book import AlarmBook
from widgets.alarms.cells import AlarmCells
from widgets.alarms.filtering import AlarmList, listed
from widgets.theme import font
from widgets.wording import THIN_SPACE, Wording

WIDTH: Final = 276
_NARROW: Final = 256
_NUMBERS: Final = 64
_BESIDE: Final = 20
_REFRESH_MS: Final = 200
_MOST_PLACES: Final = 60
"""More lines below an area than this help nobody; the text filter finds the others."""
_NAME: Final = Qt.ItemDataRole.UserRole


class AreaTree(QTreeWidget):
    """How many alarms of a list each area and equipment has, and how many of them wait.

    Signals:
        chosen(str, str): area and place (``index.place_of``); both empty for all.

    """

    chosen = Signal(str, str)

    def __init__(self, plant: Plant, book: AlarmBook, wording: Wording) -> None:
        super().__init__()
        self._plant, self._book, self._wording = plant, book, wording
        self._cells = AlarmCells(plant, wording)
        self._which = AlarmList.ACTIVE
        self._version = -1
        self._narrow = False
        self.setColumnCount(3)
        self.setHeaderLabels([self.tr("Area"), self.tr("All"), self.tr("Unack.")])
        self.setRootIsDecorated(False)
        self.setIndentation(12)
        self.setUniformRowHeights(True)
        self.setFixedWidth(WIDTH)
        self.setAccessibleName(self.tr("Areas"))
        self.header().setStretchLastSection(False)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2):
            self.header().setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            self.header().resizeSection(column, _NUMBERS)
            self.headerItem().setTextAlignment(column, Qt.AlignmentFlag.AlignRight)
        self._root = QTreeWidgetItem(self, [self.tr("All areas")])
        self._areas = {name: self._item(self._root, name) for name in plant.areas}
        self._places: dict[tuple[str, str], QTreeWidgetItem] = {}
        self._root.setExpanded(True)
        self._pending = QTimer(self, singleShot=True, interval=_REFRESH_MS)
        self._pending.timeout.connect(self.refresh)
        book.changed.connect(self._wait)
        self.itemExpanded.connect(self._show_places)
        self.currentItemChanged.connect(self._choose)
        self.setCurrentItem(self._root)
        self.refresh()

    def show_list(self, which: AlarmList) -> None:
        """Count the alarms of another list."""
        self._which = which
        self._version = -1
        self.refresh()

    def show_chosen(self, area: str, place: str) -> None:
        """Mark what the summary is narrowed to, without a word."""
        self.blockSignals(True)
        item = self._areas.get(area, self._root)
        if place:
            item.setExpanded(True)
            self._show_places(item)
            item = self._places.get((area, place), item)
        self.setCurrentItem(item)
        self.blockSignals(False)

    def counts(self) -> dict[str, tuple[int, int]]:
        """Return the numbers shown of each area: all, and those that wait."""
        shown = {name: (item.text(1), item.text(2)) for name, item in self._areas.items()}
        return {
            name: (int(total.replace(THIN_SPACE, "") or 0), int(waiting.replace(THIN_SPACE, "") or 0))
            for name, (total, waiting) in shown.items()
        }

    def refresh(self) -> None:
        """Count anew."""
        index = self._book.index
        if self._version == index.version:
            return
        self._version = index.version
        mask = listed(index, self._which)
        self._write(self._root, int(np.count_nonzero(mask)), int(np.count_nonzero(mask & index.columns["waiting"])))
        self._make_room()
        counts = index.area_counts(mask)
        for name, item in self._areas.items():
            total, waiting = counts.get(name, (0, 0))
            self._write(item, total, waiting)
            policy = QTreeWidgetItem.ChildIndicatorPolicy
            item.setChildIndicatorPolicy(policy.ShowIndicator if total else policy.DontShowIndicatorWhenChildless)
            if item.isExpanded():
                self._show_places(item)

    def _make_room(self) -> None:
        """Give the numbers the room that the greatest needs: a number that is cut is a wrong one."""
        wide = QFontMetrics(font(bold=True)).horizontalAdvance(self._root.text(1)) + _BESIDE
        wide = max(_NUMBERS, wide)
        if wide != self.columnWidth(1):
            for column in (1, 2):
                self.setColumnWidth(column, wide)
        self.setFixedWidth((_NARROW if self._narrow else WIDTH) + 2 * (wide - _NUMBERS))

    def set_narrow(self, narrow: bool) -> None:
        """Leave more room to what stands beside it."""
        if narrow != self._narrow:
            self._narrow = narrow
            self._make_room()

    def _show_places(self, item: QTreeWidgetItem) -> None:
        area = str(item.data(0, _NAME) or "")
        if item.parent() is not self._root:
            return
        index = self._book.index
        mask = listed(index, self._which) & index.concerning([area])
        codes, sizes = np.unique(index.columns["place"][mask], return_counts=True)
        waiting = np.bincount(
            index.columns["place"][mask & index.columns["waiting"]], minlength=len(index.places.texts)
        )
        most = codes[np.argsort(-sizes, kind="stable")][:_MOST_PLACES].tolist()
        names = {index.places.texts[code]: code for code in most}
        self._keep(area, item, sorted(name for name in names if name and name != area))
        sized = dict(zip(codes.tolist(), sizes.tolist(), strict=True))
        for name, code in names.items():
            if (area, name) in self._places:
                self._write(self._places[area, name], sized[code], int(waiting[code]))

    def _keep(self, area: str, item: QTreeWidgetItem, names: Iterable[str]) -> None:
        wanted = set(names)
        current = self.currentItem()
        for key in [key for key in self._places if key[0] == area and key[1] not in wanted]:
            if self._places[key] is current:
                self._write(current, 0, 0)  # what the summary is narrowed to stays
            else:
                item.removeChild(self._places.pop(key))
        for name in names:
            if (area, name) not in self._places:
                self._places[area, name] = self._item(item, name)

    def _item(self, parent: QTreeWidgetItem, name: str) -> QTreeWidgetItem:
        title = self._cells.place(name)
        item = QTreeWidgetItem(parent, [title])
        item.setData(0, _NAME, name)
        item.setToolTip(0, title if title == name else f"{title}\n{name}")
        return item

    def _write(self, item: QTreeWidgetItem, total: int, waiting: int) -> None:
        number = self._wording.number
        texts = (number(total, 0) if total else "", number(waiting, 0) if waiting else "")
        if (item.text(1), item.text(2)) != texts:
            for column, text in enumerate(texts, 1):
                item.setText(column, text)
                item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            item.setFont(2, font(15, bold=bool(waiting)))

    def _choose(self, item: QTreeWidgetItem | None) -> None:
        parent = item.parent() if item is not None else None
        if item is None or parent is None:
            self.chosen.emit("", "")
        elif parent is self._root:
            self.chosen.emit(str(item.data(0, _NAME)), "")
        else:
            self.chosen.emit(str(parent.data(0, _NAME)), str(item.data(0, _NAME)))

    def _wait(self) -> None:
        if self.isVisible() and not self._pending.isActive():
            self._pending.start()

    def showEvent(self, event: object) -> None:
        """Count what changed while hidden."""
        self.refresh()
