"""Choosing and sending the write request for a value."""

from collections.abc import Awaitable, Callable, Sequence, Set

from app.model import status as st
from app.model.address import ModbusAddress
from app.model.sample import Value
from app.model.tag import Tag
from connectors.modbus.codec import encode_registers
from connectors.modbus.wire import ModbusWire
from connectors.scaling import ValueRefused, to_raw, whole

Send = Callable[[ModbusWire, float], Awaitable[None]]
"""Sends one request on a socket within a deadline (s)."""


def prepare(tag: Tag, address: ModbusAddress, value: Value, known: Set[int]) -> Send:
    """Return what sends the value in one request, by one of the functions that the device knows.

    A coil: 05, else 15. One register: 06, else 16. Several registers: 16. A bit of a register: 22.

    Raises:
        ValueRefused: nothing can be sent: the table is read-only, the value does not fit, or the device does not know
            the function. Several registers are never written one by one (the device would have half of a value for a
            while), and a bit never by reading, changing and writing back, which would undo what the device changed
            meanwhile.

    """
    unit, offset, bit = address.unit, address.offset, address.bit
    if not address.written_by:
        raise ValueRefused(st.BAD_NOT_WRITABLE, f"table {address.table} is read-only in Modbus")
    raw = to_raw(tag, value)
    function = _choose(known, address.written_by)
    if address.table == "co":
        on = bool(whole(raw, 0, 1))
        if function == 5:
            return lambda wire, timeout_s: wire.write_coil(unit, offset, on, timeout_s)
        return lambda wire, timeout_s: wire.write_coils(unit, offset, [on], timeout_s)
    if bit is not None:
        on = bool(whole(raw, 0, 1))
        return lambda wire, timeout_s: wire.write_bit(unit, offset, bit, on, timeout_s)
    registers = encode_registers(raw, address.data_type, address.order, address.length)
    if function == 6:
        return lambda wire, timeout_s: wire.write_register(unit, offset, registers[0], timeout_s)
    return lambda wire, timeout_s: wire.write_registers(unit, offset, registers, timeout_s)


def _choose(known: Set[int], wanted: Sequence[int]) -> int:
    """Return the first function that the device knows.

    Raises:
        ValueRefused: it knows none of them.

    """
    for function in wanted:
        if function in known:
            return function
    needed = " or ".join(f"{function:02}" for function in wanted)
    raise ValueRefused(st.BAD_NOT_SUPPORTED, f"this needs function {needed}, which write_functions leaves out")
