"""Faults of a line that no real server shows on demand: the other side is a script of bytes."""

import asyncio
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from app.model import status as st
from app.model.clock import SystemClock
from app.model.connection import Binding, Connection, ConnectionState, Protocol_
from app.model.tag import DataType, Tag
from connectors.modbus import create
from connectors.modbus.plan import Span
from connectors.modbus.wire import DeviceRefusal, ModbusWire, SilenceError, WireError
from tests.contract.harness import Recorder

pytestmark = pytest.mark.usefixtures("no_task_left")

Answer = Callable[[int, int, bytes], bytes | None]
"""Transaction, unit and PDU of a request to the whole frame that is sent back, or None for silence."""


def frame(transaction: int, unit: int, body: bytes) -> bytes:
    return struct.pack(">HHHB", transaction, 0, len(body) + 1, unit) + body


@asynccontextmanager
async def device(answer: Answer) -> AsyncIterator[int]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                transaction, _, length, unit = struct.unpack(">HHHB", await reader.readexactly(7))
                reply = answer(transaction, unit, await reader.readexactly(length - 1))
                if reply is not None:
                    writer.write(reply)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


@asynccontextmanager
async def wired(answer: Answer) -> AsyncIterator[ModbusWire]:
    async with device(answer) as port:
        wire = ModbusWire("127.0.0.1", port)
        await wire.open(2)
        try:
            yield wire
        finally:
            wire.close()
            for _ in range(3):
                await asyncio.sleep(0)


READ = Span(1, "hr", 0, 2)


@pytest.mark.parametrize(
    "answer",
    [
        lambda t, u, b: frame(t + 1, u, b"\x03\x04\0\1\0\2"),
        lambda t, u, b: frame(t, u + 1, b"\x03\x04\0\1\0\2"),
        lambda t, u, b: frame(t, u, b"\x03\x02\0\1"),
        lambda t, u, b: None,
    ],
    ids=["foreign transaction", "foreign unit", "too short", "silence"],
)
async def test_an_answer_that_does_not_fit_drops_the_socket(answer: Answer) -> None:
    async with wired(answer) as wire:
        with pytest.raises(WireError):
            await wire.read(READ, 0.2)
        assert not wire.is_open
        with pytest.raises(WireError):
            await wire.read(READ, 0.2)


async def test_an_exception_keeps_the_socket() -> None:
    async with wired(lambda t, u, b: frame(t, u, b"\x83\x02")) as wire:
        with pytest.raises(DeviceRefusal) as caught:
            await wire.read(READ, 1)
        assert caught.value.status == st.BAD_NODE_ID_UNKNOWN
        assert wire.is_open


@pytest.mark.parametrize(("code", "decided"), [(1, True), (2, True), (3, True), (5, False), (6, True), (11, False)])
async def test_a_gateways_time_out_does_not_say_what_the_device_did(code: int, decided: bool) -> None:
    async with wired(lambda t, u, b: frame(t, u, bytes([b[0] | 0x80, code]))) as wire:
        with pytest.raises(DeviceRefusal) as caught:
            await wire.write_registers(1, 4, [7], 1)
        assert caught.value.decided is decided


async def test_each_write_is_one_request_of_the_right_function() -> None:
    sent: list[bytes] = []

    def answer(transaction: int, unit: int, body: bytes) -> bytes:
        sent.append(body)
        return frame(transaction, unit, body if body[0] == 22 else body[:5])

    async with wired(answer) as wire:
        await wire.write_coil(1, 3, True, 1)
        await wire.write_registers(1, 4, [7], 1)
        await wire.write_registers(1, 5, [1, 2], 1)
        await wire.write_bit(1, 6, 3, True, 1)
        await wire.write_bit(1, 6, 3, False, 1)
    assert sent == [
        b"\x05\0\x03\xff\0", b"\x06\0\x04\0\x07", b"\x10\0\x05\0\x02\x04\0\x01\0\x02",
        b"\x16\0\x06\xff\xf7\0\x08", b"\x16\0\x06\xff\xf7\0\0",
    ]  # fmt: skip


async def test_a_write_without_answer_is_sent_once() -> None:
    sent: list[bytes] = []

    def answer(transaction: int, unit: int, body: bytes) -> None:
        sent.append(body)

    async with wired(answer) as wire:
        with pytest.raises(SilenceError):
            await wire.write_registers(1, 4, [7], 0.3)
    assert len(sent) == 1


@asynccontextmanager
async def polled(answer: Answer, addresses: list[str], **options: float) -> AsyncIterator[Recorder]:
    tags = [Tag(text, address=text, scan_ms=50, data_type=DataType.INT) for text in addresses]
    recorder = Recorder(tags)
    async with device(answer) as port:
        connector = create(
            Connection("line", Protocol_.MODBUS_TCP, f"127.0.0.1:{port}", options={"timeout_s": 0.2, **options}),
            [Binding(slot, tag) for slot, tag in enumerate(tags)],
            recorder.sink, recorder.on_status, SystemClock(),
        )  # fmt: skip
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
        assert recorder.state is ConnectionState.DEGRADED


async def test_a_silent_unit_does_not_take_the_others_with_it() -> None:
    def answer(transaction: int, unit: int, body: bytes) -> bytes | None:
        return None if unit == 2 else frame(transaction, unit, zeros(body))

    async with polled(answer, ["1/hr0", "2/hr0", "3/hr0"]) as recorder:
        await recorder.until_status(st.BAD_COMMUNICATION_ERROR, "2/hr0")
        await recorder.until(lambda: "unit 2" in recorder.states[-1].error, 5)
        await recorder.until_status(st.GOOD, "1/hr0", "3/hr0")
        assert recorder.state is ConnectionState.DEGRADED


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
