"""Modbus software of other makers agrees with ours: modbus-serial (JavaScript) as device, mbpoll as another client."""

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.model import status as st
from app.model.clock import SystemClock
from app.model.connection import Binding, Connection, Protocol_
from app.model.tag import DataType, Tag
from connectors.modbus import ModbusConnector
from tests.contract.harness import Recorder, free_port

SERVER = Path(__file__).parents[1] / "servers_js" / "modbus"

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
    """A device of another make, and our connector on it."""

    port: int
    connector: ModbusConnector
    recorder: Recorder

    async def write(self, name: str, value: float | str) -> int:
        tag = next(tag for tag in self.recorder.tags if tag.name == name)
        return (await self.connector.write(tag, value, 5)).status

    async def mbpoll(self, *words: str, write: str = "") -> str:
        """Ask the device with another client, or write a value with it; addresses count from 0."""
        program = await asyncio.create_subprocess_exec(
            "mbpoll", "-0", "-1", "-q", "-p", str(self.port), *words, "127.0.0.1", *([write] if write else []),
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        output, _ = await program.communicate()
        assert program.returncode == 0, output
        return output.decode()


def tag_of(address: str) -> Tag:
    kind = DataType.STRING if ":string" in address else DataType.FLOAT if ":float" in address else DataType.INT
    return Tag(address, address=address, data_type=kind, scan_ms=50, writable=address[0] in "hc")


@contextlib.asynccontextmanager
async def site(*addresses: str, **options: str | int | float | bool) -> AsyncIterator[Site]:
    port = free_port()
    program = await asyncio.create_subprocess_exec(
        "node", str(SERVER / "server.js"), str(port),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        assert program.stdout is not None
        async with asyncio.timeout(30):
            assert await program.stdout.readline() == b"READY\n"
        tags = [tag_of(address) for address in addresses]
        recorder = Recorder(tags)
        connector = ModbusConnector(
            Connection("other", Protocol_.MODBUS_TCP, f"127.0.0.1:{port}", options=options),
            [Binding(slot, tag) for slot, tag in enumerate(tags)], recorder.sink, recorder.on_status, SystemClock(),
        )  # fmt: skip
        running = asyncio.create_task(connector.run())
        try:
            yield Site(port, connector, recorder)
        finally:
            running.cancel()
            await asyncio.wait({running})
    finally:
        program.kill()
        if program.stdin is not None:
            program.stdin.close()
        await program.wait()


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
