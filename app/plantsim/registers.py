"""A Modbus register image: engineering values in and out of 16-bit registers, by configured address."""

import struct
from collections.abc import Iterable, Sequence
from typing import Final

from app.model.address import ByteOrder, ModbusAddress, ModbusTable, ModbusType
from app.model.tag import Tag
from app.plantsim.process.readings import Reading

_FORMATS: Final[dict[ModbusType, str]] = {
    "int16": ">h", "uint16": ">H", "int32": ">i", "uint32": ">I", "int64": ">q", "uint64": ">Q",
    "float32": ">f", "float64": ">d",
}  # fmt: skip


def _reorder(data: bytes, order: ByteOrder) -> bytes:
    """Put big-endian bytes into a byte order, or back (each order undoes itself)."""
    words = [data[i : i + 2] for i in range(0, len(data), 2)]
    if order in {"CDAB", "DCBA"}:
        words.reverse()
    if order in {"BADC", "DCBA"}:
        words = [word[::-1] for word in words]
    return b"".join(words)


def encode(raw: float, data_type: ModbusType, order: ByteOrder) -> list[int]:
    """Return the registers of a raw value; integers are rounded and limited to their range."""
    layout = _FORMATS[data_type]
    if data_type.startswith("float"):
        data = struct.pack(layout, raw)
    else:
        bits = struct.calcsize(layout) * 8
        low, high = (0, 2**bits - 1) if data_type.startswith("u") else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
        data = struct.pack(layout, min(max(round(raw), low), high))
    ordered = _reorder(data, order)
    return [int.from_bytes(ordered[i : i + 2], "big") for i in range(0, len(ordered), 2)]


def decode(registers: Sequence[int], data_type: ModbusType, order: ByteOrder) -> float:
    """Return the raw value that registers hold."""
    data = _reorder(b"".join(register.to_bytes(2, "big") for register in registers), order)
    value: float = struct.unpack(_FORMATS[data_type], data)[0]
    return value


class RegisterImage:
    """Registers of one device (one unit), with the tags that live in them. Not thread-safe."""

    def __init__(self, tags: Iterable[Tag]) -> None:
        self._places = {tag.name: (ModbusAddress.parse(tag.address), tag) for tag in tags}
        self.tables: dict[ModbusTable, list[int]] = {}
        for table in ("co", "di", "hr", "ir"):
            ends = [at.offset + at.count for at, _ in self._places.values() if at.table == table]
            self.tables[table] = [0] * max(16, *ends) if ends else [0] * 16

    def put(self, name: str, value: Reading) -> None:
        """Write a tag's value (engineering units) into its registers."""
        at, tag = self._places[name]
        table = self.tables[at.table]
        if at.table in {"co", "di"}:
            table[at.offset] = int(bool(value))
        elif at.bit is not None:
            mask = 1 << at.bit
            table[at.offset] = table[at.offset] | mask if value else table[at.offset] & ~mask
        else:
            raw = (float(value) - tag.offset) / tag.scale
            table[at.offset : at.offset + at.count] = encode(raw, at.data_type, at.order)

    def get(self, name: str) -> float:
        """Return a tag's value (engineering units) from its registers."""
        at, tag = self._places[name]
        table = self.tables[at.table]
        if at.table in {"co", "di"}:
            return float(table[at.offset])
        if at.bit is not None:
            return float(table[at.offset] >> at.bit & 1)
        raw = decode(table[at.offset : at.offset + at.count], at.data_type, at.order)
        return raw * tag.scale + tag.offset

    def writable_in(self, table: ModbusTable, offset: int, count: int) -> list[str]:
        """Return the writable tags that lie wholly inside a range of a table."""
        return [
            name
            for name, (at, tag) in self._places.items()
            if tag.writable and at.table == table and at.offset >= offset and at.offset + at.count <= offset + count
        ]
