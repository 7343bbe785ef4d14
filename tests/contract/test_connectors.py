"""What every connector must do, against real servers in processes of their own."""

import asyncio
import time

import pytest

from app.model import status as st
from app.model.connection import ConnectionState, Protocol_, WriteResult
from tests.contract.harness import Rig, rig

pytestmark = [pytest.mark.usefixtures("no_task_left"), pytest.mark.filterwarnings("ignore::DeprecationWarning:asyncua")]

protocols = pytest.mark.parametrize("protocol", [Protocol_.OPCUA, Protocol_.MODBUS_TCP], ids=str)
every_protocol = pytest.mark.parametrize("protocol", list(Protocol_), ids=str)
"""For what another kind of line could break; the rest of Modbus is the same over all of them."""
GOOD_NAMES = ("level", "count", "setpoint", "locked", "slow")


async def ready(running: Rig, within_s: float = 10.0) -> None:
    await running.recorder.until_status(st.GOOD, *GOOD_NAMES, within_s=within_s)


@every_protocol
async def test_delivers_initial_values_and_changes(protocol: Protocol_) -> None:
    async with rig(protocol) as running:
        first, figures = running.recorder, running.connector.status
        await ready(running)
        assert first.samples[0][1].status == st.BAD_WAITING_FOR_INITIAL_DATA
        assert first.last["level"].value == pytest.approx(12.5)
        assert first.last["count"].value == 7
        await running.server.do("set", name="level", value=13.5)
        await first.until(lambda: first.last["level"].value == pytest.approx(13.5), 3)
        assert abs(time.time_ns() - first.last["level"].source_ns) < 5_000_000_000
        await first.until(lambda: None not in (figures().round_trip_ms, figures().period_ms), 3)
        status = running.connector.status()
        assert status.tags == 6
        assert status.updates >= 7
        assert status.rate > 0
        assert status.period_ms == pytest.approx(100, rel=0.9)
        assert (status.lag_ms is None) == protocol.is_modbus


@every_protocol
async def test_unknown_address_spoils_only_its_tag(protocol: Protocol_) -> None:
    async with rig(protocol) as running:
        await ready(running)
        await running.recorder.until_status(st.BAD_NODE_ID_UNKNOWN, "nowhere")
        await running.recorder.until(lambda: running.recorder.state is ConnectionState.DEGRADED, 3)
        assert "nowhere" in running.recorder.states[-1].error
        assert running.connector.status().bad_tags == 1
        await running.server.do("add")
        await running.recorder.until_status(st.GOOD, "nowhere")
        await running.recorder.until(lambda: running.recorder.state is ConnectionState.CONNECTED, 3)


@protocols
async def test_bad_quality_keeps_the_last_value_and_recovers(protocol: Protocol_) -> None:
    async with rig(protocol, ("level",)) as running:
        await running.recorder.until_status(st.GOOD, "level", within_s=10)
        await running.server.do("bad", name="level")
        await running.recorder.until(lambda: st.is_bad(running.recorder.last["level"].status), 5)
        assert running.recorder.last["level"].value == pytest.approx(12.5)
        await running.server.do("set", name="level", value=14)
        await running.recorder.until_status(st.GOOD, "level")
        assert running.recorder.last["level"].value == pytest.approx(14)


@every_protocol
async def test_write_is_exact_and_reads_back(protocol: Protocol_) -> None:
    async with rig(protocol) as running:
        await ready(running)
        assert await running.write("setpoint", 61.25) == WriteResult(st.GOOD)
        assert await running.server.do("get", name="setpoint") == 61.25
        await running.recorder.until(lambda: running.recorder.last["setpoint"].value == 61.25, 3)
        writes = await running.server.do("writes")
        assert len(writes) == 1
        if protocol is Protocol_.OPCUA:
            assert writes[0]["type"] == "Float"
            assert writes[0]["bare"]


@every_protocol
async def test_refused_write_gives_the_devices_status(protocol: Protocol_) -> None:
    async with rig(protocol) as running:
        await ready(running)
        result = await running.write("locked", 5)
        assert result.known
        assert st.is_bad(result.status)
        assert result.status == (0x801F0000 if protocol is Protocol_.OPCUA else st.BAD_OUT_OF_RANGE)
        assert await running.server.do("get", name="locked") == 1
        too_big = await running.write("count", 70_000)
        assert (too_big.status, too_big.known) == (st.BAD_OUT_OF_RANGE, True)


@protocols
async def test_write_while_the_server_is_down_fails_at_once_and_is_never_sent(protocol: Protocol_) -> None:
    async with rig(protocol) as running:
        await ready(running)
        await running.server.kill()
        await running.recorder.until_status(st.BAD_NO_COMMUNICATION, *GOOD_NAMES)
        began = time.monotonic()
        result = await running.write("setpoint", 99, timeout_s=10)
        assert time.monotonic() - began < 0.2
        assert (result.status, result.known) == (st.BAD_NOT_CONNECTED, True)
        await running.server.start()
        await ready(running)
        assert await running.server.do("writes") == []


