"""Which Modbus addresses a connection never reads by its own options: forbidden ranges, values longer than a read."""

import re
from collections.abc import Iterator
from typing import Final

from app.model.address import ModbusAddress
from app.model.connection import Connection

BLOCK: Final = re.compile(r"(?:(\d{1,3})/)?(co|di|hr|ir)(\d{1,5})(?:-(\d{1,5}))?")
"""A range of option ``forbidden``: unit, table, first and last offset."""
_LIMIT: Final = re.compile(r"(\d{1,3}):(\d{1,4})")
_REGISTERS: Final = ("hr", "ir")


def read_error(connection: Connection, text: str, address: ModbusAddress) -> str:
    """Return why an address is never read by the options of its connection, and what to do; empty where it is.

    Options that are no ranges or limits are passed over: they are reported where they stand.
    """
    for part, first, last in _forbidden(connection, address):
        if address.offset <= last and first < address.offset + address.count:
            return (
                f"'{text}' lies in {part}, which option 'forbidden' of connection '{connection.id}' never reads; "
                "allowed: an address outside, or take the range out of 'forbidden' where the device can be read there"
            )
    most = _most_registers(connection, address.unit)
    if address.table in _REGISTERS and address.count > most:
        return (
            f"'{text}' has {address.count} registers, connection '{connection.id}' reads {most} of unit {address.unit} "
            "at once; allowed: a shorter value, or raise max_registers or unit_max_registers as far as the device goes"
        )
    return ""


def _forbidden(connection: Connection, address: ModbusAddress) -> Iterator[tuple[str, int, int]]:
    """Yield the ranges of an address's unit and table as they are written, with first and last offset."""
    for part in _parts(connection, "forbidden"):
        match = BLOCK.fullmatch(part)
        if match is not None and (int(match[1] or 1), match[2]) == (address.unit, address.table):
            yield part, int(match[3]), int(match[4] or match[3])


def _most_registers(connection: Connection, unit: int) -> int:
    for part in _parts(connection, "unit_max_registers"):
        match = _LIMIT.fullmatch(part)
        if match is not None and int(match[1]) == unit:
            return int(match[2])
    most = connection.options.get("max_registers", 125)
    return most if isinstance(most, int) else 125


def _parts(connection: Connection, option: str) -> list[str]:
    return str(connection.options.get(option, "")).replace(",", " ").split()
