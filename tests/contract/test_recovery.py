"""Faults of the network between connector and server, again and again; no item may be forgotten."""

import asyncio
import contextlib
import gc
import time
from collections import Counter
from collections.abc import AsyncIterator

import pytest

from app.model import status as st
from app.model.connection import ConnectionState, Protocol_
from benchmarks.proxy import Proxy
from tests.contract.harness import Rig, Server, free_port, rig
from tests.contract.test_connectors import GOOD_NAMES

pytestmark = [pytest.mark.usefixtures("no_task_left"), pytest.mark.filterwarnings("ignore::DeprecationWarning:asyncua")]

OPCUA = Protocol_.OPCUA
DROPS = 20


def through(proxy: Proxy) -> str:
    return f"opc.tcp://127.0.0.1:{proxy.port}/contract"


async def all_move(running: Rig, value: int, within_s: float) -> None:
    """Give every item another value at the server, and wait until all have come."""
    for name in GOOD_NAMES:
        await running.server.do("set", name=name, value=value)
    last = running.recorder.last
    await running.recorder.until(
        lambda: all(n in last and last[n].value == value and st.is_good(last[n].status) for n in GOOD_NAMES), within_s
    )


@contextlib.asynccontextmanager
async def disturbed(*server: str, backfill_max_h: float = 0) -> AsyncIterator[tuple[Rig, Proxy]]:
    """Run a connector against a server behind a proxy."""
    server_port = free_port()
    proxy = Proxy(server_port)
    await proxy.start()
    try:
        async with rig(
            OPCUA, GOOD_NAMES, started=False, endpoint=through(proxy), reconnect_max_s=1, backfill_max_h=backfill_max_h
        ) as running:
            running.server.port = server_port
            await running.server.start(*server)
            await running.recorder.until_status(st.GOOD, *GOOD_NAMES, within_s=20)
            yield running, proxy
    finally:
        await proxy.close()


async def test_twenty_drops_in_a_row_forget_no_item() -> None:
    async with disturbed() as (running, proxy):
        connections = proxy.connections  # before there was a server it was asked too
        for drop in range(DROPS):
            assert proxy.connections == connections + drop, "one connection a drop"
            proxy.cut()
            await running.recorder.until_status(st.BAD_NO_COMMUNICATION, *GOOD_NAMES)
            await all_move(running, 100 + drop, within_s=10)
            await running.recorder.until(lambda: running.recorder.state is ConnectionState.CONNECTED, 5)
        assert running.connector.status().reconnects == DROPS
        assert await running.server.do("held") == [1, 1], "no session or subscription of before is left at the server"


async def drop(running: Rig, proxy: Proxy, times: int) -> None:
    """Cut the connection so often, each time until all is well again."""
    for value in range(times):
        proxy.cut()
        await running.recorder.until_status(st.BAD_NO_COMMUNICATION, *GOOD_NAMES)
        await all_move(running, 200 + value, within_s=10)
        await running.recorder.until(lambda: running.recorder.state is ConnectionState.CONNECTED, 5)


def alive() -> Counter[str]:
    """Count the objects of connectors and of the OPC UA library, tasks and sockets, by type."""
    gc.collect()
    types = Counter(type(each) for each in gc.get_objects())
    names = {each: f"{each.__module__}.{each.__qualname__}" for each in types if isinstance(each.__module__, str)}
    roots = ("connectors.", "asyncua.", "_asyncio.", "asyncio.selector_events.")
    return Counter({name: types[each] for each, name in names.items() if name.startswith(roots)})


