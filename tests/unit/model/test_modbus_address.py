"""Which units a Modbus address may name."""

import pytest

from app.model.address import AddressError, ModbusAddress


@pytest.mark.parametrize("unit", [0, 1, 247, 255])
def test_units_of_serial_lines_and_of_devices_directly_on_tcp(unit: int) -> None:
    assert ModbusAddress.parse(f"{unit}/hr5").unit == unit


@pytest.mark.parametrize("unit", [248, 254, 256])
def test_other_units_are_refused_with_what_is_allowed(unit: int) -> None:
    with pytest.raises(AddressError, match="0 to 247"):
        ModbusAddress.parse(f"{unit}/hr5")
