"""How a session judges what the server publishes; no server is needed for it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
from asyncua import ua
from asyncua.ua.ua_binary import struct_to_binary

from app.model.clock import ManualClock
from app.model.connection import Connection, Protocol_
from connectors.opcua import republish
from connectors.opcua.client import make_client
from connectors.opcua.faults import SessionLost
from connectors.opcua.notifications import Notification
from connectors.opcua.order import LATE_S
from connectors.opcua.publishing import Publisher
from connectors.opcua.secured import ChannelSecurity
from connectors.opcua.session import OpcUaSession
from connectors.opcua.settings import OpcUaSettings, Terms
from connectors.opcua.subscription import Subscription

ENDPOINT = "opc.tcp://127.0.0.1:1/x"


def changes(sequence: int, ended: str = "") -> Notification:
    return Notification(7, sequence, False, 1, ended=ended)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def subscription(clock: ManualClock) -> Subscription:
    nobody: Any = None
    made = Subscription(nobody, Terms(100, 10), clock)
    made.id = 7
    return made


@pytest.fixture
def due() -> list[int]:
    """Numbers of what was handed on."""
    return []


@pytest.fixture
async def session(clock: ManualClock, subscription: Subscription, due: list[int]) -> AsyncIterator[OpcUaSession]:
    connection = Connection("c", Protocol_.OPCUA, ENDPOINT)
    settings = OpcUaSettings.of(connection)
    client = make_client(ENDPOINT, settings, ChannelSecurity(connection, None, clock))
    made = OpcUaSession(client, settings, lambda notification: due.append(notification.sequence), clock)
    made.subscriptions.append(subscription)
    yield made
    await made.close()


async def test_a_subscription_that_the_server_ended_ends_the_session(session: OpcUaSession) -> None:
    with pytest.raises(SessionLost, match="BadTimeout"):
        session.on_notification(changes(1, "BadTimeout"))


def encoded(response: Any) -> bytes:
    return bytes(struct_to_binary(response))


class Again:
    """Answers to Republish: notifications by number, or the status that is raised."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.kept: dict[int, bytes | Exception] = {}
        self.asked: list[int] = []
        self.done = asyncio.Event()
        monkeypatch.setattr(republish, "send", self._send)

    def keep(self, number: int) -> None:
        change = ua.StatusChangeNotification(Status=ua.StatusCode(0))
        message = ua.NotificationMessage(SequenceNumber=number, NotificationData=[change])
        self.kept[number] = encoded(ua.RepublishResponse(NotificationMessage=message))

    async def _send(self, _client: Any, request: Any) -> bytes:
        number = request.Parameters.RetransmitSequenceNumber
        assert request.Parameters.SubscriptionId == 7
        self.asked.append(number)
        self.done.set()
        answer: bytes | Exception = self.kept.get(number, ua.uaerrors.BadMessageNotAvailable())
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def again(monkeypatch: pytest.MonkeyPatch) -> Again:
    return Again(monkeypatch)


async def overtaken(session: OpcUaSession, clock: ManualClock, again: Again) -> None:
    """Let notification 2 be overtaken by 3, and be late."""
    session.on_notification(changes(1))
    session.on_notification(changes(3))
    clock.advance(LATE_S)
    with contextlib.suppress(SessionLost, ConnectionError):
        await session.probe()  # there is no server
    async with asyncio.timeout(5):
        await again.done.wait()


async def lost(session: OpcUaSession) -> str:
    with pytest.raises(SessionLost) as raised:
        await session.wait_lost(5)
    return str(raised.value)


async def test_a_late_notification_is_asked_for_once_and_taken_in_its_place(
    session: OpcUaSession, clock: ManualClock, again: Again, due: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    acknowledged: list[tuple[int, int]] = []
    monkeypatch.setattr(Publisher, "acknowledge", lambda _, *which: acknowledged.append(which))
    again.keep(2)
    await overtaken(session, clock, again)
    session.on_notification(changes(4))
    assert due == [1, 2, 3, 4]
    session.on_notification(changes(2))  # late, but it comes by itself too
    assert due == [1, 2, 3, 4]
    assert again.asked == [2]
    assert acknowledged == [(7, 2)]


@pytest.mark.parametrize(
    "answer",
    [
        ua.uaerrors.BadMessageNotAvailable(),
        ua.uaerrors.BadServiceUnsupported(),
        encoded(ua.RepublishResponse()),  # asyncua's server says Good of what it has not
    ],
    ids=["not available", "no such service", "nothing"],
)
async def test_a_notification_that_the_server_has_no_more_ends_the_session(
    session: OpcUaSession, clock: ManualClock, again: Again, due: list[int], answer: bytes | Exception
) -> None:
    again.kept[2] = answer
    await overtaken(session, clock, again)
    assert "notification 2 is missing" in await lost(session)
    assert due == [1]


async def test_a_connection_that_is_lost_while_notifications_are_asked_for_ends_the_session(
    session: OpcUaSession, clock: ManualClock, again: Again
) -> None:
    again.kept[2] = TimeoutError()
    await overtaken(session, clock, again)
    assert "did not answer in time" in await lost(session)


async def test_what_cannot_be_decoded_when_asked_for_ends_the_session(
    session: OpcUaSession, clock: ManualClock, again: Again
) -> None:
    again.kept[2] = b"\x01"
    await overtaken(session, clock, again)
    assert "Not enough data" in await lost(session)


@pytest.mark.usefixtures("no_task_left")
async def test_a_session_that_is_closed_asks_no_more(
    session: OpcUaSession, clock: ManualClock, again: Again, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(*_: Any) -> bytes:
        again.done.set()
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(republish, "send", never)
    await overtaken(session, clock, again)
    await session.close()