async def test_what_served_a_lost_connection_is_gone() -> None:
    async with disturbed() as (running, proxy):
        await drop(running, proxy, 3)  # what is made once, and kept
        before = alive()
        await drop(running, proxy, DROPS // 2)
        grown = alive() - before
        assert before["connectors.opcua.session.OpcUaSession"] == 1
        assert not {name: more for name, more in grown.items() if more >= DROPS // 2}, "one a drop"


async def test_a_network_that_swallows_all_is_noticed_and_data_come_again() -> None:
    async with disturbed() as (running, proxy):
        for value in range(3):
            proxy.hold()
            await running.recorder.until_status(st.BAD_NO_COMMUNICATION, *GOOD_NAMES, within_s=7)
            proxy.release()
            await all_move(running, 50 + value, within_s=20)


async def test_a_slow_network_is_no_lost_one() -> None:
    async with disturbed() as (running, proxy):
        proxy.delay_s, proxy.bytes_per_s = 0.2, 20_000
        since_ns = running.connector.status().since_ns
        for value in range(3):
            await all_move(running, value, within_s=10)
        assert running.connector.status().since_ns == since_ns


async def test_the_skew_of_the_servers_clock_is_measured() -> None:
    async with rig(OPCUA, GOOD_NAMES) as running:
        await running.recorder.until(lambda: running.connector.status().clock_skew_ms is not None, 15)
        skew_ms = running.connector.status().clock_skew_ms
        assert skew_ms is not None
        assert abs(skew_ms) < 2000
        await running.server.do("clock", ahead_s=3600)
        started = time.monotonic()
        while (skew_ms or 0) < 3_590_000:
            assert time.monotonic() < started + 60
            await asyncio.wait({running.task}, timeout=0.2)
            skew_ms = running.connector.status().clock_skew_ms


async def test_the_healthiest_server_serves_and_the_other_one_takes_over() -> None:
    other = Server(OPCUA)
    try:
        await other.start()
        async with rig(OPCUA, GOOD_NAMES, endpoints=other.endpoint, reconnect_max_s=1) as running:
            last, figures, server = running.recorder.last, running.connector.status, running.server
            await running.recorder.until_status(st.GOOD, *GOOD_NAMES, within_s=20)
            assert figures().endpoint == server.endpoint  # the first of equals
            seen = len(running.recorder.samples)
            await other.do("set", name="count", value=22)
            await server.do("service_level", value=100)
            await running.recorder.until(lambda: figures().endpoint == other.endpoint, 20)
            await running.recorder.until(lambda: last["count"].value == 22, 10)
            between = running.recorder.samples[seen:]
            assert not any(st.is_bad(sample.status) for _, sample in between), (
                "it was connected before the other was left"
            )
            await server.until("sessions", 0)
            await server.do("service_level", value=255)
            await other.kill()
            await running.recorder.until_status(st.BAD_NO_COMMUNICATION, *GOOD_NAMES)
            await running.recorder.until_status(st.GOOD, *GOOD_NAMES, within_s=20)
            assert figures().endpoint == server.endpoint
            await server.do("service_level", value=10)
            await running.recorder.until(lambda: running.recorder.state is ConnectionState.DEGRADED, 10)
            assert "service level 10" in running.recorder.states[-1].error
            assert st.is_good(last["count"].status)
    finally:
        await other.kill()


async def test_a_server_that_could_not_take_over_is_told_until_it_can(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.opcua.redundancy.STANDBY_S", 0.5)
    other = Server(OPCUA)
    try:
        async with rig(OPCUA, GOOD_NAMES, endpoints=other.endpoint, reconnect_max_s=1) as running:
            figures = running.connector.status
            await running.recorder.until_status(st.GOOD, *GOOD_NAMES, within_s=20)
            (told,) = figures().notices
            assert told.en.startswith(f"{other.endpoint} cannot take over: connection refused")
            assert told.zh.startswith(f"{other.endpoint} 无法接管：")
            since_ns = figures().since_ns
            await other.start()
            await running.recorder.until(lambda: figures().notices == (), 20)
            await other.do("service_level", value=100)
            await running.recorder.until(lambda: [n for n in figures().notices if "level 100" in n.en] != [], 20)
            await other.kill()
            await running.recorder.until(lambda: [n for n in figures().notices if "refused" in n.en] != [], 20)
            assert figures().since_ns == since_ns
    finally:
        await other.kill()


async def test_a_gap_is_filled_from_the_servers_history_and_only_that() -> None:
    async with disturbed("--history", backfill_max_h=1) as (running, proxy):
        live, past = running.recorder.samples, running.recorder.past
        await all_move(running, 1, within_s=5)
        assert past == []
        proxy.hold()
        proxy.cut()
        await running.recorder.until_status(st.BAD_NO_COMMUNICATION, *GOOD_NAMES, within_s=7)
        for value in range(2000, 2000 + 1800):
            await running.server.do("set", name="level", value=value)
        proxy.release()
        await running.recorder.until_status(st.GOOD, *GOOD_NAMES, within_s=20)
        kept = [value for value in await running.server.do("kept", name="level") if value >= 2000]
        assert len(kept) > 1000, "more than a portion"

        def delivered() -> list[float]:
            came = [sample.number for name, sample in live if name == "level" and st.is_good(sample.status)]
            return [sample.number or 0.0 for _, sample in past] + [each for each in came if each and each >= 2000]

        await running.recorder.until(lambda: delivered() == kept, 30)
        assert {name for name, _ in past} == {"level"}
        times = [sample.source_ns for _, sample in past]
        assert times == sorted(times)
        filled = len(past)
        proxy.cut()
        await running.recorder.until_status(st.BAD_NO_COMMUNICATION, *GOOD_NAMES, within_s=7)
        await all_move(running, 2, within_s=10)
        assert len(past) == filled
