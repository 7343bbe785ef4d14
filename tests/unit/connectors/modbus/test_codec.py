import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.model import status as st
from app.model.address import BYTE_ORDERS, TEXT_ORDERS, ByteOrder, ModbusAddress, ModbusType
from connectors.modbus.codec import decode_registers, encode_registers, extract
from connectors.scaling import ValueRefused

orders = some.sampled_from(BYTE_ORDERS)
WHOLE: dict[ModbusType, tuple[int, int]] = {
    "int16": (-(2**15), 2**15 - 1),
    "uint16": (0, 2**16 - 1),
    "int32": (-(2**31), 2**31 - 1),
    "uint32": (0, 2**32 - 1),
    "int64": (-(2**63), 2**63 - 1),
    "uint64": (0, 2**64 - 1),
}


@given(some.data(), some.sampled_from(sorted(WHOLE)), orders)
def test_whole_numbers_come_back_exactly(data: some.DataObject, kind: ModbusType, order: ByteOrder) -> None:
    value = data.draw(some.integers(*WHOLE[kind]))
    assert decode_registers(encode_registers(value, kind, order), kind, order) == value


@given(some.floats(width=32, allow_nan=False), orders)
def test_float32_comes_back_exactly(value: float, order: ByteOrder) -> None:
    assert decode_registers(encode_registers(value, "float32", order), "float32", order) == value


@given(some.floats(allow_nan=False), orders)
def test_float64_comes_back_exactly(value: float, order: ByteOrder) -> None:
    assert decode_registers(encode_registers(value, "float64", order), "float64", order) == value


@pytest.mark.parametrize(
    ("order", "wire"),
    [("ABCD", b"\x42\xf6\xe9\x79"), ("CDAB", b"\xe9\x79\x42\xf6"), ("BADC", b"\xf6\x42\x79\xe9"),
     ("DCBA", b"\x79\xe9\xf6\x42")],
)  # fmt: skip
def test_orders_are_those_of_the_bytes_on_the_wire(order: ByteOrder, wire: bytes) -> None:
    registers = struct.unpack(">2H", wire)
    value = decode_registers(registers, "float32", order)
    assert value == pytest.approx(123.456, rel=1e-6)
    assert tuple(encode_registers(value, "float32", order)) == registers


def test_64_bit_orders() -> None:
    wire = {"ABCD": (0x0123, 0x4567, 0x89AB, 0xCDEF), "CDAB": (0xCDEF, 0x89AB, 0x4567, 0x0123),
            "BADC": (0x2301, 0x6745, 0xAB89, 0xEFCD), "DCBA": (0xEFCD, 0xAB89, 0x6745, 0x2301)}  # fmt: skip
    for order in BYTE_ORDERS:
        assert decode_registers(wire[order], "uint64", order) == 0x0123456789ABCDEF


@given(some.integers(0, 0xFFFF), some.integers(0, 15))
def test_bits_of_a_register(word: int, bit: int) -> None:
    address = ModbusAddress.parse(f"hr7.{bit}")
    assert extract(address, [0, word], 6) is bool(word & 1 << bit)


def test_coils_are_taken_by_offset() -> None:
    assert extract(ModbusAddress.parse("co12"), [False, True, False], 11) is True


@pytest.mark.parametrize(
    ("value", "kind", "status"),
    [(70_000, "uint16", st.BAD_OUT_OF_RANGE), (-1, "uint32", st.BAD_OUT_OF_RANGE), ("x", "int16", st.BAD_TYPE_MISMATCH),
     ("x", "float32", st.BAD_TYPE_MISMATCH), (1e39, "float32", st.BAD_OUT_OF_RANGE)],
)  # fmt: skip
def test_what_does_not_fit_is_refused(value: float | str, kind: ModbusType, status: int) -> None:
    with pytest.raises(ValueRefused) as caught:
        encode_registers(value, kind, "ABCD")
    assert caught.value.status == status


def test_nan_decodes_and_is_left_to_the_tag() -> None:
    assert math.isnan(float(decode_registers((0x7FC0, 0), "float32", "ABCD")))


@given(some.integers(0, 9999), some.integers(0, 99_999_999), orders)
def test_digits_come_back_exactly(short: int, long: int, order: ByteOrder) -> None:
    assert decode_registers(encode_registers(short, "bcd16", order), "bcd16", order) == short
    assert decode_registers(encode_registers(long, "bcd32", order), "bcd32", order) == long


def test_digits_are_those_that_a_programmer_sees_in_the_registers() -> None:
    assert encode_registers(1234, "bcd16", "ABCD") == [0x1234]
    assert encode_registers(12345678, "bcd32", "CDAB") == [0x5678, 0x1234]
    assert decode_registers([0x0012, 0x3456], "bcd32", "ABCD") == 123456
    for registers in ([0x12A4], [0xFFFF]):
        with pytest.raises(ValueRefused) as caught:
            decode_registers(registers, "bcd16", "ABCD")
        assert caught.value.status == st.BAD_OUT_OF_RANGE
    with pytest.raises(ValueRefused):
        encode_registers(10_000, "bcd16", "ABCD")


@given(some.text(some.characters(min_codepoint=1, codec="utf-8"), max_size=8), some.sampled_from(TEXT_ORDERS))
def test_text_comes_back_without_the_blanks_behind_it(text: str, order: ByteOrder) -> None:
    registers = encode_registers(text, "string", order, length=16)
    assert len(registers) == 16
    assert decode_registers(registers, "string", order) == text.rstrip(" ")


def test_text_on_the_wire() -> None:
    assert encode_registers("PUMP1", "string", "ABCD", length=4) == [0x5055, 0x4D50, 0x3100, 0]
    assert encode_registers("PUMP1", "string", "BADC", length=4) == [0x5550, 0x504D, 0x0031, 0]
    assert decode_registers([0x4142, 0x2020, 0x2020], "string", "ABCD") == "AB"
    assert decode_registers([0xE6B0, 0xB400], "string", "ABCD") == "水"
    address = ModbusAddress.parse("hr10:string2")
    assert extract(address, [0, 0, 0x4142, 0x4300], 8) == "ABC"
    with pytest.raises(ValueRefused) as caught:
        decode_registers([0xFF41], "string", "ABCD")
    assert caught.value.status == st.BAD_TYPE_MISMATCH
    for wrong in ("four letters", "a\0b"):
        with pytest.raises(ValueRefused) as caught:
            encode_registers(wrong, "string", "ABCD", length=2)
        assert caught.value.status == st.BAD_OUT_OF_RANGE
