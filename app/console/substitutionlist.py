"""The substitutes in force as a list: what stands for what, who set it, until when, why."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.console.context import Context
from app.console.facttable import fact_table
from app.model.substitution import ActiveSubstitution
from widgets.theme import GAP, HALF, STEP

_ROW: Final = 34
_MOST_SEEN: Final = 8


class SubstitutionList(QWidget):
    """Hidden while there is none. The one that is chosen can be ended."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._shown: tuple[ActiveSubstitution, ...] = ()
        heading = QLabel(self.tr("Substituted values"))
        heading.setProperty("look", "heading")
        self.end = QPushButton(self.tr("End substitute"))
        self.why = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self.table = self._make_table()
        foot = QHBoxLayout()
        foot.addWidget(self.end)
        foot.addWidget(self.why, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, GAP, 0, 0)
        box.setSpacing(STEP)
        box.addWidget(heading)
        box.addWidget(self.table)
        box.addLayout(foot)
        box.addSpacing(HALF)
        self.end.clicked.connect(self._end)
        self.table.itemSelectionChanged.connect(self._allow)
        context.substitutions.changed.connect(self._show)
        context.session.changed.connect(self._allow)
        self._show()

    def _make_table(self) -> QTableWidget:
        titles = [self.tr("Tag"), self.tr("Substitute"), self.tr("Device"), self.tr("By"), self.tr("Since"),
                  self.tr("Until"), self.tr("Reason")]  # fmt: skip
        table = fact_table(titles, _ROW)
        table.setAccessibleName(self.tr("Substituted values"))
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        return table

    def _show(self) -> None:
        context = self._context
        self._shown = context.substitutions.active
        self.setVisible(bool(self._shown))
        self.why.clear()
        self.table.setRowCount(len(self._shown))
        self.table.setFixedHeight(_ROW * (min(_MOST_SEEN, len(self._shown)) + 1) + 8)
        word = context.wording
        for row, active in enumerate(self._shown):
            one = active.substitution
            tag = context.plant.tags.get(one.tag)
            texts = [
                one.tag, word.with_unit(tag, one.value) if tag else str(one.value),
                context.substitutions.device_text(tag, active.device), f"{one.user} · {one.desk}",
                word.date_time(one.since_ns), word.date_time(one.until_ns), one.reason,
            ]  # fmt: skip
            for column, text in enumerate(texts):
                item = self.table.item(row, column)
                if item is None:
                    self.table.setItem(row, column, QTableWidgetItem(text))
                elif item.text() != text:
                    item.setText(text)
        self._allow()

    def _chosen(self) -> ActiveSubstitution | None:
        rows = self.table.selectionModel().selectedRows()
        return self._shown[rows[0].row()] if rows and rows[0].row() < len(self._shown) else None

    def _allow(self) -> None:
        chosen, port = self._chosen(), self._context.substitutions
        tag = None if chosen is None else self._context.plant.tags.get(chosen.substitution.tag)
        self.end.setEnabled(tag is not None and not port.why_not and port.may(tag))
        self.end.setToolTip(port.why_not)

    def _end(self) -> None:
        chosen = self._chosen()
        tag = None if chosen is None else self._context.plant.tags.get(chosen.substitution.tag)
        if tag is not None:
            self._context.substitutions.end(tag, self.why.setText)
