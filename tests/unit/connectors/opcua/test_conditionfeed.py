"""When a server's alarms are subscribed, refreshed, and said to be unknown."""

from collections.abc import Sequence
from typing import Any, cast

import pytest
from asyncua import ua

from app.model.clock import ManualClock
from app.model.external_alarm import ConditionsUnknown, ExternalCondition, ExternalEvent, RefreshBegan, RefreshEnded
from connectors.opcua import conditions as c
from connectors.opcua.conditionfeed import REFRESH_DEADLINE_S, ConditionFeed
from connectors.opcua.notifications import Notification
from connectors.opcua.sessions import Sessions
from connectors.opcua.settings import AlarmSettings, Terms

URIS = ["http://opcfoundation.org/UA/", "urn:server", "urn:plc"]
RETRY_S = 10.0


class Server:
    """Sessions with a server, its services and the one subscription, in one."""

    id = 7

    def __init__(self) -> None:
        self.monitored: list[tuple[Any, bool]] = []
        self.calls: list[Sequence[Any]] = []
        self.subscriptions = 0
        self.answers_to_monitor: list[int] = []
        self.answer_to_call = 0

    @property
    def services(self) -> "Server":
        return self

    async def subscribe(self, _terms: Terms) -> "Server":
        self.subscriptions += 1
        return self

    async def monitor_events(self, notifier: Any, chosen: Any) -> int:
        self.monitored.append((notifier, bool(chosen.WhereClause.Elements)))
        return self.answers_to_monitor.pop(0) if self.answers_to_monitor else 0

    async def call(self, target: Any, method: Any, arguments: Sequence[Any]) -> int:
        assert (target, method) == (ua.NodeId(2782), ua.NodeId(3875))
        self.calls.append([each.Value for each in arguments])
        return self.answer_to_call


class Bench:
    def __init__(self, notifier: str = "server") -> None:
        self.clock, self.server = ManualClock(), Server()
        self.feed = ConditionFeed(AlarmSettings(notifier, 100, RETRY_S), self.clock)
        self.told: list[ExternalEvent] = []
        self.feed.sink = self.told.append

    async def open(self) -> None:
        await self.feed.open(cast("Sessions", self.server), URIS)

    def say(self, kind: Any, **more: Any) -> None:
        values = {"EventType": kind, **more}
        fields = [ua.Variant(values.get(path)) for path in c.FIELDS]
        self.feed.take(Notification(7, 1, False, 5, events=[fields]))

    def refreshed(self) -> None:
        self.say(c.REFRESH_START)
        self.say(c.REFRESH_END)


@pytest.fixture
def bench() -> Bench:
    return Bench()


async def test_after_connecting_everything_is_asked_for(bench: Bench) -> None:
    await bench.open()
    assert bench.server.monitored == [(ua.NodeId(ua.ObjectIds.Server), True)]
    assert bench.server.calls == [[7]]
    bench.refreshed()
    bench.say(ua.NodeId(2915), EventId=b"\x01", **{"": ua.NodeId("high", 2)})
    bench.say(ua.NodeId(2052))  # an audit event
    assert [type(event) for event in bench.told] == [RefreshBegan, RefreshEnded, ExternalCondition]
    await bench.feed.tend()
    assert len(bench.server.calls) == 1


async def test_nothing_is_asked_for_where_no_alarms_are_wanted() -> None:
    bench = Bench("")
    await bench.open()
    await bench.feed.tend()
    bench.feed.lose()
    assert (bench.server.subscriptions, bench.told) == (0, [])


async def test_a_required_refresh_waits_for_the_one_that_runs(bench: Bench) -> None:
    await bench.open()
    bench.say(c.REFRESH_START)
    bench.say(c.REFRESH_REQUIRED)
    await bench.feed.tend()
    assert len(bench.server.calls) == 1
    bench.say(c.REFRESH_END)
    await bench.feed.tend()
    assert len(bench.server.calls) == 2


async def test_lost_events_make_the_states_unknown_until_a_refresh(bench: Bench) -> None:
    await bench.open()
    bench.refreshed()
    bench.say(c.OVERFLOW)
    assert bench.told[-1] == ConditionsUnknown()
    assert bench.feed.overflows == 1
    await bench.feed.tend()
    assert len(bench.server.calls) == 2


async def test_a_refresh_that_is_refused_is_said_and_tried_again(bench: Bench) -> None:
    bench.server.answer_to_call = int(ua.StatusCodes.BadNothingToDo)
    await bench.open()
    assert bench.feed.problem.en == "the server does not refresh its alarms: BadNothingToDo"
    bench.server.answer_to_call = 0
    await bench.feed.tend()
    assert len(bench.server.calls) == 1
    bench.clock.advance(RETRY_S)
    await bench.feed.tend()
    assert len(bench.server.calls) == 2
    bench.refreshed()
    assert not bench.feed.problem


async def test_a_refresh_of_another_client_is_waited_for(bench: Bench) -> None:
    bench.server.answer_to_call = int(ua.StatusCodes.BadRefreshInProgress)
    await bench.open()
    assert not bench.feed.problem
    await bench.feed.tend()
    assert len(bench.server.calls) == 2


async def test_a_refresh_without_end_is_said_and_closes_nothing(bench: Bench) -> None:
    await bench.open()
    bench.clock.advance(REFRESH_DEADLINE_S + 1)
    await bench.feed.tend()
    assert "where a refresh of its alarms ends" in bench.feed.problem.en
    assert bench.told == []
    bench.say(c.REFRESH_REQUIRED)
    await bench.feed.tend()
    assert len(bench.server.calls) == 2


async def test_a_server_that_cannot_choose_by_type_sends_all_events(bench: Bench) -> None:
    bench.server.answers_to_monitor = [int(ua.StatusCodes.BadEventFilterInvalid)]
    await bench.open()
    assert [where for _, where in bench.server.monitored] == [True, False]
    assert len(bench.server.calls) == 1


async def test_a_refused_subscription_is_tried_again_within_one(bench: Bench) -> None:
    bench.server.answers_to_monitor = [int(ua.StatusCodes.BadUserAccessDenied)]
    await bench.open()
    assert bench.feed.problem.en == "the server does not tell its alarms: BadUserAccessDenied"
    bench.clock.advance(RETRY_S)
    await bench.feed.tend()
    assert (bench.server.subscriptions, len(bench.server.monitored), len(bench.server.calls)) == (1, 2, 1)


async def test_a_notifier_of_a_namespace_that_the_server_lacks() -> None:
    bench = Bench("nsu=urn:gone;s=hall")
    await bench.open()
    assert bench.feed.problem.en.endswith("BadNodeIdUnknown")
    assert bench.server.monitored == []


async def test_a_loss_is_told_once(bench: Bench) -> None:
    await bench.open()
    bench.feed.lose()
    bench.feed.lose()
    assert bench.told == [ConditionsUnknown()]
