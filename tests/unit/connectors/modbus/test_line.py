"""Faults of a line that no real server shows on demand: the other side is a script of bytes."""

import asyncio
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import pairwise

import pytest

from app.model import status as st
from app.model.clock import SystemClock
from app.model.connection import Binding, Connection, ConnectionState, Connector, Protocol_, WriteResult
from app.model.tag import DataType, Tag
from connectors.modbus import create
from connectors.modbus import poller as poller_module
from connectors.modbus.connector import ModbusConnector
from connectors.modbus.line import Line
from connectors.modbus.path import TcpPath
from connectors.modbus.plan import Span
from connectors.modbus.settings import ModbusSettings
from connectors.modbus.wire import ModbusWire
from tests.contract.harness import Recorder
from tests.unit.modbus_device import Answer, device, frame

pytestmark = pytest.mark.usefixtures("no_task_left")


@dataclass
class Polled(Recorder):
    """What a connector delivers, and the connector."""

    connector: Connector | None = None
    stop_device: Callable[[], None] | None = None

    async def write(self, tag: Tag, value: float) -> WriteResult:
        assert self.connector is not None
        return await self.connector.write(tag, value, 5)


@asynccontextmanager
async def polled(
    answer: Answer, addresses: list[str], *, scan_ms: int = 50, sockets: list[int] | None = None, **options: float
) -> AsyncIterator["Polled"]:
    tags = [Tag(text, address=text, scan_ms=scan_ms, data_type=DataType.INT, writable=True) for text in addresses]
    recorder = Polled(tags)
    async with device(answer, sockets, recorder) as port:
        connector = create(
            Connection("line", Protocol_.MODBUS_TCP, f"127.0.0.1:{port}", options={"timeout_s": 0.2, **options}),
            [Binding(slot, tag) for slot, tag in enumerate(tags)],
            recorder.sink, recorder.on_status, SystemClock(),
        )  # fmt: skip
        recorder.connector = connector
        task = asyncio.create_task(connector.run())
        try:
            yield recorder
        finally:
            task.cancel()
            await asyncio.wait({task})
            for _ in range(3):
                await asyncio.sleep(0)


def zeros(body: bytes) -> bytes:
    count = struct.unpack(">H", body[3:5])[0]
    return bytes([body[0], count * 2]) + bytes(count * 2)


async def test_an_illegal_address_is_found_by_division_and_remembered() -> None:
    asked: list[tuple[int, int]] = []

    def answer(transaction: int, unit: int, body: bytes) -> bytes:
        start, count = struct.unpack(">HH", body[1:5])
        asked.append((start, count))
        return frame(transaction, unit, b"\x83\x02" if start <= 5 < start + count else zeros(body))

    addresses = [f"hr{offset}" for offset in range(10)]
    good = [text for text in addresses if text != "hr5"]
    async with polled(answer, addresses) as recorder:
        await recorder.until_status(st.GOOD, *good)
        await recorder.until_status(st.BAD_NODE_ID_UNKNOWN, "hr5")
        assert asked[0] == (0, 10)
        seen = len(asked)
        await recorder.until(lambda: len(asked) > seen + 20, 5)
        assert not any(start <= 5 < start + count for start, count in asked[seen + 10 :])
        assert sorted(asked[-2:]) == [(0, 5), (6, 4)]  # the rest in as few requests as go around it
        assert recorder.state is ConnectionState.DEGRADED


async def test_once_an_address_exists_again_the_blocks_are_whole_again() -> None:
    asked: list[tuple[int, int]] = []
    refusing = True

    def answer(transaction: int, unit: int, body: bytes) -> bytes:
        start, count = struct.unpack(">HH", body[1:5])
        asked.append((start, count))
        return frame(transaction, unit, b"\x83\x02" if refusing else zeros(body))

    addresses = [f"hr{offset}" for offset in range(10)]
    async with polled(answer, addresses, retry_s=0.2) as recorder:
        await recorder.until_status(st.BAD_NODE_ID_UNKNOWN, *addresses)
        refusing = False
        await recorder.until_status(st.GOOD, *addresses)
        await recorder.until(lambda: asked[-3:] == [(0, 10)] * 3, 5)
        assert recorder.state is ConnectionState.CONNECTED


