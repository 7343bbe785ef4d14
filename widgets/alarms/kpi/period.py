"""The choice of a period: a shift, a day, a week, thirty days, or an own one that is typed."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QWidget

from app.model.alarm_kpi import DAY_NS, HOUR_NS
from app.model.clock import SECOND_NS
from widgets.theme import STEP
from widgets.trend.period import parse_moment
from widgets.wording import Wording

_SPANS: Final = (8 * HOUR_NS, DAY_NS, 7 * DAY_NS, 30 * DAY_NS)
_FIRST: Final = 3
_MINUTE: Final = 16
"""Characters of a time to the minute."""


class PeriodBox(QWidget):
    """A choice; of an own period two times are typed, in the plant's zone.

    Signals:
        changed(): another period was chosen.

    """

    changed = Signal()

    def __init__(self, wording: Wording, now_ns: Callable[[], int]) -> None:
        super().__init__()
        self._wording, self._now_ns = wording, now_ns
        self.span = QComboBox()
        names = (self.tr("Last shift (8 h)"), self.tr("Last day"), self.tr("Last week"), self.tr("Last 30 days"))
        for name, span_ns in zip(names, _SPANS, strict=True):
            self.span.addItem(name, span_ns)
        self.span.addItem(self.tr("Own period"), None)
        self.span.setCurrentIndex(_FIRST)
        self.span.setAccessibleName(self.tr("Period"))
        self.since, self.until = QLineEdit(), QLineEdit()
        hint = self.tr("2026-03-01 08:00, 08:00 or now")
        for field, name in ((self.since, self.tr("From")), (self.until, self.tr("To"))):
            field.setPlaceholderText(hint)
            field.setToolTip(self.tr("Date and time, a time of day, or now; in the plant's zone"))
            field.setAccessibleName(name)
            field.setFixedWidth(168)
            field.editingFinished.connect(self._typed)
        self._dash = QLabel("–")
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(STEP)
        for widget in (self.span, self.since, self._dash, self.until):
            box.addWidget(widget)
        self._last = ("", "")
        self._show_fields()
        self.span.currentIndexChanged.connect(self._choose)

    def period(self) -> tuple[int, int] | None:
        """Return from and to (ns); None where a typed time is none, or they are the wrong way round."""
        now_ns, span_ns = self._now_ns(), self.span.currentData()
        if span_ns is not None:
            return now_ns - span_ns, now_ns
        times = [self._moment(field.text(), now_ns) for field in (self.since, self.until)]
        since, until = times
        return None if since is None or until is None or since >= until else (since, until)

    def show_like(self, other: "PeriodBox") -> None:
        """Show the choice of another one; ``changed`` does not follow."""
        self.span.blockSignals(True)
        self.span.setCurrentIndex(other.span.currentIndex())
        self.span.blockSignals(False)
        for mine, its in ((self.since, other.since), (self.until, other.until)):
            mine.setText(its.text())
        self._last = (self.since.text(), self.until.text())
        self._show_fields()

    def choose(self, from_ns: int, to_ns: int) -> None:
        """Show an own period; ``changed`` follows."""
        for field, ns in ((self.since, from_ns), (self.until, to_ns)):
            field.setText(self._wording.date_time(ns)[:_MINUTE])
        self.span.setCurrentIndex(self.span.count() - 1)
        self._typed()

    def _choose(self) -> None:
        self._show_fields()
        if self.span.currentData() is None and not self.since.text():
            now_ns = self._now_ns()
            self.since.setText(self._wording.date_time(now_ns - DAY_NS)[:_MINUTE])
            self.until.setText(self._wording.date_time(now_ns)[:_MINUTE])
        self._last = (self.since.text(), self.until.text())
        self.changed.emit()

    def _typed(self) -> None:
        if (now := (self.since.text(), self.until.text())) != self._last:
            self._last = now
            self.changed.emit()

    def _show_fields(self) -> None:
        own = self.span.currentData() is None
        for widget in (self.since, self._dash, self.until):
            widget.setVisible(own)

    def _moment(self, text: str, now_ns: int) -> int | None:
        if text.strip().casefold() in {"now", "现在"}:
            return now_ns
        seconds = parse_moment(text, self._wording.zone, now_ns)
        return None if seconds is None else round(seconds * 1000) * (SECOND_NS // 1000)
