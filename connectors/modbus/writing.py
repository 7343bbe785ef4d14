"""Choosing and sending the write request for a value."""

from collections.abc import Awaitable, Callable

from app.model import status as st
from app.model.address import ModbusAddress
from app.model.sample import Value
from app.model.tag import Tag
from connectors.modbus.codec import encode_registers
from connectors.modbus.wire import ModbusWire
from connectors.scaling import ValueRefused, to_raw, whole

Send = Callable[[ModbusWire, float], Awaitable[None]]
"""Sends one request on a socket within a deadline (s)."""


def prepare(tag: Tag, address: ModbusAddress, value: Value, mask_write: bool) -> Send:
    """Return what sends the value: functions 05, 06, 16, or 22 for a bit of a register.

    Raises:
        ValueRefused: nothing can be sent: the table is read-only, the value does not fit, or the device has no
            function 22 (reading, changing and writing back would overwrite what the device changed meanwhile).

    """
    unit, offset, bit = address.unit, address.offset, address.bit
    if address.table not in {"co", "hr"}:
        raise ValueRefused(st.BAD_NOT_WRITABLE, f"table {address.table} is read-only in Modbus")
    raw = to_raw(tag, value)
    if address.table == "co":
        on = bool(whole(raw, 0, 1))
        return lambda wire, timeout_s: wire.write_coil(unit, offset, on, timeout_s)
    if bit is not None:
        if not mask_write:
            raise ValueRefused(st.BAD_NOT_SUPPORTED, "bits of registers need function 22, which is switched off")
        on = bool(whole(raw, 0, 1))
        return lambda wire, timeout_s: wire.write_bit(unit, offset, bit, on, timeout_s)
    registers = encode_registers(raw, address.data_type, address.order)
    return lambda wire, timeout_s: wire.write_registers(unit, offset, registers, timeout_s)