@every_protocol
async def test_slow_write_is_unknown_and_carried_out_once(protocol: Protocol_) -> None:
    async with rig(protocol) as running:
        await ready(running)
        await running.server.do("delay", seconds=1.5)
        result = await running.write("slow", 3, timeout_s=0.4)
        assert not result.known
        assert st.is_bad(result.status)
        await ready(running)
        await running.recorder.until(lambda: running.recorder.last["slow"].value == 3, 10)
        await ready(running)
        assert [each["node"] for each in await running.server.do("writes")] == ["slow"]


@every_protocol
async def test_write_in_flight_when_the_server_dies_is_unknown_and_never_sent_again(protocol: Protocol_) -> None:
    async with rig(protocol) as running:
        await ready(running)
        await running.server.do("delay", seconds=30)
        writing = asyncio.create_task(running.write("slow", 3, timeout_s=20))
        await running.server.until("pending", 1)
        await running.server.kill()
        result = await writing
        assert not result.known
        assert st.is_bad(result.status)
        await running.server.start()
        await ready(running)
        assert await running.server.do("writes") == []


@protocols
async def test_three_cut_connections_to_a_living_server_lose_nothing_that_lasts(protocol: Protocol_) -> None:
    async with rig(protocol) as running:
        await ready(running)
        for turn in range(1, 4):
            seen = len(running.recorder.samples)
            await running.server.do("cut")
            await running.server.do("set", name="count", value=200 + turn)
            await running.recorder.until(
                lambda: st.BAD_NO_COMMUNICATION in {s.status for _, s in running.recorder.samples[seen:]},  # noqa: B023
                5,
            )
            await ready(running)
            assert running.recorder.last["count"].value == 200 + turn
        assert running.connector.status().reconnects == 3


@every_protocol
async def test_killed_server_makes_all_stale_and_comes_back_three_times(protocol: Protocol_) -> None:
    async with rig(protocol) as running:
        await ready(running)
        for turn in range(1, 4):
            await running.server.kill()
            await running.recorder.until_status(st.BAD_NO_COMMUNICATION, *GOOD_NAMES, within_s=5)
            assert running.recorder.last["count"].value is not None
            assert running.recorder.state is ConnectionState.LOST
            # The namespace gets another index at the second return: nothing may depend on it.
            shift = ("--shift",) if turn == 2 and protocol is Protocol_.OPCUA else ()
            await running.server.start(*shift)
            await ready(running, within_s=10)
            await running.server.do("set", name="count", value=100 + turn)
            await running.recorder.until(lambda: running.recorder.last["count"].value == 100 + turn, 3)  # noqa: B023
        assert running.connector.status().reconnects == 3


@every_protocol
async def test_hanging_server_makes_all_stale_though_its_sockets_stay_open(protocol: Protocol_) -> None:
    async with rig(protocol) as running:
        await ready(running)
        running.server.freeze(True)
        await running.recorder.until_status(st.BAD_NO_COMMUNICATION, *GOOD_NAMES, within_s=5)
        result = await running.write("setpoint", 99, timeout_s=1)
        assert (result.status, result.known) == (st.BAD_NOT_CONNECTED, True)
        running.server.freeze(False)
        await ready(running, within_s=10)
        assert await running.server.do("writes") == []


@every_protocol
async def test_server_that_is_not_there_at_first_is_found(protocol: Protocol_) -> None:
    async with rig(protocol, started=False) as running:
        await running.recorder.until(lambda: running.recorder.state is ConnectionState.LOST, 3)
        assert running.recorder.states[-1].error
        assert running.recorder.last["level"].value is None
        await running.server.start()
        await ready(running)


@every_protocol
async def test_cancelling_closes_cleanly(protocol: Protocol_) -> None:
    async with rig(protocol) as running:
        await ready(running)
        serial = protocol is Protocol_.MODBUS_RTU
        assert serial or await running.server.do("sessions") == 1
        before = asyncio.all_tasks()
        await running.stop()
        assert running.recorder.state is ConnectionState.STOPPED
        assert all(running.recorder.last[name].status == st.BAD_NO_COMMUNICATION for name in GOOD_NAMES)
        async with asyncio.timeout(3):
            while not serial and await running.server.do("sessions"):
                pass
        left = {task for task in asyncio.all_tasks() if not task.done()}
        assert left <= before


@protocols
async def test_connected_while_the_program_stands_still_leaves_no_good_value(protocol: Protocol_) -> None:
    async with rig(protocol, ("level", "count"), heartbeat="count", heartbeat_s=1) as running:
        await running.recorder.until_status(st.GOOD, "level", "count", within_s=10)
        await running.recorder.until_status(st.UNCERTAIN_NO_COMMUNICATION_LAST_USABLE, "level")
        await running.recorder.until(lambda: running.recorder.state is ConnectionState.DEGRADED, 3)
        assert "count has not changed for more than 1 s" in running.recorder.states[-1].error
        assert st.is_good(running.recorder.last["count"].status)
        assert running.recorder.last["level"].value == pytest.approx(12.5)
        await running.server.do("set", name="count", value=8)
        await running.recorder.until_status(st.GOOD, "level")
        await running.recorder.until(lambda: ConnectionState.CONNECTED in {s.state for s in running.recorder.states}, 3)
