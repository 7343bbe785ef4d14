"""How a session judges what the server publishes; no server is needed for it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from asyncua import ua

from app.model.clock import ManualClock
from app.model.connection import Connection, Protocol_
from connectors.opcua.client import make_client
from connectors.opcua.faults import SessionLost
from connectors.opcua.secured import ChannelSecurity
from connectors.opcua.session import OpcUaSession
from connectors.opcua.settings import OpcUaSettings

ENDPOINT = "opc.tcp://127.0.0.1:1/x"


@pytest.fixture
async def session() -> AsyncIterator[OpcUaSession]:
    connection, clock = Connection("c", Protocol_.OPCUA, ENDPOINT), ManualClock()
    security = ChannelSecurity(connection, None, clock)
    settings = OpcUaSettings.of(connection)
    made = OpcUaSession(make_client(ENDPOINT, settings, security), settings, lambda items: None, clock)
    yield made
    await made.close()


def message(sequence: int, *data: Any) -> Any:
    return ua.PublishResult(7, NotificationMessage=ua.NotificationMessage(sequence, NotificationData=list(data)))


def changes() -> Any:
    return ua.DataChangeNotification(MonitoredItems=[])


async def test_keep_alives_and_consecutive_numbers_are_fine(session: OpcUaSession) -> None:
    for sequence, data in ((1, [changes()]), (2, []), (2, []), (2, [changes()]), (3, [changes()])):
        session._on_publish(message(sequence, *data))
    await session.wait_lost(0)


async def test_numbers_begin_anew_after_the_largest(session: OpcUaSession) -> None:
    session._on_publish(message(0xFFFFFFFF, changes()))
    session._on_publish(message(1, changes()))
    await session.wait_lost(0)


async def test_a_missing_notification_ends_the_session(session: OpcUaSession) -> None:
    session._on_publish(message(1, changes()))
    session._on_publish(message(3, changes()))
    with pytest.raises(SessionLost, match="notification 2 is missing"):
        await session.wait_lost(1)


async def test_a_subscription_that_the_server_ended_ends_the_session(session: OpcUaSession) -> None:
    ended = ua.StatusChangeNotification(Status=ua.StatusCode(ua.StatusCodes.BadTimeout))
    session._on_publish(message(1, ended))
    with pytest.raises(SessionLost, match="BadTimeout"):
        await session.wait_lost(1)


async def test_a_defect_behind_a_notification_is_logged_and_ends_the_session(
    session: OpcUaSession, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_items: object) -> None:
        raise ZeroDivisionError("a defect")

    monkeypatch.setattr(session, "_on_data", broken)
    session._on_publish(message(1, changes()))
    with pytest.raises(SessionLost, match="see the log"):
        await session.wait_lost(1)
    assert "ZeroDivisionError" in caplog.text
