"""Acknowledging alarms: asks the engine, takes its answer into the book, and says what was refused."""

from PySide6.QtCore import QObject, Signal

from app.console.ports import BridgePort
from app.link.messages import AcknowledgeReport, AlarmActionRequest
from app.model.alarm_action import AlarmAction
from app.model.errors import HaiheError
from widgets.alarms.book import AlarmBook
from widgets.wording import Wording


class Acknowledger(QObject):
    """One for all views of a console.

    Signals:
        refused(object): list of reasons (str) why something was not acknowledged; empty when all was.

    """

    refused = Signal(object)

    def __init__(self, port: BridgePort, book: AlarmBook, wording: Wording) -> None:
        super().__init__()
        self._port, self._book, self._wording = port, book, wording

    def acknowledge(self, pairs: list[tuple[str, str]], comment: str) -> None:
        """Acknowledge occurrences (alarm id, event id); the engine decides."""

        def done(report: AcknowledgeReport) -> None:
            for snapshot in report.accepted:
                self._book.apply(snapshot)
            self.refused.emit([self._wording.text(refusal.reason) for refusal in report.refused])

        def failed(error: HaiheError) -> None:
            self.refused.emit([self._wording.error(error)])

        self._port.acknowledge(pairs, comment, done, failed, self)

    def ask_device(self, action: AlarmAction, pairs: list[tuple[str, str]], comment: str, duration_s: float) -> None:
        """Ask the devices that judge some alarms for something; what they do comes as changes of the alarms."""

        def done(report: AcknowledgeReport) -> None:
            self.refused.emit([self._wording.text(refusal.reason) for refusal in report.refused])

        def failed(error: HaiheError) -> None:
            self.refused.emit([self._wording.error(error)])

        self._port.alarm_action(AlarmActionRequest(action, tuple(pairs), comment, duration_s), done, failed, self)
