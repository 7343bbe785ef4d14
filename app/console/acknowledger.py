"""Acts on alarms: asks the engine, takes its answer into the book, and says what was refused."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from app.console.ports import BridgePort
from app.link.messages import AcknowledgeReport, AlarmActionRequest
from app.model.errors import HaiheError
from widgets.alarms.actions import AlarmAsk
from widgets.alarms.book import AlarmBook
from widgets.wording import Wording

Answered = Callable[[list[str]], None]


class Acknowledger(QObject):
    """One for all views of a console.

    Signals:
        refused(object): list of reasons (str) why something was not done; empty when all was.

    """

    refused = Signal(object)

    def __init__(self, port: BridgePort, book: AlarmBook, wording: Wording) -> None:
        super().__init__()
        self._port, self._book, self._wording = port, book, wording

    def acknowledge(self, pairs: list[tuple[str, str]], comment: str) -> None:
        """Acknowledge occurrences (alarm id, event id); the engine decides."""

        def done(report: AcknowledgeReport) -> None:
            self._take(report)
            self.refused.emit(self._reasons(report))

        def failed(error: HaiheError) -> None:
            self.refused.emit([self._wording.error(error)])

        self._port.acknowledge(pairs, comment, done, failed, self)

    def ask(self, ask: AlarmAsk, answered: Answered = lambda _: None) -> None:
        """Ask for something else about alarms; ``answered`` is told why it was refused, or nothing, as all are."""

        def tell(reasons: list[str]) -> None:
            answered(reasons)
            self.refused.emit(reasons)

        def done(report: AcknowledgeReport) -> None:
            self._take(report)
            tell(self._reasons(report))

        def failed(error: HaiheError) -> None:
            tell([self._wording.error(error)])

        request = AlarmActionRequest(
            ask.action, ask.pairs, ask.comment, ask.duration_s, ask.permit, ask.approver, ask.approver_password
        )
        self._port.alarm_action(request, done, failed, self)

    def _take(self, report: AcknowledgeReport) -> None:
        if report.accepted:
            self._book.take(report.accepted)

    def _reasons(self, report: AcknowledgeReport) -> list[str]:
        return [self._wording.text(refusal.reason) for refusal in report.refused]
