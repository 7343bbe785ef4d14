"""The alarm list: filter, sort, acknowledge the selected or the visible, with guidance for the current row."""

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRectF, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.model.alarm import Priority
from app.model.alarm_action import AlarmAction
from app.model.plant import Plant
from widgets.alarms.book import AlarmBook, AlarmRow
from widgets.alarms.columns import ColumnFit, dress_rows
from widgets.alarms.device_menu import add_device_entries
from widgets.alarms.model import ROW_ROLE, SORT_ROLE, AlarmModel, Column
from widgets.flow import FlowLayout
from widgets.marks import paint_mark
from widgets.theme import GAP, HALF, STEP, ThemeManager
from widgets.wording import Wording

Index = QModelIndex | QPersistentModelIndex
_LEAST_TEXT: Final = 300
"""Width (px) that the alarm's description keeps; area and acknowledgement give way."""


class MarkDelegate(QStyledItemDelegate):
    """Paints the priority mark: filled while unacknowledged."""

    def __init__(self, themes: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self._themes = themes

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the cell's ground, then the mark."""
        super().paint(painter, option, index)
        row = index.data(ROW_ROLE)
        if isinstance(row, AlarmRow):
            rect = QRectF(option.rect)
            square = QRectF(0, 0, 22, 22)
            square.moveCenter(rect.center())
            filled = row.snapshot.unacknowledged and not row.suppressed
            paint_mark(painter, square, row.definition.priority, self._themes.theme, hollow=not filled)


class AlarmFilter(QSortFilterProxyModel):
    """Filters by text, priority, area and whether it is unacknowledged; sorts by SORT_ROLE."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._wanted: Callable[[AlarmRow], bool] = lambda row: not row.suppressed
        self.setSortRole(SORT_ROLE)
        self.setDynamicSortFilter(True)

    def want(self, wanted: Callable[[AlarmRow], bool]) -> None:
        """Take a new condition."""
        self.beginFilterChange()
        self._wanted = wanted
        self.endFilterChange()

    def filterAcceptsRow(self, source_row: int, source_parent: Index) -> bool:
        """Tell whether a row is shown."""
        row = self.sourceModel().index(source_row, 0, source_parent).data(ROW_ROLE)
        return isinstance(row, AlarmRow) and self._wanted(row)


class AlarmListPage(QWidget):
    """The alarm workspace.

    Signals:
        acknowledge(object, str): list of (alarm id, event id), and a comment.
        opened(object): the AlarmRow of a row that was activated.
        trend_wanted(str): the tag of a row whose trend is wanted.
        device_action(object, object, str, float): an AlarmAction for alarms that devices judge, list of (alarm id,
            event id), a comment, and the time of shelving (s).

    """

    acknowledge = Signal(object, str)
    opened = Signal(object)
    trend_wanted = Signal(str)
    device_action = Signal(object, object, str, float)

    def __init__(self, plant: Plant, book: AlarmBook, themes: ThemeManager, wording: Wording) -> None:
        super().__init__()
        self._plant, self._book, self._wording = plant, book, wording
        self._may = False
        self._model = AlarmModel(plant, book, wording)
        self._model.setParent(self)
        self._proxy = AlarmFilter(self)
        self._proxy.setSourceModel(self._model)
        self.table = self._make_table(themes)
        self._text = QLineEdit(placeholderText=self.tr("Filter by tag or text"), clearButtonEnabled=True)
        self._priority = QComboBox()
        self._area = QComboBox()
        self._unacknowledged = QPushButton(self.tr("Unacknowledged only"))
        self._unacknowledged.setCheckable(True)
        self._suppressed = QPushButton()
        self._suppressed.setCheckable(True)
        self._suppressed.setToolTip(
            self.tr("Also list alarms that are shelved, out of service or suppressed by design")
        )
        self._count = QLabel()
        self._count.setProperty("look", "label")
        self._comment = QLineEdit(placeholderText=self.tr("Comment (optional)"))
        self._selected = QPushButton(self.tr("Acknowledge selected"))
        self._visible = QPushButton(self.tr("Acknowledge visible page"))
        self._guidance = QLabel(wordWrap=True)
        self._guidance.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._fill_choices()
        self._lay_out()
        self._connect()
        self._show_state()

    def set_may_acknowledge(self, may: bool) -> None:
        """Enable or disable acknowledging (logged in and linked)."""
        self._may = may
        for button in (self._selected, self._visible, self._comment):
            button.setEnabled(may)

    def selected_rows(self) -> list[AlarmRow]:
        """Return the alarms of the selected lines."""
        found = [index.data(ROW_ROLE) for index in self.table.selectionModel().selectedRows()]
        return [row for row in found if isinstance(row, AlarmRow)]

    def visible_rows(self) -> list[AlarmRow]:
        """Return the alarms whose line is on screen now; acknowledging the page never reaches a hidden one."""
        view = self.table.viewport().rect()
        rows = []
        for number in range(self._proxy.rowCount()):
            index = self._proxy.index(number, 0)
            rect = self.table.visualRect(index)
            if rect.isValid() and rect.top() >= view.top() and rect.bottom() <= view.bottom():
                rows.append(index.data(ROW_ROLE))
        return [row for row in rows if isinstance(row, AlarmRow)]

    def _make_table(self, themes: ThemeManager) -> QTableView:
        table = QTableView()
        table.setModel(self._proxy)
        table.setItemDelegateForColumn(Column.MARK, MarkDelegate(themes, table))
        table.setSortingEnabled(True)
        table.sortByColumn(Column.MARK, Qt.SortOrder.AscendingOrder)
        dress_rows(table, self.tr("Alarms"), row_height=34)
        self._fit = ColumnFit(table, Column.TEXT, _LEAST_TEXT, (Column.AREA, Column.ACKNOWLEDGED))
        return table

    def _fill_choices(self) -> None:
        self._priority.addItem(self.tr("All priorities"), None)
        for priority in Priority:
            self._priority.addItem(self.tr("Priority {0}").format(int(priority)), int(priority))
        self._area.addItem(self.tr("All areas"), None)
        for area in self._plant.areas.values():
            self._area.addItem(self._wording.text(area.title), area.id)

    def _lay_out(self) -> None:
        filters = FlowLayout(gap=STEP)
        self._text.setMinimumWidth(220)
        self._text.setMaximumWidth(320)
        for widget in (self._text, self._priority, self._area, self._unacknowledged, self._suppressed):
            filters.add(widget)
        filters.add_stretch()
        filters.add(self._count)
        self._guidance.setMinimumHeight(self._guidance.fontMetrics().height())  # the table does not move for one line
        actions = FlowLayout(gap=STEP)
        actions.add_stretch()
        self._comment.setFixedWidth(260)
        for widget in (self._comment, self._selected, self._visible):
            actions.add(widget)
        box = QVBoxLayout(self)
        box.setContentsMargins(GAP, GAP, GAP, GAP)
        box.setSpacing(STEP + HALF)
        box.addLayout(filters)
        box.addWidget(self.table, 1)
        box.addWidget(self._guidance)
        box.addLayout(actions)

    def _connect(self) -> None:
        self._text.textChanged.connect(self._refilter)
        self._priority.currentIndexChanged.connect(self._refilter)
        self._area.currentIndexChanged.connect(self._refilter)
        self._unacknowledged.toggled.connect(self._refilter)
        self._suppressed.toggled.connect(self._refilter)
        self._selected.clicked.connect(lambda: self._acknowledge(self.selected_rows()))
        self._visible.clicked.connect(lambda: self._acknowledge(self.visible_rows()))
        self.table.activated.connect(self._open)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._show_menu)
        self.table.selectionModel().selectionChanged.connect(self._show_guidance)
        self._book.changed.connect(self._show_state)

    def _refilter(self) -> None:
        text = self._text.text().strip().casefold()
        priority, area = self._priority.currentData(), self._area.currentData()
        only, suppressed = self._unacknowledged.isChecked(), self._suppressed.isChecked()

        def wanted(row: AlarmRow) -> bool:
            definition = row.definition
            words = f"{definition.id} {definition.text.en} {definition.text.zh}".casefold()
            return (
                (suppressed or not row.suppressed)
                and (priority is None or int(definition.priority) == priority)
                and (area is None or definition.concerns(area))
                and (not only or row.snapshot.unacknowledged)
                and text in words
            )

        self._proxy.want(wanted)
        self._show_state()

    def _acknowledge(self, rows: list[AlarmRow]) -> None:
        pairs = [(r.snapshot.id, r.snapshot.event_id) for r in rows if r.snapshot.unacknowledged]
        if pairs:
            self.acknowledge.emit(pairs, self._comment.text().strip())
            self._comment.clear()

    def _open(self, index: Index) -> None:
        row: Any = self._proxy.index(index.row(), 0).data(ROW_ROLE)
        if isinstance(row, AlarmRow):
            self.opened.emit(row)

    def _show_menu(self, at: QPoint) -> None:
        row: Any = self.table.indexAt(at).data(ROW_ROLE)
        if not isinstance(row, AlarmRow):
            return
        tag = row.definition.tag
        if tag not in self._plant.tags and row.snapshot.external is None:
            return
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        if tag in self._plant.tags:
            menu.addAction(self.tr("Trend")).triggered.connect(lambda _=False: self.trend_wanted.emit(tag))
        rows = self.selected_rows()
        rows = rows if row in rows else [row]
        add_device_entries(menu, rows, self._comment.text().strip(), self._ask_device, may=self._may)
        menu.popup(self.table.viewport().mapToGlobal(at))

    def _ask_device(self, action: AlarmAction, pairs: list[tuple[str, str]], time_s: float) -> None:
        self.device_action.emit(action, pairs, self._comment.text().strip(), time_s)
        self._comment.clear()

    def _show_state(self) -> None:
        shown = [row for row in self._book.rows() if not row.suppressed]
        unacknowledged = sum(row.snapshot.unacknowledged for row in shown)
        text = self.tr("{0} alarms, {1} unacknowledged").format(len(shown), unacknowledged)
        self._suppressed.setText(self.tr("Suppressed {0}").format(len(self._book.rows()) - len(shown)))
        self._count.setText(text if self._book.known else self.tr("Not known: no link to the engine"))

    def _show_guidance(self) -> None:
        rows = self.selected_rows()
        guidance = rows[0].definition.guidance if len(rows) == 1 else None
        if guidance is None:
            self._guidance.clear()
            return
        parts = [self._wording.text(part) for part in (guidance.cause, guidance.action) if part]
        self._guidance.setText("\n".join(parts))
