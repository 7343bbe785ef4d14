"""The connections as a list: state, rates, delays; below it what an engineer has to know of each."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from app.console.connection_words import connection_words
from app.console.context import Context
from app.console.facttable import fact_table
from app.model.connection import ConnectionStatus, Protocol_, ScanStatus
from app.model.text import LocalText
from widgets.theme import STEP

_DASH: Final = "—"
_ROW: Final = 34
_MOST_SEEN: Final = 12
_PERIOD: Final = 9
"""Column of the period achieved; its tool tip has those of all scan classes."""
_SKEW_MS: Final = 1000.0
"""A device's clock that differs by less is nothing to worry about."""
_PROTOCOLS: Final = {
    Protocol_.OPCUA: "OPC UA", Protocol_.MODBUS_TCP: "Modbus TCP", Protocol_.MODBUS_RTU_TCP: "Modbus RTU/TCP",
    Protocol_.MODBUS_RTU: "Modbus RTU", Protocol_.MODBUS_TLS: "Modbus TLS",
}  # fmt: skip


class ConnectionList(QWidget):
    """Shows what ``show_statuses`` was given last."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.table = self._make_table()
        self._notes = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self._notes.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._notes.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(STEP)
        box.addWidget(self.table)
        box.addWidget(self._notes)

    def show_statuses(self, connections: tuple[ConnectionStatus, ...]) -> None:
        """Show the connections as they are now."""
        self.table.setRowCount(len(connections))
        self.table.setFixedHeight(_ROW * (min(_MOST_SEEN, len(connections)) + 1) + 8)
        notes: list[str] = []
        for row, status in enumerate(connections):
            for column, text in enumerate(self._texts(status)):
                item = self.table.item(row, column)
                if item is None:
                    self.table.setItem(row, column, QTableWidgetItem(text))
                elif item.text() != text:
                    item.setText(text)
            if (period := self.table.item(row, _PERIOD)) is not None:
                period.setToolTip("\n".join(self._scan_words(scan) for scan in status.scans))
            notes += [f"{self._title(status)} · {note}" for note in self._worth_knowing(status)]
        self._notes.setText("\n".join(notes))  # longer than a column has room for
        self._notes.setVisible(bool(notes))

    def _title(self, status: ConnectionStatus) -> str:
        known = self._context.plant.connections.get(status.id)
        return (self._context.wording.text(known.title) if known is not None else "") or status.id

    def _texts(self, status: ConnectionStatus) -> list[str]:
        known, word = self._context.plant.connections.get(status.id), self._context.wording
        return [
            self._title(status), _PROTOCOLS[known.protocol] if known is not None else "",
            connection_words(status.state), word.time(status.since_ns), str(status.tags), str(status.bad_tags),
            word.number(status.rate, 1), _ms(status.lag_ms), _ms(status.round_trip_ms), _slowest(status),
            str(status.reconnects), str(status.overflows),
        ]  # fmt: skip

    def _worth_knowing(self, status: ConnectionStatus) -> list[str]:
        word, notes = self._context.wording, []
        if status.error:
            notes.append(word.text(LocalText(status.error, status.error_zh)))
        if status.endpoint:
            notes.append(self.tr("served by {0}").format(status.endpoint))
        if status.clock_skew_ms is not None and abs(status.clock_skew_ms) >= _SKEW_MS:
            seconds = word.number(abs(status.clock_skew_ms) / 1000.0, 1)
            late = self.tr("its clock is {0} s behind ours") if status.clock_skew_ms < 0 else ""
            notes.append((late or self.tr("its clock is {0} s ahead of ours")).format(seconds))
        return notes + [word.text(notice) for notice in status.notices]

    def _make_table(self) -> QTableWidget:
        titles = [self.tr("Connection"), self.tr("Protocol"), self.tr("State"), self.tr("Since"), self.tr("Tags"),
                  self.tr("Bad"), self.tr("Updates/s"), self.tr("Lag"), self.tr("Round trip"),
                  self.tr("Period (wanted)"), self.tr("Reconnections"), self.tr("Dropped")]  # fmt: skip
        table = fact_table(titles, _ROW)
        table.setAccessibleName(self.tr("Connections"))
        return table

    def _scan_words(self, scan: ScanStatus) -> str:
        """Say what one scan class of a polled connection achieves."""
        text = self.tr("Poll every %1: achieved %2; %3 tags in %4 requests")
        figures = (_ms(scan.target_ms), _ms(scan.achieved_ms), str(scan.tags), str(scan.requests))
        for number, figure in enumerate(figures, 1):
            text = text.replace(f"%{number}", figure)
        return text


def _slowest(status: ConnectionStatus) -> str:
    """Return the period achieved by the scan class that falls behind most, and the one wanted."""
    known = [(scan.achieved_ms, scan.target_ms) for scan in status.scans if scan.achieved_ms is not None]
    if not known:
        return _ms(status.period_ms)
    achieved, target = max(known, key=lambda pair: pair[0] / pair[1])
    return f"{achieved:.0f} ({target:.0f}) ms"


def _ms(value: float | None) -> str:
    return _DASH if value is None else f"{value:.0f} ms"
