"""What ends publishing, against a channel that answers as it is told."""

import asyncio
from typing import Any

import pytest
from asyncua import ua

from app.model.clock import ManualClock
from connectors.opcua import publishing
from connectors.opcua.faults import SessionLost
from connectors.opcua.notifications import Notification
from connectors.opcua.publishing import Publisher
from tests.unit.connectors.opcua.test_notifications import published


class Channel:
    """Answers to publish requests in the order in which they are given; what was acknowledged, by request."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.answers: asyncio.Queue[bytes | Exception] = asyncio.Queue()
        self.acknowledged: list[list[int]] = []
        monkeypatch.setattr(publishing, "send", self._send)

    async def _send(self, _client: Any, request: Any, _timeout_s: float) -> bytes:
        self.acknowledged.append([each.SequenceNumber for each in request.Parameters.SubscriptionAcknowledgements])
        answer = await self.answers.get()
        if isinstance(answer, Exception):
            raise answer
        return answer


async def lost(channel: Channel, answer: bytes | Exception, take: Any = lambda notification: None) -> SessionLost:
    reason: asyncio.Future[SessionLost] = asyncio.get_running_loop().create_future()
    nobody: Any = None
    publisher = Publisher(nobody, take, reason.set_result, ManualClock())
    publisher.want(1)
    channel.answers.put_nowait(answer)
    async with asyncio.timeout(5):
        told = await reason
    await publisher.close()
    return told


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (ua.uaerrors.BadNoSubscription(), "forgotten"),
        (ua.uaerrors.BadSessionClosed(), "BadSessionClosed"),
        (ua.uaerrors.BadTooManyPublishRequests(), "BadTooManyPublishRequests"),
        (ConnectionResetError("reset"), "the server closed the connection"),
    ],
)
async def test_what_ends_publishing_is_told(monkeypatch: pytest.MonkeyPatch, answer: Exception, words: str) -> None:
    assert words in str(await lost(Channel(monkeypatch), answer))


async def test_bytes_that_nobody_can_decode_end_the_session(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Not enough data" in str(await lost(Channel(monkeypatch), published([])[:40]))


async def test_a_defect_behind_a_notification_is_logged_and_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_notification: Notification) -> None:
        raise ZeroDivisionError("a defect")

    assert "see the log" in str(await lost(Channel(monkeypatch), published([]), broken))
    assert "ZeroDivisionError" in caplog.text


async def test_what_was_received_is_acknowledged_again_when_a_request_is_sent_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    channel, taken = Channel(monkeypatch), asyncio.Queue[int]()
    nobody: Any = None
    publisher = Publisher(nobody, lambda one: taken.put_nowait(one.sequence), lambda _lost: None, ManualClock())
    publisher.want(3)
    async with asyncio.timeout(5):
        for answer in (published([], sequence=7), ua.uaerrors.BadTooManyPublishRequests(), published([], sequence=8)):
            channel.answers.put_nowait(answer)
        assert [await taken.get(), await taken.get()] == [7, 8]
        channel.answers.put_nowait(published([], sequence=9))
        assert await taken.get() == 9
        publisher.want(3)
    assert publisher.outstanding == 2
    await publisher.close()
    assert [number for request in channel.acknowledged for number in request] == [7, 7, 8, 9]
    assert publisher.outstanding == 0


async def test_what_came_by_another_way_is_acknowledged_with_the_next_request(monkeypatch: pytest.MonkeyPatch) -> None:
    channel, taken = Channel(monkeypatch), asyncio.Queue[int]()
    nobody: Any = None
    publisher = Publisher(nobody, lambda one: taken.put_nowait(one.sequence), lambda _lost: None, ManualClock())
    publisher.acknowledge(7, 5)
    publisher.want(1)
    channel.answers.put_nowait(published([], sequence=6))
    async with asyncio.timeout(5):
        assert await taken.get() == 6
    await publisher.close()
    assert channel.acknowledged[0] == [5]