async def test_a_block_that_failed_and_is_then_divided_is_not_reported_for_ever() -> None:
    codes = [b"\x83\x04", b"\x83\x02"]

    def answer(transaction: int, unit: int, body: bytes) -> bytes:
        return frame(transaction, unit, codes.pop(0) if codes else zeros(body))

    async with polled(answer, ["hr0", "hr1"]) as recorder:
        await recorder.until(lambda: recorder.state is ConnectionState.DEGRADED, 5)
        await recorder.until_status(st.GOOD, "hr0", "hr1")
        await recorder.until(lambda: recorder.state is ConnectionState.CONNECTED, 3)


async def test_a_slow_line_that_falls_silent_is_lost_within_five_seconds() -> None:
    asked: list[int] = []

    def answer(transaction: int, unit: int, body: bytes) -> bytes | None:
        asked.append(unit)
        return None if len(asked) > 1 else frame(transaction, unit, zeros(body))

    async with polled(answer, ["hr0"], scan_ms=60_000, timeout_s=1) as recorder:
        await recorder.until_status(st.GOOD, "hr0")
        await recorder.until_status(st.BAD_NO_COMMUNICATION, "hr0", within_s=5)
        assert recorder.state is ConnectionState.LOST


async def test_proving_life_before_its_time_asks_no_block_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(poller_module, "IDLE_PROBE_S", 0.3)
    asked: list[tuple[float, int]] = []
    clock = SystemClock()

    def answer(transaction: int, unit: int, body: bytes) -> bytes:
        asked.append((clock.monotonic(), transaction))
        return frame(transaction, unit, b"\x83\x02" if len(asked) == 2 else zeros(body))

    async with polled(answer, ["hr0"], scan_ms=400, retry_s=0.1) as recorder:
        await recorder.until_status(st.GOOD, "hr0")
        await recorder.until_status(st.BAD_NODE_ID_UNKNOWN, "hr0")
        await recorder.until_status(st.GOOD, "hr0")
        seen = len(asked)
        await recorder.until(lambda: len(asked) >= seen + 6, 5)
        times = [moment for moment, _ in asked[seen:]]
        assert min(after - before for before, after in pairwise(times)) > 0.02


async def test_a_write_that_waited_for_the_line_is_not_sent_on_the_next_connection() -> None:
    functions: list[int] = []

    def answer(transaction: int, unit: int, body: bytes) -> bytes | None:
        functions.append(body[0])
        return frame(transaction, unit, zeros(body) if body[0] == 3 else body)

    tag = Tag("T", address="hr0", scan_ms=20, data_type=DataType.INT, writable=True)
    recorder = Recorder([tag])
    async with device(answer) as port:
        line = ModbusConnector(
            Connection("line", Protocol_.MODBUS_TCP, f"127.0.0.1:{port}"), [Binding(0, tag)],
            recorder.sink, recorder.on_status, SystemClock(),
        )  # fmt: skip
        task = asyncio.create_task(line.run())
        await recorder.until_status(st.GOOD, "T")
        await line._line._in_flight.acquire()
        waiting = asyncio.create_task(line.write(tag, 7, 5))
        await asyncio.sleep(0)
        old = line._line._wire
        assert old is not None
        old.close()
        new = ModbusWire(TcpPath("127.0.0.1", port))
        await new.open(1)
        line._line._wire = new
        line._line._in_flight.release()
        result = await waiting
        assert (result.status, result.known) == (st.BAD_NOT_CONNECTED, True)
        seen = len(functions)
        await recorder.until(lambda: len(functions) > seen + 3, 5)
        assert 6 not in functions
        task.cancel()
        await asyncio.wait({task})
        for _ in range(3):
            await asyncio.sleep(0)


async def test_a_silent_unit_does_not_take_the_others_with_it() -> None:
    def answer(transaction: int, unit: int, body: bytes) -> bytes | None:
        return None if unit == 2 else frame(transaction, unit, zeros(body))

    async with polled(answer, ["1/hr0", "2/hr0", "3/hr0"]) as recorder:
        await recorder.until_status(st.BAD_COMMUNICATION_ERROR, "2/hr0")
        await recorder.until(lambda: "unit 2" in recorder.states[-1].error, 5)
        await recorder.until_status(st.GOOD, "1/hr0", "3/hr0")
        assert recorder.state is ConnectionState.DEGRADED


