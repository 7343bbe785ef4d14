"""Traps of OPC UA that have no counterpart in other protocols (docs/connectors/opcua.md lists them)."""

import asyncio

import pytest

from app.model import status as st
from app.model.connection import ConnectionState, Protocol_
from tests.contract.harness import rig
from tests.contract.test_connectors import GOOD_NAMES, ready

pytestmark = [pytest.mark.usefixtures("no_task_left"), pytest.mark.filterwarnings("ignore::DeprecationWarning:asyncua")]

OPCUA = Protocol_.OPCUA


async def test_terms_of_session_and_subscription_are_ours_not_the_librarys() -> None:
    async with rig(OPCUA) as running:
        await ready(running)
        terms = await running.server.do("terms")
        assert terms["publishing_ms"] == 100
        assert terms["publishing_ms"] * terms["keepalives"] == 1000
        assert terms["publishing_ms"] * terms["lifetime"] == 60_000
        assert terms["session_timeout_ms"] == 60_000


async def test_the_same_value_with_a_new_time_is_not_notified_and_the_tag_stays_good() -> None:
    async with rig(OPCUA) as running:
        await ready(running)
        before = running.recorder.last["count"]
        await running.server.do("set", name="count", value=7)
        await running.server.do("set", name="level", value=13.5)
        await running.recorder.until(lambda: running.recorder.last["level"].value == 13.5, 3)
        assert running.recorder.last["count"] is before
        # For longer than the silence that would end the session (4 s), keep-alives alone have come.
        since_ns, asked = running.connector.status().since_ns, await running.server.do("asked", service="Publish")
        while await running.server.do("asked", service="Publish") < asked + 6:
            assert running.recorder.last["count"] is before
        assert running.connector.status().since_ns == since_ns
        assert st.is_good(running.recorder.last["count"].status)


@pytest.mark.parametrize("how", ["mute", "forget"])
async def test_a_server_that_lives_and_publishes_nothing_gets_a_fresh_session(how: str) -> None:
    async with rig(OPCUA, GOOD_NAMES) as running:
        await ready(running)
        await running.server.do(how, on=True)
        await running.recorder.until_status(st.BAD_NO_COMMUNICATION, *GOOD_NAMES, within_s=8)
        lost = next(status for status in running.recorder.states if status.state is ConnectionState.LOST)
        assert "stopped to publish" in lost.error
        await running.server.do("mute", on=False)
        await ready(running)
        await running.server.do("set", name="count", value=300)
        await running.recorder.until(lambda: running.recorder.last["count"].value == 300, 3)
        assert await running.server.do("asked", service="CloseSession") >= 1
        assert await running.server.do("asked", service="Republish") == 0


async def test_a_cancelled_connector_closes_its_session() -> None:
    async with rig(OPCUA) as running:
        await ready(running)
        await running.stop()
        assert await running.server.do("asked", service="CloseSession") == 1


async def test_a_connector_cancelled_while_it_closes_a_lost_session_ends() -> None:
    async with rig(OPCUA) as running:
        await ready(running)
        await running.server.do("forget")
        await running.recorder.until_status(st.BAD_NO_COMMUNICATION, *GOOD_NAMES, within_s=8)
        async with asyncio.timeout(8):
            await running.stop()
        assert running.recorder.state is ConnectionState.STOPPED
        await running.server.until("asked", 1, service="CloseSession")


async def test_a_connector_cancelled_while_it_connects_closes_its_session() -> None:
    async with rig(OPCUA, started=False) as running:
        await running.server.start("--slow-activation")
        await running.server.until("asked", 1, service="ActivateSession")
        stopping = asyncio.create_task(running.stop())
        await running.server.do("stall", services=[])
        await running.server.until("asked", 1, service="CloseSession")
        await stopping


async def test_an_overflow_of_the_servers_queue_is_counted_and_the_value_taken() -> None:
    async with rig(OPCUA) as running:
        await ready(running)
        await running.server.do("set", name="level", value=3.5, status=st.OVERFLOW_BITS)
        await running.recorder.until(lambda: running.recorder.last["level"].value == 3.5, 3)
        assert running.recorder.last["level"].status == st.OVERFLOW_BITS
        assert st.is_good(running.recorder.last["level"].status)
        assert running.connector.status().overflows == 1


async def test_a_hang_while_refused_items_are_tried_again_is_noticed_as_soon_as_any() -> None:
    async with rig(OPCUA, timeout_s=30) as running:
        await ready(running)
        await running.server.do("stall", services=["CreateMonitoredItems"])
        await running.recorder.until_status(st.BAD_NO_COMMUNICATION, *GOOD_NAMES, within_s=7)
        await running.server.do("stall", services=[])
        await ready(running)


async def test_a_server_that_is_not_running_degrades_the_connection_until_it_is_another() -> None:
    async with rig(OPCUA, GOOD_NAMES) as running:
        await ready(running)
        await running.server.do("state", value=4)
        await running.recorder.until(lambda: running.recorder.state is ConnectionState.DEGRADED, 3)
        assert "not running (state 4, Shutdown)" in running.recorder.states[-1].error
        await running.server.kill()
        await running.recorder.until(lambda: running.recorder.state is ConnectionState.LOST, 5)
        seen = len(running.recorder.states)
        await running.server.start()
        await running.recorder.until(lambda: running.recorder.state is ConnectionState.CONNECTED, 10)
        assert ConnectionState.DEGRADED not in {status.state for status in running.recorder.states[seen:]}


async def test_a_refused_secure_channel_is_told_in_words() -> None:
    async with rig(OPCUA, started=False) as running:
        await running.server.start("--refuse-channel")
        await running.recorder.until(lambda: "certificate" in running.connector.status().error, 10)
        assert running.recorder.state is ConnectionState.LOST
