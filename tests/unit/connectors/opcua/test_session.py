"""How a session judges what the server publishes; no server is needed for it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from app.model.clock import ManualClock
from app.model.connection import Connection, Protocol_
from connectors.opcua.client import make_client
from connectors.opcua.faults import SessionLost
from connectors.opcua.notifications import Notification
from connectors.opcua.secured import ChannelSecurity
from connectors.opcua.session import OpcUaSession
from connectors.opcua.settings import OpcUaSettings, Terms
from connectors.opcua.subscription import LATE_S, Subscription

ENDPOINT = "opc.tcp://127.0.0.1:1/x"
AT_ONCE = 4


def changes(sequence: int, ended: str = "") -> Notification:
    return Notification(7, sequence, False, 1, ended=ended)


def keep_alive(sequence: int) -> Notification:
    return Notification(7, sequence, True, 1)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def subscription(clock: ManualClock) -> Subscription:
    nobody: Any = None
    made = Subscription(nobody, Terms(100, 10), clock)
    made.id = 7
    return made


def taken(subscription: Subscription, *notifications: Notification) -> list[int]:
    return [due.sequence for each in notifications for due in subscription.in_order(each, AT_ONCE)]


def test_keep_alives_and_consecutive_numbers_are_fine(subscription: Subscription) -> None:
    given = (changes(1), keep_alive(2), keep_alive(2), changes(2), changes(3))
    assert taken(subscription, *given) == [1, 2, 3]


def test_numbers_begin_anew_after_the_largest(subscription: Subscription) -> None:
    assert taken(subscription, changes(0xFFFFFFFE), changes(1), changes(0xFFFFFFFF), changes(2)) == [
        0xFFFFFFFE, 0xFFFFFFFF, 1, 2,
    ]  # fmt: skip


def test_answers_that_overtook_one_another_are_put_in_order(subscription: Subscription) -> None:
    assert taken(subscription, changes(1), changes(4), changes(3), changes(2), changes(5)) == [1, 2, 3, 4, 5]


def test_a_notification_that_more_have_overtaken_than_can_is_missing(subscription: Subscription) -> None:
    assert taken(subscription, changes(1), changes(3), changes(4), changes(5)) == [1]
    with pytest.raises(SessionLost, match="notification 2 is missing"):
        taken(subscription, changes(6))


def test_an_overtaken_notification_that_is_late_is_missing(subscription: Subscription, clock: ManualClock) -> None:
    assert taken(subscription, changes(1), changes(3)) == [1]
    subscription.check_order()
    clock.advance(LATE_S)
    with pytest.raises(SessionLost, match="notification 2 is missing"):
        subscription.check_order()
    assert taken(subscription, changes(2)) == [2, 3]
    subscription.check_order()


@pytest.mark.parametrize("sequence", [1, 2, 50])
def test_a_number_that_cannot_be_due_soon_is_no_order(subscription: Subscription, sequence: int) -> None:
    assert taken(subscription, changes(1), changes(2)) == [1, 2]
    with pytest.raises(SessionLost, match="notification 3 is missing"):
        taken(subscription, changes(sequence))


@pytest.fixture
async def session(clock: ManualClock, subscription: Subscription) -> AsyncIterator[OpcUaSession]:
    connection = Connection("c", Protocol_.OPCUA, ENDPOINT)
    settings = OpcUaSettings.of(connection)
    client = make_client(ENDPOINT, settings, ChannelSecurity(connection, None, clock))
    made = OpcUaSession(client, settings, lambda notification: None, clock)
    made.subscriptions.append(subscription)
    yield made
    await made.close()


async def test_a_subscription_that_the_server_ended_ends_the_session(session: OpcUaSession) -> None:
    with pytest.raises(SessionLost, match="BadTimeout"):
        session.on_notification(changes(1, "BadTimeout"))


async def test_a_late_notification_is_noticed_by_the_probe(session: OpcUaSession, clock: ManualClock) -> None:
    session.on_notification(changes(1))
    session.on_notification(changes(3))
    clock.advance(LATE_S)
    with pytest.raises(SessionLost, match="notification 2 is missing"):
        await session.probe()
