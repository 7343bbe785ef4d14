"""What one socket accepts as the answer to its request."""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from app.model import status as st
from connectors.modbus.errors import SilenceError, WireError
from connectors.modbus.path import TcpPath
from connectors.modbus.plan import Span
from connectors.modbus.refusal import DeviceRefusal
from connectors.modbus.wire import ModbusWire
from tests.unit.modbus_device import Answer, device, frame

pytestmark = pytest.mark.usefixtures("no_task_left")


@asynccontextmanager
async def wired(answer: Answer) -> AsyncIterator[ModbusWire]:
    async with device(answer) as port:
        wire = ModbusWire(TcpPath("127.0.0.1", port))
        await wire.open(2)
        try:
            yield wire
        finally:
            wire.close()
            for _ in range(3):
                await asyncio.sleep(0)


READ = Span(1, "hr", 0, 2)
RIGHT = b"\x03\x04\0\1\0\2"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda t, u, b: frame(t + 1, u, RIGHT), "transaction 2 where 1"),
        (lambda t, u, b: frame(0, u, RIGHT), "transaction 0 where 1"),
        (lambda t, u, b: frame(t + 1, u, RIGHT) + frame(t, u, RIGHT), "transaction 2 where 1"),
        (lambda t, u, b: frame(t, u + 1, RIGHT), "unit 2 where 1"),
        (lambda t, u, b: b"\0\1\0\7\0\7\1" + RIGHT, "protocol 7"),
        (lambda t, u, b: frame(t, u, b"\x04" + RIGHT[1:]), "function 4 where 3"),
        (lambda t, u, b: frame(t, u, b"\x84\2"), "function 4 where 3"),
        (lambda t, u, b: frame(t, u, b"\x03\x02\0\1"), "asked for 4 bytes, got 2"),
        (lambda t, u, b: frame(t, u, b"\x03\x04\0\1\0\2\0\3"), "asked for 4 bytes"),
        (lambda t, u, b: frame(t, u, b"\x03\x06\0\1\0\2"), "asked for 4 bytes, got 6"),
        (lambda t, u, b: frame(t, u, RIGHT) * 2, "more than one answer"),
        (lambda t, u, b: None, "no answer within"),
    ],
    ids=["foreign transaction", "transaction 0", "late answer before the right one", "foreign unit", "foreign protocol",
         "foreign function", "exception of a foreign function", "too short", "too long", "wrong byte count", "twice",
         "silence"],
)  # fmt: skip
async def test_an_answer_that_does_not_fit_drops_the_socket(answer: Answer, words: str) -> None:
    async with wired(answer) as wire:
        with pytest.raises(WireError, match=words):
            await wire.read(READ, 0.3)
        assert not wire.is_open
        with pytest.raises(WireError):
            await wire.read(READ, 0.3)


@pytest.mark.parametrize(
    "answer",
    [
        lambda t, u, b: frame(t, u, b"\x06\0\5\0\7"),
        lambda t, u, b: frame(t, u, b"\x06\0\4\0\x08"),
        lambda t, u, b: frame(t, u, b"\x10\0\4\0\1"),
        lambda t, u, b: frame(t, u, RIGHT),
    ],
    ids=["another register", "another value", "another function", "a read"],
)
async def test_a_write_is_confirmed_by_its_own_echo_only(answer: Answer) -> None:
    async with wired(answer) as wire:
        with pytest.raises(WireError):
            await wire.write_register(1, 4, 7, 0.3)
        assert not wire.is_open


async def test_bytes_that_nobody_asked_for_drop_the_socket() -> None:
    answered = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readexactly(12)
        writer.write(frame(int.from_bytes(head[:2], "big"), 1, RIGHT))
        await answered.wait()
        writer.write(frame(2, 1, RIGHT))
        await reader.read()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        wire = ModbusWire(TcpPath("127.0.0.1", server.sockets[0].getsockname()[1]))
        await wire.open(2)
        assert await wire.read(READ, 2) == [1, 2]
        answered.set()
        assert await wire.wait_closed(2)
        assert wire.dropped_by_us


async def test_an_answer_may_come_in_pieces() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readexactly(12)
        for byte in frame(int.from_bytes(head[:2], "big"), 1, RIGHT):
            writer.write(bytes([byte]))
            await writer.drain()
        await reader.read()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        wire = ModbusWire(TcpPath("127.0.0.1", server.sockets[0].getsockname()[1]))
        await wire.open(2)
        assert await wire.read(READ, 2) == [1, 2]
        wire.close()


@pytest.mark.parametrize(("table", "function"), [("co", 1), ("di", 2), ("hr", 3), ("ir", 4)])
@pytest.mark.parametrize("unit", [1, 17])
async def test_each_table_is_read_by_its_function_at_its_unit(table: str, function: int, unit: int) -> None:
    asked: list[tuple[int, bytes]] = []

    def answer(transaction: int, to: int, body: bytes) -> bytes:
        asked.append((to, body))
        return frame(transaction, to, bytes([body[0], 2, 0b101, 1] if body[0] < 3 else [body[0], 18, *range(18)]))

    async with wired(answer) as wire:
        data = await wire.read(Span(unit, table, 4, 13), 1)
    assert asked == [(unit, bytes([function, 0, 4, 0, 9]))]
    assert len(data) == 9
    assert list(data[:3]) == ([True, False, True] if function < 3 else [0x0001, 0x0203, 0x0405])


@given(some.binary(max_size=40), some.booleans())
@settings(max_examples=60, deadline=None)
def test_no_bytes_of_a_device_are_more_than_a_fault_of_the_line(junk: bytes, whole: bool) -> None:
    def answer(transaction: int, unit: int, body: bytes) -> bytes:
        return frame(transaction, unit, junk) if whole else struct.pack(">H", transaction) + junk

    async def ask() -> None:
        async with wired(answer) as wire:
            with suppress(WireError, DeviceRefusal):
                assert len(await wire.read(READ, 0.05)) == 2

    asyncio.run(ask())


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
            await wire.write_register(1, 4, 7, 1)
        assert caught.value.decided is decided


async def test_each_write_is_one_request_of_the_right_function() -> None:
    sent: list[bytes] = []

    def answer(transaction: int, unit: int, body: bytes) -> bytes:
        sent.append(body)
        return frame(transaction, unit, body if body[0] == 22 else body[:5])

    async with wired(answer) as wire:
        await wire.write_coil(1, 3, True, 1)
        await wire.write_register(1, 4, 7, 1)
        await wire.write_registers(1, 5, [1, 2], 1)
        await wire.write_bit(1, 6, 3, True, 1)
        await wire.write_bit(1, 6, 3, False, 1)
        await wire.write_coils(1, 7, [True], 1)
    assert sent == [
        b"\x05\0\x03\xff\0", b"\x06\0\x04\0\x07", b"\x10\0\x05\0\x02\x04\0\x01\0\x02",
        b"\x16\0\x06\xff\xf7\0\x08", b"\x16\0\x06\xff\xf7\0\0", b"\x0f\0\x07\0\x01\x01\x01",
    ]  # fmt: skip


async def test_a_write_without_answer_is_sent_once() -> None:
    sent: list[bytes] = []

    def answer(transaction: int, unit: int, body: bytes) -> None:
        sent.append(body)

    async with wired(answer) as wire:
        with pytest.raises(SilenceError):
            await wire.write_register(1, 4, 7, 0.3)
    assert len(sent) == 1
