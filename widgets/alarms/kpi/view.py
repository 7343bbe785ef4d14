"""The page of the figures: position and period, a card a figure, charts and lists."""

import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.alarms.kpi import Figure
from app.model.alarm_kpi import AlarmKpiReport, AlarmKpiRequest
from app.model.journal import JournalQuery
from app.model.plant import Plant
from widgets.alarms.kpi.behind import BEGINNINGS, rows_behind, rows_of_alarm, rows_of_time
from widgets.alarms.kpi.card import LEAST, FigureCard
from widgets.alarms.kpi.exporter import KpiExporter
from widgets.alarms.kpi.lists import FindingTable, ResponseTable
from widgets.alarms.kpi.period import PeriodBox
from widgets.alarms.kpi.priorities import PrioritiesPlot
from widgets.alarms.kpi.rates import RatesPlot
from widgets.alarms.kpi.topten import TopTenPlot
from widgets.alarms.kpi.words import period_words
from widgets.flow import FlowLayout
from widgets.theme import GAP, HALF, STEP, ThemeManager
from widgets.wording import Wording

_MOST_COLUMNS: Final = 7
_LEAST_CHART: Final = 230
_NARROW: Final = 900


class AlarmKpiView(QWidget):
    """The workspace; it asks for a report by a signal and is given it by ``take``.

    Signals:
        wanted(object): an AlarmKpiRequest.
        rows_wanted(object): the JournalQuery of the rows behind a figure.

    """

    wanted = Signal(object)
    rows_wanted = Signal(object)

    def __init__(
        self, plant: Plant, themes: ThemeManager, wording: Wording, now_ns: Callable[[], int] = time.time_ns
    ) -> None:
        super().__init__()
        self._plant, self._themes, self._wording = plant, themes, wording
        self._awaited: AlarmKpiRequest | None = None
        self.report: AlarmKpiReport | None = None
        self.position = QComboBox()
        self.period = PeriodBox(wording, now_ns)
        self._state = QLabel()
        self._state.setProperty("look", "label")
        self._reload = QPushButton(self.tr("Refresh"))
        self.exporter = KpiExporter(plant, wording, self)
        self._pdf, self._xlsx = QPushButton(self.tr("Export PDF…")), QPushButton(self.tr("Export XLSX…"))
        self._subject = QLabel()
        self._subject.setWordWrap(True)
        self.cards = {each: FigureCard(each, themes, wording) for each in Figure}
        self.rates = RatesPlot(themes.theme, wording)
        self.top = TopTenPlot(themes.theme, plant, wording)
        self.priorities = PrioritiesPlot(themes.theme, wording)
        self.responses, self.found = ResponseTable(wording), FindingTable(plant, wording)
        self._reading = QLabel()
        self._fill_positions()
        self._lay_out()
        self._connect()
        self.show_report(None)

    def reload(self) -> None:
        """Ask for the report of what is chosen."""
        period = self.period.period()
        if period is None:
            self._awaited = None
            self._state.setText(self.tr("No such period: type two times, the earlier first"))
            return
        self._awaited = AlarmKpiRequest(*period, self.position.currentData() or "")
        self._state.setText(self.tr("Computing…"))
        self.wanted.emit(self._awaited)

    def take(self, request: AlarmKpiRequest, report: AlarmKpiReport) -> None:
        """Take the report that was asked for last; any other is dropped."""
        if request is self._awaited:
            self._awaited = None
            self._state.clear()
            self.show_report(report)

    def fail(self, request: AlarmKpiRequest, reason: str) -> None:
        """Show why a report did not come; what is shown stays."""
        if request is self._awaited:
            self._awaited = None
            self._state.setText(reason)

    def show_report(self, report: AlarmKpiReport | None) -> None:
        """Show a report; dashes for None."""
        self.report = report
        for card in self.cards.values():
            card.show_report(report)
        for part in (self.rates, self.top, self.priorities, self.responses, self.found):
            part.show_report(report)
        self._subject.setText("" if report is None else period_words(report, self._plant, self._wording))
        for button in (self._pdf, self._xlsx):
            button.setEnabled(report is not None)

    def show_like(self, other: "AlarmKpiView") -> None:
        """Show what another page shows: position, period, and its report."""
        self.position.blockSignals(True)
        self.position.setCurrentIndex(max(0, self.position.findData(other.position.currentData())))
        self.position.blockSignals(False)
        self.period.show_like(other.period)
        self._awaited = None
        self.show_report(other.report)

    def showEvent(self, event: QShowEvent) -> None:
        """Ask for a report when the page is opened first."""
        super().showEvent(event)
        if self.report is None and self._awaited is None:
            self.reload()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Divide cards and charts over the width."""
        super().resizeEvent(event)
        self._divide(self.width())

    def _fill_positions(self) -> None:
        self.position.addItem(self.tr("Whole plant"), "")
        for each in self._plant.positions.values():
            self.position.addItem(self._wording.text(each.title), each.id)
        self.position.setAccessibleName(self.tr("Operating position"))
        self.position.setToolTip(self.tr("Operating position: the areas that plant.toml gives it"))

    def _lay_out(self) -> None:
        choices = FlowLayout(gap=STEP)
        choices.add(self.position)
        choices.add(self.period)
        choices.add_stretch()
        for last in (self._state, self._reload, self._pdf, self._xlsx):
            choices.add(last)
        self.tabs = QTabWidget()
        shares = self.tr("annunciated, and share of all annunciated")
        self.tabs.addTab(_noted(self.top, shares, self.top.pointed), self.tr("Top ten"))
        aims = self.tr("hatched: configured · full: annunciated · line: the aim (80, 15, 5, under 1 %)")
        self.tabs.addTab(_noted(self.priorities, aims), self.tr("Priorities"))
        self.tabs.addTab(self.responses, self.tr("Acknowledged"))
        self.tabs.addTab(self.found, self.tr("Bad actors"))
        self._cards_box = QGridLayout()
        self._cards_box.setSpacing(STEP)
        self._rates_part = QWidget()
        rates = QVBoxLayout(self._rates_part)
        rates.setContentsMargins(0, 0, 0, 0)
        rates.setSpacing(STEP)
        heading = FlowLayout(gap=STEP)
        name = QLabel(self.tr("Annunciated in ten minutes"))
        name.setProperty("look", "name")
        legend = _note(self.tr("hatched: flood · dashes: over 10 begins it, under 5 ends it"))
        heading.add(name)
        heading.add(legend)
        heading.add_stretch()
        heading.add(self._reading)
        rates.addLayout(heading)
        rates.addWidget(self.rates, 1)
        self._charts = QGridLayout()
        self._charts.setSpacing(GAP)
        body = QWidget()
        inner = QVBoxLayout(body)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(GAP)
        inner.addWidget(self._subject)
        inner.addLayout(self._cards_box)
        inner.addLayout(self._charts, 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(body)
        body.setProperty("look", "canvas")
        box = QVBoxLayout(self)
        box.setContentsMargins(GAP, GAP, GAP, GAP)
        box.setSpacing(STEP)
        box.addLayout(choices)
        box.addWidget(area, 1)
        self._columns = 0
        self._divide(1200)

    def _divide(self, width: int) -> None:
        """Give the cards as many columns as fit evenly, and put the charts beside or below one another."""
        columns = max(1, min(_MOST_COLUMNS, (width - 2 * GAP) // (LEAST + STEP)))
        if columns == self._columns:
            return
        self._columns = columns
        for column in range(_MOST_COLUMNS):
            self._cards_box.setColumnStretch(column, 1 if column < columns else 0)
        for place, card in enumerate(self.cards.values()):
            self._cards_box.addWidget(card, *divmod(place, columns))
        narrow = width < _NARROW
        self._charts.addWidget(self._rates_part, 0, 0)
        self._charts.addWidget(self.tabs, *((1, 0) if narrow else (0, 1)))
        for column, stretch in enumerate((1, 0) if narrow else (3, 2)):
            self._charts.setColumnStretch(column, stretch)
        for row in range(2):
            self._charts.setRowMinimumHeight(row, _LEAST_CHART if narrow or row == 0 else 0)

    def _connect(self) -> None:
        self.position.currentIndexChanged.connect(self.reload)
        self.period.changed.connect(self.reload)
        self._reload.clicked.connect(self.reload)
        self._pdf.clicked.connect(lambda: self.exporter.ask_pdf(self.report))
        self._xlsx.clicked.connect(lambda: self.exporter.ask_xlsx(self.report))
        self.exporter.finished.connect(self._state.setText)
        for figure, card in self.cards.items():
            card.clicked.connect(lambda _=False, chosen=figure: self._open(chosen))
        self.rates.pointed.connect(self._reading.setText)
        self.rates.chosen.connect(self._open_time)
        self.top.chosen.connect(self._open_alarm)
        self.priorities.chosen.connect(self._open_priority)
        self.responses.chosen.connect(self._open_responses)
        self.found.chosen.connect(self.rows_wanted)
        self._themes.changed.connect(self._show_theme)

    def _open(self, figure: Figure) -> None:
        if self.report is not None:
            self.rows_wanted.emit(rows_behind(figure, self.report, self._plant))

    def _open_time(self, from_ns: int, to_ns: int) -> None:
        if self.report is not None:
            self.rows_wanted.emit(rows_of_time(self.report, self._plant, from_ns, to_ns))

    def _open_alarm(self, alarm: str) -> None:
        if self.report is not None:
            self.rows_wanted.emit(rows_of_alarm(self.report, alarm))

    def _open_priority(self, priority: int) -> None:
        self._open_of_priority(Figure.PRIORITIES, priority)

    def _open_responses(self, priority: int | None) -> None:
        self._open_of_priority(Figure.ACKNOWLEDGED, priority)

    def _open_of_priority(self, figure: Figure, priority: int | None) -> None:
        if self.report is not None:
            query = rows_behind(figure, self.report, self._plant)
            priorities = () if priority is None else (priority,)
            self.rows_wanted.emit(
                JournalQuery(
                    query.from_ns, query.to_ns, query.kinds, priorities=priorities, objects=query.objects,
                    events=query.events or BEGINNINGS,
                )
            )  # fmt: skip

    def _show_theme(self) -> None:
        for plot in (self.rates, self.top, self.priorities):
            plot.show_theme(self._themes.theme)


def _note(text: str) -> QLabel:
    """Return a line that says what is drawn."""
    label = QLabel(text)
    label.setProperty("look", "label")
    return label


def _noted(plot: QWidget, text: str, pointed: SignalInstance | None = None) -> QWidget:
    """Return a plot below a line that says what is drawn, or what ``pointed`` tells while it tells something."""
    part, note = QWidget(), _note(text)
    note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # a long name widens nothing
    box = QVBoxLayout(part)
    box.setContentsMargins(0, HALF, 0, 0)
    box.setSpacing(HALF)
    box.addWidget(note)
    box.addWidget(plot, 1)
    if pointed is not None:
        pointed.connect(lambda told: note.setText(told or text))
    return part
