"""Registers to values and back, in the four byte orders; pure.

With A the most significant byte of a value: ABCD is big-endian throughout, CDAB has its words swapped, BADC the
bytes in each word, DCBA both. Longer types follow the same rule (CDAB: words in reverse order). The library's
converters know word order only, so they are not used.
"""

import struct
from collections.abc import Sequence
from typing import Final

from app.model import status as st
from app.model.address import ByteOrder, ModbusAddress, ModbusType
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
_DIGITS: Final = {"bcd16": 4, "bcd32": 8}
_PLAIN: Final = frozenset({"ABCD", "CDAB"})
"""Orders in which one register is what it is."""
_WORDS_SWAPPED: Final = frozenset({"CDAB", "DCBA"})
_BYTES_SWAPPED: Final = frozenset({"BADC", "DCBA"})


def decode_registers(registers: Sequence[int], data_type: ModbusType, order: ByteOrder) -> float | int | str:
    """Return the value in registers as they came over the wire (as many as the type needs).

    Raises:
        ValueRefused: they are no number in BCD, or no text in UTF-8.

    """
    data = _arrange(registers, order)
    if data_type == "string":
        return _text(data)
    if data_type in _DIGITS:
        return _from_bcd(data)
    (value,) = struct.unpack(_FORMATS[data_type], data)
    result: float | int = value
    return result


def encode_registers(
    value: float | int | bool | str, data_type: ModbusType, order: ByteOrder, length: int = 0
) -> list[int]:
    """Return the registers to send for a raw value; ``length``: registers of a text.

    Raises:
        ValueRefused: the value does not fit the type.

    """
    if data_type == "string":
        packed = _to_text(value, length)
    elif data_type in _DIGITS:
        digits = _DIGITS[data_type]
        packed = bytes.fromhex(f"{whole(value, 0, 10**digits - 1):0{digits}}")
    elif data_type in _RANGES:
        packed = struct.pack(_FORMATS[data_type], whole(value, *_RANGES[data_type]))
    elif isinstance(value, str):
        raise ValueRefused(st.BAD_TYPE_MISMATCH, f"{value!r} is not a number")
    else:
        try:
            packed = struct.pack(_FORMATS[data_type], value)
        except (OverflowError, struct.error):
            raise ValueRefused(st.BAD_OUT_OF_RANGE, f"{value} does not fit into {data_type}") from None
    words = struct.unpack(f">{len(packed) // 2}H", packed)
    swapped = _arrange(words, order)
    return list(struct.unpack(f">{len(words)}H", swapped))


def extract(address: ModbusAddress, data: Sequence[int] | Sequence[bool], start: int) -> float | int | bool | str:
    """Return an address's raw value from a block that begins at ``start``; raises as ``decode_registers``."""
    at = address.offset - start
    if address.table in {"co", "di"}:
        return bool(data[at])
    if address.bit is not None:
        return bool(data[at] >> address.bit & 1)
    if address.data_type == "uint16" and address.order in _PLAIN:  # most of a plant
        return data[at]
    return decode_registers(data[at : at + address.count], address.data_type, address.order)


def _arrange(words: Sequence[int], order: ByteOrder) -> bytes:
    """Swap words and bytes as the order says; the same way there and back."""
    if order in _WORDS_SWAPPED:
        words = words[::-1]
    return struct.pack(f"{'<' if order in _BYTES_SWAPPED else '>'}{len(words)}H", *words)


def _from_bcd(data: bytes) -> int:
    digits = data.hex()
    if not digits.isdecimal():
        raise ValueRefused(st.BAD_OUT_OF_RANGE, f"{digits} is not a number in BCD")
    return int(digits)


def _text(data: bytes) -> str:
    """Return text up to the first zero byte, without the blanks that fill it up."""
    try:
        return data.split(b"\0", 1)[0].decode("utf-8").rstrip(" ")
    except UnicodeDecodeError:
        raise ValueRefused(st.BAD_TYPE_MISMATCH, "the registers hold no text in UTF-8") from None


def _to_text(value: float | int | bool | str, length: int) -> bytes:
    data = str(value).encode("utf-8")
    if len(data) > length * 2 or b"\0" in data:
        raise ValueRefused(st.BAD_OUT_OF_RANGE, f"{value!r} does not fit into {length * 2} bytes of text")
    return data.ljust(length * 2, b"\0")
