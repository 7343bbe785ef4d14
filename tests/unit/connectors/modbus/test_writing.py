"""Which function writes a value, of those that the device knows."""

import asyncio
from typing import Any

import pytest

from app.model import status as st
from app.model.address import ModbusAddress
from app.model.tag import DataType, Tag
from connectors.modbus.writing import prepare
from connectors.scaling import ValueRefused

ALL = frozenset({5, 6, 15, 16, 22})


class FakeWire:
    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []

    def __getattr__(self, name: str) -> Any:
        async def call(*arguments: Any) -> None:
            self.calls.append((name, *arguments[:-1]))

        return call


def written(address: str, value: float | str, known: frozenset[int]) -> tuple[Any, ...]:
    kind = DataType.STRING if isinstance(value, str) else DataType.FLOAT
    send = prepare(Tag("T", data_type=kind), ModbusAddress.parse(address), value, known)
    wire = FakeWire()
    asyncio.run(send(wire, 1.0))  # type: ignore[arg-type]
    assert len(wire.calls) == 1  # one request, whatever the value
    return wire.calls[0]


@pytest.mark.parametrize(
    ("address", "value", "known", "call"),
    [
        ("2/co7", 1, ALL, ("write_coil", 2, 7, True)),
        ("2/co7", 0, ALL - {5}, ("write_coils", 2, 7, [False])),
        ("hr4", 7, ALL, ("write_register", 1, 4, 7)),
        ("hr4", 7, frozenset({16}), ("write_registers", 1, 4, [7])),
        ("hr4:uint32:CDAB", 0x12345678, ALL, ("write_registers", 1, 4, [0x5678, 0x1234])),
        ("hr4:bcd16", 42, ALL, ("write_register", 1, 4, 0x42)),
        ("hr4:string3", "AB", ALL, ("write_registers", 1, 4, [0x4142, 0, 0])),
        ("hr6.3", 1, ALL, ("write_bit", 1, 6, 3, True)),
    ],
)
def test_a_value_goes_by_one_function_that_the_device_knows(
    address: str, value: float | str, known: frozenset[int], call: tuple[Any, ...]
) -> None:
    assert written(address, value, known) == call


@pytest.mark.parametrize(
    ("address", "known", "words"),
    [("hr6.3", ALL - {22}, "function 22"), ("hr4:float32", ALL - {16}, "function 16"),
     ("co1", ALL - {5, 15}, "05 or 15"), ("hr1", frozenset({22}), "06 or 16")],
)  # fmt: skip
def test_what_needs_another_function_is_refused_not_done_in_parts(
    address: str, known: frozenset[int], words: str
) -> None:
    with pytest.raises(ValueRefused, match=words) as caught:
        written(address, 1, known)
    assert caught.value.status == st.BAD_NOT_SUPPORTED
