import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.model import status as st
from app.model.address import BYTE_ORDERS, ByteOrder, ModbusAddress, ModbusType
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
    assert math.isnan(decode_registers((0x7FC0, 0), "float32", "ABCD"))