async def test_a_device_with_a_smaller_limit_is_read_in_smaller_blocks_and_all_are_good() -> None:
    asked: list[int] = []

    def answer(transaction: int, unit: int, body: bytes) -> bytes:
        asked.append(count := struct.unpack(">H", body[3:5])[0])
        return frame(transaction, unit, b"\x83\x03" if count > 4 else zeros(body))

    addresses = [f"hr{offset}" for offset in range(10)]
    async with polled(answer, addresses) as recorder:
        await recorder.until_status(st.GOOD, *addresses)
        seen = len(asked)
        await recorder.until(lambda: len(asked) > seen + 12, 5)
        assert max(asked[seen:]) <= 4
        assert recorder.state is ConnectionState.CONNECTED


async def test_a_unit_is_asked_when_its_rest_is_over_though_its_tags_are_due_much_later() -> None:
    asked: list[int] = []

    def answer(transaction: int, unit: int, body: bytes) -> bytes | None:
        asked.append(unit)
        return None if unit == 2 and asked.count(2) <= 2 else frame(transaction, unit, zeros(body))

    async with polled(answer, ["1/hr0", "2/hr0"], scan_ms=60_000, retry_s=0.3) as recorder:
        await recorder.until_status(st.BAD_COMMUNICATION_ERROR, "2/hr0")
        await recorder.until_status(st.GOOD, "1/hr0", "2/hr0")


async def test_the_pause_between_requests_is_kept_for_writes_too() -> None:
    asked: list[tuple[float, int]] = []
    clock = SystemClock()

    def answer(transaction: int, unit: int, body: bytes) -> bytes:
        asked.append((clock.monotonic(), body[0]))
        return frame(transaction, unit, zeros(body) if body[0] == 3 else body)

    async with polled(answer, ["1/hr0", "2/hr0", "3/hr0"], request_delay_ms=60, scan_ms=20) as recorder:
        await recorder.until_status(st.GOOD, *(tag.name for tag in recorder.tags))
        await asyncio.gather(*(recorder.write(recorder.tags[0], 7) for _ in range(2)))
        await recorder.until(lambda: len(asked) > 12, 5)
    assert [function for _, function in asked].count(6) == 2
    assert min(after - before for (before, _), (after, _) in pairwise(asked)) > 0.055


async def test_a_line_that_closes_after_each_poll_is_connected_and_takes_writes() -> None:
    open_sockets: list[int] = []
    functions: list[int] = []

    def answer(transaction: int, unit: int, body: bytes) -> bytes:
        functions.append(body[0])
        return frame(transaction, unit, zeros(body) if body[0] == 3 else body)

    async with polled(answer, ["hr0", "2/hr0"], scan_ms=300, close_after_poll=True, sockets=open_sockets) as recorder:
        await recorder.until_status(st.GOOD, "hr0", "2/hr0")
        seen = len(functions)
        await recorder.until(lambda: len(functions) > seen + 5, 5)
        await recorder.until(lambda: not open_sockets, 2)
        assert [status.state for status in recorder.states] == [ConnectionState.CONNECTING, ConnectionState.CONNECTED]
        assert (await recorder.write(recorder.tags[0], 7)).status == st.GOOD
        await recorder.until(lambda: not open_sockets, 2)
        assert functions.count(6) == 1
        assert recorder.state is ConnectionState.CONNECTED


async def test_a_poll_that_falls_due_during_a_write_goes_on_over_the_socket_of_the_write() -> None:
    async with device(lambda t, u, b: frame(t, u, zeros(b) if b[0] == 3 else b)) as port:
        options: dict[str, str | int | float | bool] = {"close_after_poll": True}
        connection = Connection("line", Protocol_.MODBUS_TCP, f"127.0.0.1:{port}", options=options)
        line = Line(ModbusSettings.of(connection), SystemClock())
        await line.open()
        await line.rest()
        assert not line.is_open
        async with line.turn(1) as wire:
            await wire.write_register(1, 0, 7, 1)
            await line.open()
            reading = asyncio.create_task(line.read(Span(1, "hr", 0, 2)))
            await asyncio.sleep(0)
        assert await reading == [0, 0]
        await line.rest()
        async with line.turn(1) as wire:
            await wire.write_register(1, 0, 7, 1)
        assert not line.is_open
        for _ in range(3):
            await asyncio.sleep(0)


