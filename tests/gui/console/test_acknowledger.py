"""Many alarms are acted on in several requests, and what is refused of all of them is told once."""

from typing import Any, cast

import pytest
from pytestqt.qtbot import QtBot

from app.console.acknowledger import PORTION, Acknowledger
from app.console.ports import BridgePort
from app.link.messages import AcknowledgeRefusal, AcknowledgeReport, AlarmActionRequest
from app.model.alarm_action import AlarmAction
from app.model.errors import LinkError
from app.model.text import LocalText
from widgets.alarms.actions import AlarmAsk
from widgets.alarms.book import AlarmBook
from widgets.wording import Wording

PAIRS = [(f"T{n}.H", f"e{n}") for n in range(2 * PORTION + 10)]


class Port:
    """Refuses the first of each request; the link breaks at the request of ``breaks_at``."""

    def __init__(self, breaks_at: int = -1) -> None:
        self.asked: list[list[tuple[str, str]]] = []
        self._breaks_at = breaks_at

    def acknowledge(self, pairs: Any, comment: str, done: Any, failed: Any, context: Any) -> None:
        self._answer(pairs, done, failed)

    def alarm_action(self, request: AlarmActionRequest, done: Any, failed: Any, context: Any) -> None:
        self._answer(request.alarms, done, failed)

    def _answer(self, pairs: Any, done: Any, failed: Any) -> None:
        self.asked.append(list(pairs))
        if len(self.asked) - 1 == self._breaks_at:
            failed(LinkError("the link broke"))
            return
        refused = AcknowledgeRefusal(pairs[0][0], LocalText(f"not {pairs[0][0]}"))
        done(AcknowledgeReport((), (refused,)))


@pytest.mark.parametrize("acts", ["acknowledge", "shelve"])
@pytest.mark.parametrize("breaks_at", [-1, 1])
def test_many_alarms_are_acted_on_in_portions(qtbot: QtBot, acts: str, breaks_at: int) -> None:
    port, told = Port(breaks_at), list[list[str]]()
    acknowledger = Acknowledger(cast("BridgePort", port), AlarmBook({}), Wording("UTC", "en"))
    acknowledger.refused.connect(told.append)
    if acts == "acknowledge":
        acknowledger.acknowledge(PAIRS, "")
    else:
        acknowledger.ask(AlarmAsk(AlarmAction.SHELVE, tuple(PAIRS), "why", 60.0))
    if breaks_at < 0:
        assert [len(each) for each in port.asked] == [PORTION, PORTION, 10]
        assert [pair for each in port.asked for pair in each] == PAIRS
        assert told == [["not T0.H", f"not T{PORTION}.H", f"not T{2 * PORTION}.H"]]
    else:
        assert len(port.asked) == 2
        assert len(told) == 1
        assert told[0][0] == "not T0.H"
        assert "link broke" in told[0][1]
