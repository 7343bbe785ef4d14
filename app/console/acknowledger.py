"""Acts on alarms: asks the engine, takes its answer into the book, and says what was refused."""

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from PySide6.QtCore import QObject, Signal

from app.console.ports import BridgePort
from app.link.messages import AcknowledgeReport, AlarmActionRequest
from app.model.errors import HaiheError
from widgets.alarms.actions import AlarmAsk
from widgets.alarms.book import AlarmBook
from widgets.wording import Wording

Pair: TypeAlias = tuple[str, str]
Answered: TypeAlias = Callable[[list[str]], None]
Done: TypeAlias = Callable[[AcknowledgeReport], None]
Failed: TypeAlias = Callable[[HaiheError], None]
PORTION: Final = 500
"""Alarms of one request; some 100 characters each."""


class Acknowledger(QObject):
    """One for all views of a console.

    Signals:
        refused(object): list of reasons (str) why something was not done; empty when all was.

    """

    refused = Signal(object)

    def __init__(self, port: BridgePort, book: AlarmBook, wording: Wording) -> None:
        super().__init__()
        self._port, self._book, self._wording = port, book, wording

    def acknowledge(self, pairs: Sequence[Pair], comment: str) -> None:
        """Acknowledge occurrences (alarm id, event id); the engine decides."""

        def send(some: list[Pair], done: Done, failed: Failed) -> None:
            self._port.acknowledge(some, comment, done, failed, self)

        self._in_portions(pairs, send, self.refused.emit)

    def ask(self, ask: AlarmAsk, answered: Answered = lambda _: None) -> None:
        """Ask for something else about alarms; ``answered`` is told why it was refused, or nothing, as all are."""

        def send(some: list[Pair], done: Done, failed: Failed) -> None:
            request = AlarmActionRequest(
                ask.action, tuple(some), ask.comment, ask.duration_s, ask.permit, ask.approver, ask.approver_password
            )
            self._port.alarm_action(request, done, failed, self)

        def tell(reasons: list[str]) -> None:
            answered(reasons)
            self.refused.emit(reasons)

        self._in_portions(ask.pairs, send, tell)

    def _in_portions(
        self, pairs: Sequence[Pair], send: Callable[[list[Pair], Done, Failed], None], tell: Answered
    ) -> None:
        """Ask portion after portion, for a message has a greatest length; what fails ends it. Tell all refusals."""
        left, reasons = list(pairs), list[str]()

        def go_on() -> None:
            some, left[:] = left[:PORTION], left[PORTION:]
            send(some, done, failed)

        def done(report: AcknowledgeReport) -> None:
            self._take(report)
            reasons.extend(self._reasons(report))
            if left:
                go_on()
            else:
                tell(reasons)

        def failed(error: HaiheError) -> None:
            tell([*reasons, self._wording.error(error)])

        go_on()

    def _take(self, report: AcknowledgeReport) -> None:
        if report.accepted:
            self._book.take(report.accepted)

    def _reasons(self, report: AcknowledgeReport) -> list[str]:
        return [self._wording.text(refusal.reason) for refusal in report.refused]
