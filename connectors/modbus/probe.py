"""Looking at one address by hand: what is there, in every type and order. Nothing is written, ever."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from app.model.address import (
    BYTE_ORDERS,
    MODBUS_REGISTERS,
    TEXT_ORDERS,
    AddressError,
    ByteOrder,
    ModbusAddress,
    ModbusType,
)
from app.model.connection import Connection
from app.model.errors import EnvironmentProblem
from app.model.keystore import Keystore
from connectors.modbus.codec import decode_registers
from connectors.modbus.errors import WireError
from connectors.modbus.plan import BIT_TABLES, PlanLimits, Span
from connectors.modbus.refusal import DeviceRefusal
from connectors.modbus.settings import ModbusSettings
from connectors.modbus.wire import ModbusWire, quieten_library
from connectors.scaling import ValueRefused

Read = Callable[[Span], Awaitable[Sequence[int] | Sequence[bool] | None]]
"""Reads a span, as Line.read or ModbusWire.read do."""

WIDEST: Final = 4
"""Registers of the longest number."""
_NUMBERS: Final[tuple[ModbusType, ...]] = (
    "uint16", "int16", "bcd16", "uint32", "int32", "float32", "bcd32", "uint64", "int64", "float64",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Meaning:
    """What registers mean in one type and order; ``value`` is None where they mean nothing in it."""

    data_type: str
    order: str
    value: float | int | bool | str | None


async def probe(text: str, limits: PlanLimits, read: Read) -> tuple[int, ...]:
    """Read what lies at an address: one bit, the registers of a text, or up to four registers, as many as exist.

    Raises:
        EnvironmentProblem: the address is none or must not be read, or the device does not answer or refuses it.

    """
    try:
        address = ModbusAddress.parse(text)
    except AddressError as error:
        raise EnvironmentProblem(str(error)) from None
    refusal: DeviceRefusal | None = None
    for span in _spans(address, limits):
        try:
            data = await read(span)
        except DeviceRefusal as error:
            if error.code not in {2, 3}:
                raise EnvironmentProblem(f"{text}: {error}") from None
            refusal = error  # perhaps only what lies behind it does not exist
        except WireError as error:
            raise EnvironmentProblem(error.text) from None
        else:
            if data is None:
                raise EnvironmentProblem("the connection was lost meanwhile; try again")
            return tuple(int(each) for each in data)
    if refusal is None:
        raise EnvironmentProblem(f"{text} lies in a range that must not be read (option 'forbidden')")
    raise EnvironmentProblem(f"{text}: {refusal}")


async def probe_directly(connection: Connection, keystore: Keystore, text: str) -> tuple[int, ...]:
    """Read an address over a socket of its own, for where no engine holds the line.

    Raises:
        ProjectError, EnvironmentProblem: see ``probe``; the line cannot be opened.

    """
    quieten_library()
    settings = ModbusSettings.of(connection, keystore)
    wire = ModbusWire(settings.path)
    try:
        await wire.open(settings.timeout_s)

        async def read(span: Span) -> Sequence[int] | Sequence[bool]:
            await asyncio.sleep(settings.request_delay_s)
            return await wire.read(span, settings.timeout_s)

        return await probe(text, settings.limits, read)
    except WireError as error:
        raise EnvironmentProblem(error.text) from None
    finally:
        wire.close()
        await asyncio.sleep(0)


def meanings(text: str, registers: Sequence[int]) -> list[Meaning]:
    """Return what was read at an address in every type and order that it fills; ``text`` must be an address."""
    address = ModbusAddress.parse(text)
    if address.table in BIT_TABLES:
        return [Meaning("bool", "", bool(registers[0]))]
    if address.bit is not None:
        return [Meaning("bool", "", bool(registers[0] >> address.bit & 1))]
    if address.data_type == "string":
        return [Meaning("string", order, _decode(registers, "string", order)) for order in TEXT_ORDERS]
    found = []
    for data_type in _NUMBERS:
        count = MODBUS_REGISTERS[data_type]
        if count <= len(registers):
            orders = BYTE_ORDERS if count > 1 else TEXT_ORDERS
            found += [Meaning(data_type, order, _decode(registers[:count], data_type, order)) for order in orders]
    found += [Meaning("string", order, _decode(registers, "string", order)) for order in TEXT_ORDERS]
    return found


def _spans(address: ModbusAddress, limits: PlanLimits) -> Iterator[Span]:
    """Yield what to try, longest first, within the limits of the device and around what must not be read."""
    counts: tuple[int, ...] = (address.count,)
    if address.table not in BIT_TABLES and address.bit is None and address.data_type != "string":
        counts = tuple(count for count in (WIDEST, 2, 1) if count >= address.count)
    for count in counts:
        span = Span(address.unit, address.table, address.offset, address.offset + count)
        fits = count <= limits.largest(address.unit, address.table) and span.stop <= 65536
        if fits and not any(span.touches(closed) for closed in limits.forbidden):
            yield span


def _decode(registers: Sequence[int], data_type: ModbusType, order: ByteOrder) -> float | int | str | None:
    try:
        value = decode_registers(registers, data_type, order)
    except ValueRefused:
        return None
    return value if not isinstance(value, str) or value.isprintable() else None
