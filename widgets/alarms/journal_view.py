"""The journal page: filters, paging by key, CSV export."""

import csv
import time
from dataclasses import replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.model.clock import SECOND_NS
from app.model.journal import JournalKind, JournalPage, JournalQuery
from app.model.plant import Plant
from widgets.alarms.columns import ColumnFit, dress_rows
from widgets.alarms.journal_given import GivenFilter
from widgets.alarms.journal_model import JournalColumn, JournalModel
from widgets.flow import FlowLayout
from widgets.theme import GAP, HALF, STEP
from widgets.wording import Wording

_SPANS_H: Final = (1, 8, 24, 24 * 7, 24 * 31)
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
        wanted(object): a JournalQuery.
        opened(str): tag of a row that was activated.

    """

    wanted = Signal(object)
    opened = Signal(str)

    def __init__(self, plant: Plant, wording: Wording) -> None:
        super().__init__()
        self._plant, self._wording = plant, wording
        self.model = JournalModel(plant, wording)
        self.model.setParent(self)
        self._query = JournalQuery()
        self._awaited: JournalQuery | None = None
        self._text = QLineEdit(placeholderText=self.tr("Text, * as wildcard"), clearButtonEnabled=True)
        self._tag = QLineEdit(placeholderText=self.tr("Tag, * as wildcard"), clearButtonEnabled=True)
        self._kind = QComboBox()
        self._area = QComboBox()
        self._span = QComboBox()
        self.given = GivenFilter(wording)
        self._reload = QPushButton(self.tr("Refresh"))
        self._export = QPushButton(self.tr("Export CSV…"))
        self._state = QLabel()
        self._state.setProperty("look", "label")
        self._detail = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self._detail.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._detail.hide()
        self.table = self._make_table()
        self._fill_choices()
        self._lay_out()
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._connect()

    def reload(self) -> None:
        """Fetch the first page of the current filter."""
        kind, area, hours = self._kind.currentData(), self._area.currentData(), self._span.currentData()
        self._query = JournalQuery(
            from_ns=None if hours is None else time.time_ns() - hours * 3600 * SECOND_NS,
            kinds=() if kind is None else (JournalKind(kind),),
            tag=self._tag.text().strip(),
            area=area or "",
            text=self._text.text().strip(),
        )
        given = self.given.query
        if given is not None:
            self._query = replace(
                self._query, from_ns=given.from_ns, to_ns=given.to_ns, objects=given.objects, events=given.events,
                priorities=given.priorities, kinds=self._query.kinds or given.kinds,
            )  # fmt: skip
        self.model.clear()
        self._state.setText(self.tr("Reading…"))
        self._want(self._query)

    def show_query(self, query: JournalQuery) -> None:
        """Show the rows of a query, which holds until it is dropped; the fields narrow it, but for the time."""
        self._clear_fields()
        self.given.show_query(query)
        self._span.setEnabled(False)
        self.reload()

    def take(self, query: JournalQuery, page: JournalPage) -> None:
        """Take the page that was asked for last; any other would come twice or out of order, and is dropped."""
        if query is self._awaited:
            self._awaited = None
            self.model.add_page(page)
            rows = self.model.rowCount()
            more = page.next_before_id is not None
            self._state.setText((self.tr("{0} rows, more below") if more else self.tr("{0} rows")).format(rows))

    def fail(self, reason: str) -> None:
        """Show why a page did not come."""
        self.model.failed()
        self._state.setText(reason)

    def write_csv(self, path: Path) -> None:
        """Write the rows fetched so far; all three times, UTC in ISO 8601 and the plant's zone for reading."""
        with path.open("w", newline="", encoding="utf-8-sig") as file:
            writer = csv.writer(file)
            titles = [self.model.headerData(column, Qt.Orientation.Horizontal) for column in JournalColumn]
            writer.writerow([*titles, "source_ns", "receive_ns", "journal_ns"])
            for row in self.model.rows:
                cells = [_harmless(self.model.text(row, column)) for column in JournalColumn]
                writer.writerow([*cells, row.source_ns, row.receive_ns, row.journal_ns])

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        dress_rows(table, self.tr("Journal"), row_height=30)
        spare = (JournalColumn.KIND, JournalColumn.COMMENT, JournalColumn.USER, JournalColumn.OLD)
        self._fit = ColumnFit(table, JournalColumn.TEXT, _LEAST_TEXT, spare, {JournalColumn.COMMENT: _WIDEST_COMMENT})
        return table

    def _fill_choices(self) -> None:
        names = {1: self.tr("Last hour"), 8: self.tr("Last 8 hours"), 24: self.tr("Last 24 hours"),
                 168: self.tr("Last 7 days"), 744: self.tr("Last 31 days")}  # fmt: skip
        for hours in _SPANS_H:
            self._span.addItem(names[hours], hours)
        self._span.addItem(self.tr("All"), None)
        self._span.setCurrentIndex(1)
        self._kind.addItem(self.tr("All kinds"), None)
        for kind in JournalKind:
            self._kind.addItem(self.model.kind_text(kind), kind.value)
        self._area.addItem(self.tr("All areas"), None)
        for area in self._plant.areas.values():
            self._area.addItem(self._wording.text(area.title), area.id)

    def _lay_out(self) -> None:
        filters = FlowLayout(gap=STEP)
        for field in (self._text, self._tag):
            field.setMinimumWidth(184)
            field.setMaximumWidth(240)
        for widget in (self._span, self._kind, self._area, self._text, self._tag):
            filters.add(widget)
        filters.add_stretch()
        for last in (self._state, self._reload, self._export):
            filters.add(last)
        box = QVBoxLayout(self)
        box.setContentsMargins(GAP, GAP, GAP, GAP)
        box.setSpacing(STEP + HALF)
        box.addLayout(filters)
        box.addWidget(self.given)
        box.addWidget(self.table, 1)
        box.addWidget(self._detail)

    def _connect(self) -> None:
        self._typing.timeout.connect(self.reload)
        self._text.textChanged.connect(self._typing.start)
        self._tag.textChanged.connect(self._typing.start)
        for choice in (self._span, self._kind, self._area):
            choice.currentIndexChanged.connect(self._typing.start)
        self._reload.clicked.connect(self.reload)
        self.given.dropped.connect(self._drop_given)
        self._export.clicked.connect(self._ask_export)
        self.model.more_wanted.connect(self._more)
        self.model.modelReset.connect(self._detail.hide)
        self.table.selectionModel().currentRowChanged.connect(self._show_detail)
        self.table.activated.connect(lambda index: self.opened.emit(self.model.rows[index.row()].tag))

    def _show_detail(self, index: QModelIndex) -> None:
        """Say below the table what it may have no room for: all of the row that is chosen."""
        row = self.model.rows[index.row()] if index.isValid() else None
        parts = [self.model.text(row, column) for column in _DETAIL] if row is not None else []
        self._detail.setText(" · ".join(filter(None, parts)))
        self._detail.setVisible(bool(parts))

    def _clear_fields(self) -> None:
        """Empty what narrows: rows that were asked for must not be missing because of an older wish."""
        for choice in (self._kind, self._area):
            choice.setCurrentIndex(0)
        for field in (self._text, self._tag):
            field.clear()
        self._typing.stop()

    def _drop_given(self) -> None:
        self._span.setEnabled(True)
        self.reload()

    def _more(self, before_id: int) -> None:
        self._want(replace(self._query, before_id=before_id))

    def _want(self, query: JournalQuery) -> None:
        self._awaited = query
        self.wanted.emit(query)

    def _ask_export(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, self.tr("Export the journal"), "journal.csv", "CSV (*.csv)")
        if name:
            try:
                self.write_csv(Path(name))
            except OSError as error:
                self._state.setText(self.tr("Not written: {0}").format(error.strerror))


def _harmless(text: str) -> str:
    """Keep a spreadsheet from taking a text for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "@", "\t"} or (text[:1] == "-" and not _is_number(text)) else text


def _is_number(text: str) -> bool:
    try:
        float(text.split(" ", maxsplit=1)[0])
    except ValueError:
        return False
    return True
