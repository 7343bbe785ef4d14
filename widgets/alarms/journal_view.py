"""The journal page: pages of a filter by key, a trend of an incident, a file of all rows."""

from dataclasses import replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QTableView, QVBoxLayout, QWidget

from app.model.journal import JournalCount, JournalPage, JournalQuery, JournalRow
from app.model.plant import Plant
from widgets.alarms.columns import ColumnFit, dress_rows
from widgets.alarms.journal_filters import JournalFilters
from widgets.alarms.journal_foot import JournalFoot
from widgets.alarms.journal_given import GivenFilter, narrowed
from widgets.alarms.journal_model import JournalColumn, JournalModel
from widgets.flow import FlowLayout
from widgets.theme import GAP, HALF, STEP
from widgets.wording import Wording

_LOOKED_AT: Final = 500
_TYPING_MS: Final = 300
_LEAST_TEXT: Final = 280
"""Width (px) that the text keeps; kind, comment, user and the state before give way, empty ones first."""

_WIDEST_COMMENT: Final = 420
"""Width (px) beyond which a comment is cut; the line below the table has the whole of it."""
_DETAIL: Final = (
    JournalColumn.KIND, JournalColumn.EVENT, JournalColumn.OBJECT, JournalColumn.TEXT, JournalColumn.USER,
    JournalColumn.COMMENT,
)  # fmt: skip


