"""Looking at one address: what is read of the device, and what it means in every type and order."""

import struct
from pathlib import Path

import pytest

from app.model import status as st
from app.model.connection import Connection, ConnectionState, Protocol_
from app.model.errors import EnvironmentProblem
from app.model.keystore import Keystore
from connectors.modbus.connector import ModbusConnector
from connectors.modbus.plan import PlanLimits, Span
from connectors.modbus.probe import meanings, probe, probe_directly
from connectors.modbus.refusal import DeviceRefusal
from tests.unit.connectors.modbus.test_line import polled, zeros
from tests.unit.modbus_device import device, frame

pytestmark = pytest.mark.usefixtures("no_task_left")

NO_KEYS = Keystore(Path("nowhere"), "small", lambda _kind, _connection: None)


def test_a_float_is_recognised_among_all_types_and_orders() -> None:
    registers = struct.unpack(">2H", struct.pack(">f", 61.25))[::-1]
    found = {(each.data_type, each.order): each.value for each in meanings("hr100", registers)}
    assert found["float32", "CDAB"] == 61.25
    assert [order for (kind, order), value in found.items() if value == 61.25] == ["CDAB"]
    assert found["uint16", "ABCD"] == registers[0]
    assert {kind for kind, _ in found} == {
        "uint16", "int16", "bcd16", "uint32", "int32", "float32", "bcd32", "string",
    }  # fmt: skip
    assert {kind for kind, _ in [(m.data_type, m.order) for m in meanings("hr0", [0] * 4)]} >= {"float64", "uint64"}


def test_what_means_nothing_in_a_type_is_none() -> None:
    found = {(each.data_type, each.order): each.value for each in meanings("hr100", [0xABCD])}
    assert found["bcd16", "ABCD"] is None
    assert found["string", "ABCD"] is None
    assert found["int16", "BADC"] == struct.unpack(">h", b"\xcd\xab")[0]


def test_bits_and_texts_have_their_own_meaning_only() -> None:
    assert [(each.data_type, each.value) for each in meanings("co3", [1])] == [("bool", True)]
    assert [each.value for each in meanings("hr3.1", [2])] == [True]
    assert [(each.order, each.value) for each in meanings("hr3:string2", [0x4142, 0x4300])] == [
        ("ABCD", "ABC"), ("BADC", "BA"),
    ]  # fmt: skip


async def tried(text: str, exists: int, limits: PlanLimits | None = None) -> tuple[list[tuple[int, int]], int]:
    """Probe a device that has so many registers; return the spans that were asked for, and how many were read."""
    asked: list[tuple[int, int]] = []

    async def read(span: Span) -> list[int]:
        asked.append((span.start, span.stop))
        if span.stop > exists:
            raise DeviceRefusal(2)
        return [0] * (span.stop - span.start)

    return asked, len(await probe(text, limits or PlanLimits(), read))


async def test_as_many_registers_are_read_as_exist_and_may_be() -> None:
    assert await tried("hr4", exists=100) == ([(4, 8)], 4)
    assert await tried("hr4", exists=7) == ([(4, 8), (4, 6)], 2)
    assert await tried("hr4", exists=5) == ([(4, 8), (4, 6), (4, 5)], 1)
    assert await tried("hr4:float32", exists=6) == ([(4, 8), (4, 6)], 2)
    assert await tried("hr4.3", exists=100) == ([(4, 5)], 1)
    assert await tried("hr4", 100, PlanLimits(forbidden=(Span(1, "hr", 6, 9),))) == ([(4, 6)], 2)
    assert await tried("hr4", 100, PlanLimits(unit_registers={1: 2})) == ([(4, 6)], 2)
    with pytest.raises(EnvironmentProblem, match="illegal data address"):
        await tried("hr4", exists=4)
    with pytest.raises(EnvironmentProblem, match="must not be read"):
        await tried("hr4", 100, PlanLimits(forbidden=(Span(1, "hr", 4, 9),)))
    with pytest.raises(EnvironmentProblem, match="not a Modbus address"):
        await tried("xx4", 100)


async def test_a_running_connector_is_asked_over_the_socket_that_it_has() -> None:
    sockets: list[int] = []
    most: list[int] = []

    def answer(transaction: int, unit: int, body: bytes) -> bytes:
        most.append(len(sockets))
        return frame(transaction, unit, b"\x83\x02" if body[2] == 50 else zeros(body))

    async with polled(answer, ["hr0"], sockets=sockets) as recorder:
        connector = recorder.connector
        assert isinstance(connector, ModbusConnector)
        await recorder.until_status(st.GOOD, "hr0")
        assert await connector.probe("7/hr9") == (0, 0, 0, 0)
        with pytest.raises(EnvironmentProblem, match="hr50: the device answered exception 2"):
            await connector.probe("hr50")
        assert recorder.state is ConnectionState.CONNECTED
        assert set(most) == {1}
        assert recorder.stop_device is not None


async def test_without_a_connection_the_reason_is_told() -> None:
    async with polled(lambda t, u, b: None, ["hr0"]) as recorder:
        await recorder.until(lambda: recorder.state is ConnectionState.LOST, 5)
        assert isinstance(recorder.connector, ModbusConnector)
        with pytest.raises(EnvironmentProblem, match=r"is not connected: .*: no answer within"):
            await recorder.connector.probe("hr0")


async def test_a_device_is_asked_directly_where_nobody_holds_its_line() -> None:
    async with device(lambda t, u, b: frame(t, u, zeros(b))) as port:
        line = Connection("plc", Protocol_.MODBUS_TCP, f"127.0.0.1:{port}")
        assert await probe_directly(line, NO_KEYS, "hr0:float64") == (0, 0, 0, 0)
    with pytest.raises(EnvironmentProblem, match="nothing listens there"):
        await probe_directly(line, NO_KEYS, "hr0")
