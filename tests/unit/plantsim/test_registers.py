"""Register codec: every type and byte order comes back as it went in."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.model.address import BYTE_ORDERS, ByteOrder, ModbusType
from app.model.tag import DataType, Tag
from app.plantsim.registers import RegisterImage, decode, encode

RANGES: dict[ModbusType, tuple[int, int]] = {
    "int16": (-(2**15), 2**15 - 1),
    "uint16": (0, 2**16 - 1),
    "int32": (-(2**31), 2**31 - 1),
    "uint32": (0, 2**32 - 1),
}


@pytest.mark.parametrize("data_type", RANGES)
@given(data=some.data())
def test_integers_round_trip_in_every_order(data_type: ModbusType, data: some.DataObject) -> None:
    value = data.draw(some.integers(*RANGES[data_type]))
    order: ByteOrder = data.draw(some.sampled_from(BYTE_ORDERS))
    assert decode(encode(value, data_type, order), data_type, order) == value


@given(value=some.floats(width=32, allow_nan=False), order=some.sampled_from(BYTE_ORDERS))
def test_floats_round_trip(value: float, order: ByteOrder) -> None:
    assert decode(encode(value, "float32", order), "float32", order) == value


def test_byte_orders_are_what_their_names_say() -> None:
    a, b, c, d = struct.pack(">f", 123.456)
    expected = {"ABCD": (a, b, c, d), "CDAB": (c, d, a, b), "BADC": (b, a, d, c), "DCBA": (d, c, b, a)}
    for order in BYTE_ORDERS:
        w, x, y, z = expected[order]
        assert encode(123.456, "float32", order) == [w << 8 | x, y << 8 | z]


def test_integers_are_limited_to_their_range() -> None:
    assert encode(1e9, "uint16", "ABCD") == [0xFFFF]
    assert encode(-5, "uint16", "ABCD") == [0]


def test_image_scales_and_sets_single_bits() -> None:
    tags = [
        Tag("A", connection="c", address="ir0:int16", scale=0.1),
        Tag("B", data_type=DataType.BOOL, connection="c", address="ir1.3"),
        Tag("C", data_type=DataType.BOOL, connection="c", address="co2"),
        Tag("D", connection="c", address="hr4:float32:CDAB", writable=True),
    ]
    image = RegisterImage(tags)
    for name, value in {"A": -12.3, "B": True, "C": True, "D": 1.5}.items():
        image.put(name, value)
    assert image.tables["ir"][:2] == [(-123) & 0xFFFF, 8]
    assert [image.get(name) for name in "ABCD"] == [pytest.approx(-12.3), 1.0, 1.0, 1.5]
    image.put("B", False)
    assert image.tables["ir"][1] == 0
    assert image.writable_in("hr", 4, 2) == ["D"]
    assert image.writable_in("hr", 4, 1) == []