async def test_a_device_that_is_away_between_polls_is_lost_at_the_next_one() -> None:
    def answer(transaction: int, unit: int, body: bytes) -> bytes:
        return frame(transaction, unit, zeros(body))

    async with polled(answer, ["hr0"], scan_ms=100, close_after_poll=True) as recorder:
        await recorder.until_status(st.GOOD, "hr0")
        assert recorder.stop_device is not None
        recorder.stop_device()
        await recorder.until_status(st.BAD_NO_COMMUNICATION, "hr0")
        result = await recorder.write(recorder.tags[0], 7)
        assert (result.status, result.known) == (st.BAD_NOT_CONNECTED, True)


async def test_a_bit_is_written_without_undoing_what_the_device_changed_meanwhile() -> None:
    register = [0b0001]
    functions: list[int] = []

    def answer(transaction: int, unit: int, body: bytes) -> bytes:
        functions.append(body[0])
        if body[0] == 3:
            return frame(transaction, unit, bytes([3, 2]) + struct.pack(">H", register[0]))
        register[0] |= 0b1000_0000  # the device's own doing, after the last poll and before the write
        keep, put = struct.unpack(">HH", body[3:7])
        register[0] = register[0] & keep | put & ~keep & 0xFFFF
        return frame(transaction, unit, body)

    async with polled(answer, ["hr0", "hr0.2", "hr0.0"]) as recorder:
        await recorder.until_status(st.GOOD, "hr0", "hr0.2", "hr0.0")
        assert (await recorder.write(recorder.tags[1], 1)).status == st.GOOD
        assert register == [0b1000_0101]
        assert (await recorder.write(recorder.tags[2], 0)).status == st.GOOD
        assert register == [0b1000_0100]
        await recorder.until(lambda: recorder.last["hr0"].value == 0b1000_0100, 5)
    assert set(functions) == {3, 22}
    assert functions.count(22) == 2


async def test_a_dead_unit_costs_its_neighbours_no_more_than_two_silences_a_rest() -> None:
    asked: list[tuple[float, int]] = []
    clock = SystemClock()

    def answer(transaction: int, unit: int, body: bytes) -> bytes | None:
        asked.append((clock.monotonic(), unit))
        return None if unit == 2 else frame(transaction, unit, zeros(body))

    addresses = ["1/hr0", "2/hr0", "2/hr500", "2/hr900", "3/hr0"]
    async with polled(answer, addresses, scan_ms=20, timeout_s=0.1, retry_s=30) as recorder:
        await recorder.until(lambda: [unit for _, unit in asked].count(3) > 100, 20)
    dead = [moment for moment, unit in asked if unit == 2]
    # Silent twice it rests 1 s, then 2, 4 …: asked once at the end of each rest, whatever blocks it has.
    assert len(dead) <= 2 + 4
    assert all(after - before > 0.9 for before, after in pairwise(dead[1:]))


async def test_a_device_that_accepts_and_never_answers_is_lost_not_connected() -> None:
    async with polled(lambda t, u, b: None, ["hr0", "hr1"]) as recorder:
        await recorder.until(lambda: recorder.state is ConnectionState.LOST, 5)
        assert ConnectionState.CONNECTED not in {status.state for status in recorder.states}
        assert recorder.last["hr0"].status == st.BAD_NO_COMMUNICATION


async def test_only_changes_and_a_periodic_refresh_are_delivered() -> None:
    polls: list[int] = []

    def answer(transaction: int, unit: int, body: bytes) -> bytes:
        polls.append(unit)
        return frame(transaction, unit, zeros(body))

    async with polled(answer, ["hr0"], refresh_s=0.5) as recorder:
        await recorder.until(lambda: len([s for _, s in recorder.samples if s.status == st.GOOD]) == 3, 5)
        assert len(polls) >= 10
