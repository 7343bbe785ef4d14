"""Publish requests, order of notifications, limits of servers, and items divided over subscriptions and sessions."""

import asyncio
from dataclasses import replace

import pytest

from app.model import status as st
from app.model.connection import ConnectionState, Protocol_
from app.model.tag import Tag
from tests.contract.harness import Rig, rig
from tests.contract.test_connectors import GOOD_NAMES, ready

pytestmark = [pytest.mark.usefixtures("no_task_left"), pytest.mark.filterwarnings("ignore::DeprecationWarning:asyncua")]

OPCUA = Protocol_.OPCUA


async def started(running: Rig, *options: str) -> None:
    await running.server.start(*options)
    await running.recorder.until(lambda: running.recorder.state is ConnectionState.CONNECTED, 30)
    await running.recorder.until_status(st.GOOD, *GOOD_NAMES, within_s=15)


async def moves(running: Rig, value: float) -> None:
    await running.server.do("set", name="level", value=value)
    await running.recorder.until(lambda: running.recorder.last["level"].value == value, 5)


async def test_several_publish_requests_wait_at_the_server() -> None:
    async with rig(OPCUA, GOOD_NAMES, publish_requests=6) as running:
        await ready(running)
        await running.server.until("waiting", 6)
        await moves(running, 20.5)


async def test_lost_answers_are_asked_for_again_and_their_values_come_in_order() -> None:
    async with rig(OPCUA, GOOD_NAMES) as running:
        await ready(running)
        since_ns, seen = running.connector.status().since_ns, len(running.recorder.samples)
        await running.server.do("lose", answers=2)
        for count, level in enumerate((31.5, 32.5, 33.5), 1):
            await running.server.do("set", name="level", value=level)
            await running.server.until("to lose", max(0, 2 - count))  # an answer of its own
        await running.recorder.until(lambda: running.recorder.last["level"].value == 33.5, 5)
        came = [sample.value for name, sample in running.recorder.samples[seen:] if name == "level"]
        assert came == [31.5, 32.5, 33.5]
        assert await running.server.do("asked", service="Republish") == 2
        await moves(running, 34.5)
        assert running.connector.status().since_ns == since_ns


async def test_a_lost_answer_that_no_other_follows_is_told_by_the_keep_alive() -> None:
    async with rig(OPCUA, GOOD_NAMES) as running:
        await ready(running)
        since_ns = running.connector.status().since_ns
        await running.server.do("lose", answers=1)
        await moves(running, 35.5)
        await running.server.until("kept back", 0)  # acknowledged
        assert running.connector.status().since_ns == since_ns


async def test_a_missing_notification_is_noticed_and_everything_read_anew() -> None:
    async with rig(OPCUA, GOOD_NAMES) as running:
        await ready(running)
        await running.server.do("skip")
        await running.server.do("set", name="level", value=21.5)
        await running.recorder.until_status(st.BAD_NO_COMMUNICATION, *GOOD_NAMES)
        lost = next(status for status in running.recorder.states if status.state is ConnectionState.LOST)
        assert "is missing" in lost.error
        await ready(running)
        assert running.recorder.last["level"].value == 21.5
        assert await running.server.do("asked", service="Republish") == 1
        assert running.connector.status().missing == 1


async def test_a_server_with_small_limits_gets_small_requests() -> None:
    async with rig(OPCUA, GOOD_NAMES, started=False) as running:
        await started(running, "--limits")
        assert await running.server.do("asked", service="CreateMonitoredItems") == 3  # five items
        assert await running.server.do("refused") == 0
        async with asyncio.timeout(20):  # at least one too many was sent back
            while not await running.server.do("sent back"):
                pass
        asked = await running.server.do("asked", service="Publish")
        for value in (22.5, 23.5, 24.5):
            await moves(running, value)
        assert running.recorder.state is ConnectionState.CONNECTED
        assert await running.server.do("asked", service="Publish") > asked


async def test_a_server_that_does_not_tell_its_limits_is_asked_for_less() -> None:
    async with rig(OPCUA, GOOD_NAMES, started=False) as running:
        await started(running, "--limits", "--silent-limits")
        assert await running.server.do("refused") == 2  # 3 figures of its own at once, and 5 items; then 2, 2, 1
        await moves(running, 25.5)


async def test_items_are_divided_over_sessions_and_all_of_them_move() -> None:
    async with rig(OPCUA, GOOD_NAMES, sessions=2) as running:
        await ready(running)
        shares = await running.server.do("subscriptions")
        assert [items for _, items in shares] == [2, 3]
        for name, value in (("level", 26.5), ("count", 26), ("setpoint", 27.5)):
            await running.server.do("set", name=name, value=value)
        await running.recorder.until(lambda: running.recorder.last["count"].value == 26, 5)
        await running.recorder.until(lambda: running.recorder.last["setpoint"].value == 27.5, 5)
        await running.recorder.until(lambda: running.recorder.last["level"].value == 26.5, 5)
        await running.stop()
        assert await running.server.do("asked", service="CloseSession") == 2


async def test_one_session_lost_is_the_connection_lost_and_comes_back_whole() -> None:
    async with rig(OPCUA, GOOD_NAMES, sessions=3) as running:
        await ready(running)
        await running.server.do("cut", first=1)
        await running.recorder.until_status(st.BAD_NO_COMMUNICATION, *GOOD_NAMES)
        await ready(running)
        await moves(running, 28.5)


async def test_a_scan_class_is_a_subscription_of_its_own() -> None:
    def alter(tag: Tag) -> Tag:
        return replace(tag, scan_ms=50) if tag.name == "level" else tag

    async with rig(OPCUA, GOOD_NAMES, alter=alter, scan_classes="50/50/20") as running:
        await ready(running)
        assert await running.server.do("subscriptions") == [[50, 1], [100, 4]]
        await moves(running, 29.5)


def with_deadband(tag: Tag) -> Tag:
    return replace(tag, deadband=5.0, scale=2.0) if tag.name == "level" else tag


async def test_a_deadband_is_kept_by_the_server_in_units_of_the_device() -> None:
    async with rig(OPCUA, GOOD_NAMES, alter=with_deadband, deadband_at_server=True) as running:
        await ready(running)
        assert await running.server.do("filters") == [2.5]
        seen = len(running.recorder.samples)
        await running.server.do("set", name="level", value=14.5)
        await running.server.do("set", name="count", value=30)
        await running.recorder.until(lambda: running.recorder.last["count"].value == 30, 5)
        await running.server.do("set", name="level", value=18.5)
        await running.recorder.until(lambda: running.recorder.last["level"].value == 37.0, 5)
        assert [sample.value for name, sample in running.recorder.samples[seen:] if name == "level"] == [37.0]


async def test_a_deadband_that_the_server_does_not_know_is_left_out() -> None:
    async with rig(OPCUA, GOOD_NAMES, started=False, alter=with_deadband, deadband_at_server=True) as running:
        await started(running, "--no-deadband")
        assert await running.server.do("filters") == [2.5]
        await running.server.do("set", name="level", value=12.75)
        await running.recorder.until(lambda: running.recorder.last["level"].value == 25.5, 5)


async def test_overflows_of_many_items_are_counted_each() -> None:
    async with rig(OPCUA, GOOD_NAMES) as running:
        await ready(running)
        async with asyncio.timeout(10):
            for count in range(1, 4):
                await running.server.do("set", name="count", value=40 + count, status=st.OVERFLOW_BITS)
                await running.recorder.until(lambda: running.connector.status().overflows == count, 5)  # noqa: B023