class JournalView(QWidget):
    """The journal workspace; it asks for pages by a signal and is given them by ``take``.

    Signals:
        wanted(object): a JournalQuery whose next page is wanted.
        count_wanted(object): a JournalQuery whose rows are to be counted (``take_count``).
        export_wanted(object, object): the path of a file, and the JournalQuery whose rows it is to have.
        export_cancelled(): write no further.
        incident_wanted(object, object, object): tags, first and last time (ns, UTC) of the rows selected: for a trend.
        opened(str): tag of a row that was activated.

    """

    wanted = Signal(object)
    count_wanted = Signal(object)
    export_wanted = Signal(object, object)
    export_cancelled = Signal()
    incident_wanted = Signal(object, object, object)
    opened = Signal(str)

    def __init__(self, plant: Plant, wording: Wording) -> None:
        super().__init__()
        self._plant, self._wording = plant, wording
        self.model = JournalModel(plant, wording)
        self.model.setParent(self)
        self._query = JournalQuery()
        self._awaited: JournalQuery | None = None
        self.filters = JournalFilters(plant, wording)
        self.given = GivenFilter(wording)
        self.foot = JournalFoot(wording)
        self._reload = QPushButton(self.tr("Refresh"))
        self.incident = QPushButton(self.tr("Trend of the selection"))
        self.incident.setToolTip(self.tr("A trend of the tags of the selected rows at that time, with the alarms (T)"))
        self._export = QPushButton(self.tr("Export…"))
        self._detail = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self._detail.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._detail.hide()
        self.table = self._make_table()
        self._lay_out()
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._connect()

    def reload(self) -> None:
        """Fetch the first page of the current filter."""
        self._query = self.filters.query()
        if self.given.query is not None:
            self._query = narrowed(self.given.query, self._query)
        self.model.clear()
        self.foot.say(self.tr("Reading…"))
        self._want(self._query)

    def show_query(self, query: JournalQuery) -> None:
        """Show the rows of a query, which holds until it is dropped; the fields narrow it, but for the time."""
        self.filters.clear()
        self._typing.stop()
        self.given.show_query(query)
        self.filters.span.setEnabled(False)
        self.reload()

    def take(self, query: JournalQuery, page: JournalPage) -> None:
        """Take the page that was asked for last; any other would come twice or out of order, and is dropped."""
        if query is not self._awaited:
            return
        self._awaited = None
        first = not self.model.rows
        self.model.add_page(page)
        more = page.next_before_id is not None
        self.foot.show_rows(self.model.rowCount(), more=more, searched_ns=page.searched_ns)
        if first and more:
            self.count_wanted.emit(self._query)
        if more and not page.rows:  # it was looked far without a row: nothing to scroll to would ask for more
            self.model.fetchMore(QModelIndex())

    def take_count(self, query: JournalQuery, count: JournalCount) -> None:
        """Take how many rows a filter has; of one that is no longer shown it is dropped."""
        if query is self._query:
            self.foot.show_count(count)

    def fail(self, reason: str) -> None:
        """Show why a page did not come."""
        self.model.failed()
        self.foot.say(reason)

    def selected(self) -> list[JournalRow]:
        """Return the rows that are selected."""
        return [self.model.rows[index.row()] for index in self.table.selectionModel().selectedRows()]

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        dress_rows(table, self.tr("Journal"), row_height=30)
        spare = (JournalColumn.KIND, JournalColumn.COMMENT, JournalColumn.USER, JournalColumn.OLD)
        self._fit = ColumnFit(table, JournalColumn.TEXT, _LEAST_TEXT, spare, {JournalColumn.COMMENT: _WIDEST_COMMENT})
        return table

    def _lay_out(self) -> None:
        actions = FlowLayout(gap=STEP)
        actions.add_stretch()
        for button in (self.incident, self._reload, self._export):
            actions.add(button)
        box = QVBoxLayout(self)
        box.setContentsMargins(GAP, GAP, GAP, GAP)
        box.setSpacing(STEP + HALF)
        box.addWidget(self.filters)
        box.addWidget(self.given)
        box.addWidget(self.table, 1)
        box.addWidget(self._detail)
        foot = QHBoxLayout()
        foot.addWidget(self.foot, 1)
        foot.addLayout(actions)
        box.addLayout(foot)

    def _connect(self) -> None:
        self._typing.timeout.connect(self.reload)
        self.filters.changed.connect(self._typing.start)
        self._reload.clicked.connect(self.reload)
        self.given.dropped.connect(self._drop_given)
        self._export.clicked.connect(self._ask_export)
        self.foot.cancel_wanted.connect(self.export_cancelled)
        self.incident.clicked.connect(self._want_incident)
        self.model.more_wanted.connect(self._more)
        self.model.modelReset.connect(self._detail.hide)
        self.model.modelReset.connect(self._look)
        self.table.selectionModel().currentRowChanged.connect(self._show_detail)
        self.table.selectionModel().selectionChanged.connect(self._look)
        self.table.activated.connect(lambda index: self.opened.emit(self.model.rows[index.row()].tag))
        shortcut = QShortcut(QKeySequence("T"), self.table)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(self.incident.click)
        self._look()

    def _look(self) -> None:
        self.incident.setEnabled(any(row.tag in self._plant.tags for row in self.selected()[:_LOOKED_AT]))

    def _want_incident(self) -> None:
        rows = [row for row in self.selected() if row.tag in self._plant.tags]
        times = [row.source_ns or row.receive_ns or row.journal_ns for row in rows]
        if rows:
            self.incident_wanted.emit(tuple(dict.fromkeys(row.tag for row in rows)), min(times), max(times))

    def _show_detail(self, index: QModelIndex) -> None:
        """Say below the table what it may have no room for: all of the row that is chosen."""
        row = self.model.rows[index.row()] if index.isValid() else None
        parts = [self.model.text(row, column) for column in _DETAIL] if row is not None else []
        self._detail.setText(" · ".join(filter(None, parts)))
        self._detail.setVisible(bool(parts))

    def _drop_given(self) -> None:
        self.filters.span.setEnabled(True)
        self.reload()

    def _more(self, before_id: int) -> None:
        self._want(replace(self._query, before_id=before_id))

    def _want(self, query: JournalQuery) -> None:
        self._awaited = query
        self.wanted.emit(query)

    def _ask_export(self) -> None:
        kinds = "XLSX (*.xlsx);;CSV (*.csv)"
        name, _ = QFileDialog.getSaveFileName(self, self.tr("Export the journal"), "journal.xlsx", kinds)
        if name:
            self.export_wanted.emit(Path(name), self._query)
