"""Modbus of other makers agrees with ours: modbus-serial (JavaScript) and libmodbus as devices, mbpoll as a client."""

import asyncio
import contextlib
import os
import pty
import shutil
import sys
import tty
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from ctypes.util import find_library
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import pytest

from app.model import status as st
from app.model.clock import SystemClock
from app.model.connection import Binding, Connection, Protocol_
from app.model.tag import DataType, Tag
from connectors.modbus import ModbusConnector
from tests.contract.harness import SERVERS, Recorder, free_port

Options: TypeAlias = Mapping[str, str | int | float | bool]
SERVER = Path(__file__).parents[1] / "servers_js" / "modbus"
LIBMODBUS = SERVERS / "libmodbus_server.py"

pytestmark = [
    pytest.mark.usefixtures("no_task_left"),
    pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed (apt-get install nodejs npm)"),
    pytest.mark.skipif(
        not (SERVER / "node_modules").is_dir(), reason=f"run: npm ci --prefix tests/servers_js/{SERVER.name}"
    ),
]
needs_mbpoll = pytest.mark.skipif(
    shutil.which("mbpoll") is None, reason="mbpoll is not installed (apt-get install mbpoll)"
)


@dataclass
class Site:
    """A device of another make, and our connector on it.

    Attributes:
        reach: how mbpoll is told of the device: its options, and the last word.

    """

    reach: tuple[tuple[str, ...], str]
    connector: ModbusConnector
    recorder: Recorder

    async def write(self, name: str, value: float | str) -> int:
        tag = next(tag for tag in self.recorder.tags if tag.name == name)
        return (await self.connector.write(tag, value, 5)).status

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Let the connector serve; a serial line has room for one client."""
        task = asyncio.create_task(self.connector.run())
        try:
            await self.recorder.until_status(st.GOOD, self.recorder.tags[0].name, within_s=10)
            yield
        finally:
            task.cancel()
            await asyncio.wait({task})

    async def mbpoll(self, *words: str, write: str = "") -> str:
        """Ask the device with another client, or write a value with it; addresses count from 0."""
        options, where = self.reach
        program = await asyncio.create_subprocess_exec(
            "mbpoll", "-0", "-1", "-q", *options, *words, where, *([write] if write else []),
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        output, _ = await program.communicate()
        assert program.returncode == 0, output
        return output.decode()


def tag_of(address: str) -> Tag:
    kind = DataType.STRING if ":string" in address else DataType.FLOAT if ":float" in address else DataType.INT
    return Tag(address, address=address, data_type=kind, scan_ms=50, writable=address[0] in "hc")


@contextlib.asynccontextmanager
async def program(*words: str, pass_fds: tuple[int, ...] = ()) -> AsyncIterator[None]:
    """Run a device that says when it is ready."""
    process = await asyncio.create_subprocess_exec(
        *words, pass_fds=pass_fds, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(30):
            assert await process.stdout.readline() == b"READY\n"
        yield
    finally:
        process.kill()
        if process.stdin is not None:
            process.stdin.close()
        await process.wait()


def device(*words: str, pass_fds: tuple[int, ...] = ()) -> AbstractAsyncContextManager[None]:
    """Run the device of modbus-serial."""
    return program("node", str(SERVER / "server.js"), *words, pass_fds=pass_fds)


def connector_of(protocol: Protocol_, endpoint: str, addresses: Sequence[str], options: Options) -> Site:
    tags = [tag_of(address) for address in addresses]
    recorder = Recorder(tags)
    connector = ModbusConnector(
        Connection("other", protocol, endpoint, options=options),
        [Binding(slot, tag) for slot, tag in enumerate(tags)], recorder.sink, recorder.on_status, SystemClock(),
    )  # fmt: skip
    host, _, port = endpoint.rpartition(":")
    serial = ("-m", "rtu", "-b", "19200", "-P", "none"), endpoint
    return Site((("-p", port), host) if host else serial, connector, recorder)


@contextlib.asynccontextmanager
async def site(*addresses: str, **options: str | int | float | bool) -> AsyncIterator[Site]:
    """Run device and connector over TCP."""
    port = free_port()
    async with device(str(port)):
        other = connector_of(Protocol_.MODBUS_TCP, f"127.0.0.1:{port}", addresses, options)
        async with other.running():
            yield other


@contextlib.asynccontextmanager
async def line(*addresses: str) -> AsyncIterator[Site]:
    """Run the device on a serial line; the connector does not run yet."""
    far, near = pty.openpty()
    try:
        tty.setraw(near)
        async with device("line", str(far), pass_fds=(far,)):
            yield connector_of(Protocol_.MODBUS_RTU, os.ttyname(near), addresses, {"parity": "none"})
    finally:
        os.close(far)
        os.close(near)


async def test_every_table_of_another_maker_is_read() -> None:
    async with site("ir3", "ir97:uint32:CDAB", "di3", "di4", "hr0", "co99", "hr100") as other:
        await other.recorder.until_status(st.GOOD, "ir3", "ir97:uint32:CDAB", "di3", "di4", "hr0", "co99", within_s=10)
        last = other.recorder.last
        assert last["ir3"].value == 1003
        assert last["ir97:uint32:CDAB"].value == 1098 << 16 | 1097
        assert (last["di3"].value, last["di4"].value) == (1, 0)
        await other.recorder.until_status(st.BAD_NODE_ID_UNKNOWN, "hr100")


@pytest.mark.parametrize("functions", ["5 6 15 16 22", "15 16"])
@needs_mbpoll
async def test_what_we_write_another_client_reads(functions: str) -> None:
    names = ("hr1", "hr2:float32:CDAB", "hr4:float32", "hr6:int32", "hr8:bcd16", "hr10:string2", "co1", "co3")
    async with site(*names, write_functions=functions) as other:
        await other.recorder.until_status(st.GOOD, "hr1", within_s=10)
        values: list[float | str] = [65535, 61.25, -0.125, -70_000, 1234, "ABC", 1, 1]
        for name, value in zip(names, values, strict=True):
            assert await other.write(name, value) == st.GOOD
        assert "61.25" in await other.mbpoll("-t", "4:float", "-r", "2", "-c", "1")
        assert "-0.125" in await other.mbpoll("-t", "4:float", "-B", "-r", "4", "-c", "1")
        assert "-70000" in await other.mbpoll("-t", "4:int", "-B", "-r", "6", "-c", "1")
        assert "0x1234" in await other.mbpoll("-t", "4:hex", "-r", "8", "-c", "1")
        assert "0x4142" in (text := await other.mbpoll("-t", "4:hex", "-r", "10", "-c", "2"))
        assert "0x4300" in text
        coils = [line.split()[-1] for line in (await other.mbpoll("-t", "0", "-r", "0", "-c", "5")).splitlines()
                 if line.startswith("[")]  # fmt: skip
        assert coils == ["0", "1", "0", "1", "0"]
        for name, value in zip(names, values, strict=True):
            await other.recorder.until(lambda n=name, v=value: other.recorder.last[n].value == v, 5)  # type: ignore[misc]


@needs_mbpoll
async def test_what_another_client_writes_we_read() -> None:
    async with site("hr20:float32:CDAB", "hr22:uint32", "co7") as other:
        await other.recorder.until_status(st.GOOD, "hr20:float32:CDAB", "hr22:uint32", "co7", within_s=10)
        await other.mbpoll("-t", "4:float", "-r", "20", write="17.5")
        await other.mbpoll("-t", "0", "-r", "7", write="1")
        last = other.recorder.last
        await other.recorder.until(lambda: last["hr20:float32:CDAB"].value == 17.5, 5)
        await other.recorder.until(lambda: last["co7"].value == 1, 5)
        assert last["hr22:uint32"].value == 0


async def test_a_function_that_the_device_does_not_know_is_its_refusal_and_writes_nothing() -> None:
    async with site("hr30.5", "hr30") as other:
        await other.recorder.until_status(st.GOOD, "hr30", within_s=10)
        assert await other.write("hr30.5", 1) == st.BAD_NOT_SUPPORTED
        assert await other.connector.probe("hr30") == (0, 0, 0, 0)


async def test_frames_of_a_serial_line_behind_a_converter_are_those_of_another_maker() -> None:
    port = free_port()
    names = ("ir3", "di3", "di4", "co9", "hr40:float32:CDAB", "hr42", "hr44:string3", "7/ir5", "hr100")
    async with device("converter", str(port)):
        other = connector_of(Protocol_.MODBUS_RTU_TCP, f"127.0.0.1:{port}", names, {})
        async with other.running():
            last = other.recorder.last
            await other.recorder.until_status(st.GOOD, *names[:-1], within_s=10)
            await other.recorder.until_status(st.BAD_NODE_ID_UNKNOWN, "hr100")
            assert (last["ir3"].value, last["7/ir5"].value, last["di3"].value, last["di4"].value) == (1003, 1005, 1, 0)
            values: list[float | str] = [1, -12.5, 65535, "RTU"]
            for name, value in zip(names[3:7], values, strict=True):
                assert await other.write(name, value) == st.GOOD
            for name, value in zip(names[3:7], values, strict=True):
                await other.recorder.until(lambda n=name, v=value: last[n].value == v, 5)  # type: ignore[misc]
            assert await other.write("hr100", 1) == st.BAD_NODE_ID_UNKNOWN


async def test_a_bit_that_the_device_on_a_line_cannot_mask_is_its_refusal() -> None:
    async with line("hr30", "hr30.5") as other, other.running():
        assert await other.write("hr30.5", 1) == st.BAD_NOT_SUPPORTED
        assert await other.connector.probe("hr30") == (0, 0, 0, 0)


@needs_mbpoll
async def test_on_a_serial_line_another_client_reads_what_we_write_and_we_what_it_writes() -> None:
    names = ("hr1", "hr2:float32:CDAB", "hr6:int32", "co3", "hr20:float32:CDAB", "co7")
    async with line(*names) as other:
        async with other.running():
            for name, value in zip(names, (65535, 61.25, -70_000, 1), strict=False):
                assert await other.write(name, value) == st.GOOD
        assert "65535" in await other.mbpoll("-t", "4", "-r", "1", "-c", "1")
        assert "61.25" in await other.mbpoll("-t", "4:float", "-r", "2", "-c", "1")
        assert "-70000" in await other.mbpoll("-t", "4:int", "-B", "-r", "6", "-c", "1")
        coils = await other.mbpoll("-t", "0", "-r", "2", "-c", "3")
        assert [text.split()[-1] for text in coils.splitlines() if text.startswith("[")] == ["0", "1", "0"]
        await other.mbpoll("-t", "4:float", "-r", "20", write="17.5")
        await other.mbpoll("-t", "0", "-r", "7", write="1")
        async with other.running():
            last = other.recorder.last
            await other.recorder.until(lambda: (last["hr20:float32:CDAB"].value, last["co7"].value) == (17.5, 1), 5)


def pass_on(here: int, there: int) -> None:
    os.write(there, os.read(here, 1000))


@contextlib.contextmanager
def crossed_line() -> Iterator[tuple[str, str]]:
    """Join two serial ports; both ends are opened by their paths."""
    loop = asyncio.get_running_loop()
    fars, nears = zip(pty.openpty(), pty.openpty(), strict=True)
    try:
        for near in nears:
            tty.setraw(near)
        for here, there in (fars, fars[::-1]):
            loop.add_reader(here, pass_on, here, there)
        yield os.ttyname(nears[0]), os.ttyname(nears[1])
    finally:
        for far in fars:
            loop.remove_reader(far)
        for each in (*fars, *nears):
            os.close(each)


@pytest.mark.skipif(find_library("modbus") is None, reason="libmodbus is not installed (apt-get install libmodbus5)")
async def test_a_bit_is_masked_by_the_device_itself_on_a_serial_line() -> None:
    names = ("hr10.3", "hr10.4", "hr10", "hr12:float32", "co5", "hr150")
    with crossed_line() as (ours, theirs):
        async with program(sys.executable, str(LIBMODBUS), theirs, "1"):
            other = connector_of(Protocol_.MODBUS_RTU, ours, names, {"parity": "none"})
            async with other.running():
                last = other.recorder.last
                assert await other.write("hr10", 0b1000_0000_0001_0001) == st.GOOD
                assert await other.write("hr10.3", 1) == st.GOOD
                assert await other.write("hr10.4", 0) == st.GOOD
                await other.recorder.until(lambda: last["hr10"].value == 0b1000_0000_0000_1001, 5)
                assert (last["hr10.3"].value, last["hr10.4"].value) == (1, 0)
                assert await other.write("hr12:float32", -0.375) == st.GOOD
                assert await other.write("co5", 1) == st.GOOD
                await other.recorder.until(lambda: (last["hr12:float32"].value, last["co5"].value) == (-0.375, 1), 5)
                await other.recorder.until_status(st.BAD_NODE_ID_UNKNOWN, "hr150")
