"""A filter that another page gave the journal: said in a line, dropped by a button."""

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton

from app.model.journal import JournalQuery
from widgets.theme import HALF, STEP
from widgets.wording import Wording

_MOST: int = 3
"""More names than this are counted."""


class GivenFilter(QFrame):
    """Shows what rows were asked for; hidden without.

    Signals:
        dropped(): the operator wants it no more.

    """

    dropped = Signal()

    def __init__(self, wording: Wording) -> None:
        super().__init__()
        self._wording = wording
        self.query: JournalQuery | None = None
        self.setProperty("look", "note")
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._drop = QPushButton(self.tr("Show all rows"))
        box = QHBoxLayout(self)
        box.setContentsMargins(STEP, HALF, STEP, HALF)
        box.setSpacing(STEP)
        box.addWidget(self._text, 1)
        box.addWidget(self._drop)
        self._drop.clicked.connect(self.drop)
        self.hide()

    def show_query(self, query: JournalQuery) -> None:
        """Take a filter."""
        self.query = query
        self._text.setText(self._words(query))
        self.show()

    def drop(self) -> None:
        """Forget it."""
        if self.query is not None:
            self.query = None
            self.hide()
            self.dropped.emit()

    def _words(self, query: JournalQuery) -> str:
        begin, end = (self._wording.date_time(ns) for ns in (query.from_ns, query.to_ns))
        parts = [self.tr("Rows from {0} to {1}").format(begin, end)]
        if query.priorities:
            parts.append(self.tr("priority {0}").format(", ".join(map(str, query.priorities))))
        for names, many in ((query.objects, self.tr("{0} alarms")), (query.events, self.tr("{0} kinds of event"))):
            if names:
                parts.append(", ".join(names) if len(names) <= _MOST else many.format(len(names)))
        return " · ".join(parts)


def narrowed(given: JournalQuery, fields: JournalQuery) -> JournalQuery:
    """Return what was asked for, narrowed by what the fields say beside the time."""
    wanted = fields.priorities or given.priorities
    both = tuple(each for each in wanted if not given.priorities or each in given.priorities)
    return replace(
        fields, from_ns=given.from_ns, to_ns=given.to_ns, objects=given.objects, events=given.events,
        priorities=both or given.priorities, kinds=fields.kinds or given.kinds,
    )  # fmt: skip
