"""Registers to values and back, in the four byte orders; pure.

With A the most significant byte of a value: ABCD is big-endian throughout, CDAB has its words swapped, BADC the
bytes in each word, DCBA both. Longer types follow the same rule (CDAB: words in reverse order). The library's
converters know word order only, so they are not used.
"""

import struct
from collections.abc import Sequence
from typing import Final

from app.model import status as st
from app.model.address import MODBUS_REGISTERS, ByteOrder, ModbusAddress, ModbusType
from connectors.scaling import ValueRefused, whole

_FORMATS: Final[dict[str, str]] = {
    "int16": ">h",
    "uint16": ">H",
    "int32": ">i",
    "uint32": ">I",
    "int64": ">q",
    "uint64": ">Q",
    "float32": ">f",
    "float64": ">d",
}
_RANGES: Final[dict[str, tuple[int, int]]] = {
    "int16": (-(2**15), 2**15 - 1),
    "uint16": (0, 2**16 - 1),
    "int32": (-(2**31), 2**31 - 1),
    "uint32": (0, 2**32 - 1),
    "int64": (-(2**63), 2**63 - 1),
    "uint64": (0, 2**64 - 1),
}
_WORDS_SWAPPED: Final = frozenset({"CDAB", "DCBA"})
_BYTES_SWAPPED: Final = frozenset({"BADC", "DCBA"})


def decode_registers(registers: Sequence[int], data_type: ModbusType, order: ByteOrder) -> float | int:
    """Return the value in registers as they came over the wire (as many as the type needs)."""
    (value,) = struct.unpack(_FORMATS[data_type], _arrange(registers, order))
    result: float | int = value
    return result


def encode_registers(value: float | int | bool | str, data_type: ModbusType, order: ByteOrder) -> list[int]:
    """Return the registers to send for a raw value.

    Raises:
        ValueRefused: the value does not fit the type.

    """
    if data_type in _RANGES:
        packed = struct.pack(_FORMATS[data_type], whole(value, *_RANGES[data_type]))
    elif isinstance(value, str):
        raise ValueRefused(st.BAD_TYPE_MISMATCH, f"{value!r} is not a number")
    else:
        try:
            packed = struct.pack(_FORMATS[data_type], value)
        except (OverflowError, struct.error):
            raise ValueRefused(st.BAD_OUT_OF_RANGE, f"{value} does not fit into {data_type}") from None
    words = struct.unpack(f">{MODBUS_REGISTERS[data_type]}H", packed)
    swapped = _arrange(words, order)
    return list(struct.unpack(f">{len(words)}H", swapped))


def extract(address: ModbusAddress, data: Sequence[int] | Sequence[bool], start: int) -> float | int | bool:
    """Return an address's raw value from a block that begins at ``start``."""
    at = address.offset - start
    if address.table in {"co", "di"}:
        return bool(data[at])
    if address.bit is not None:
        return bool(data[at] >> address.bit & 1)
    return decode_registers(data[at : at + address.count], address.data_type, address.order)


def _arrange(words: Sequence[int], order: ByteOrder) -> bytes:
    """Swap words and bytes as the order says; the same way there and back."""
    if order in _WORDS_SWAPPED:
        words = words[::-1]
    return struct.pack(f"{'<' if order in _BYTES_SWAPPED else '>'}{len(words)}H", *words)
