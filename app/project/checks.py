"""Checks that rows of tags.csv and members of equipment types share."""

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

from app.model.address import LAST_UNIT, AddressError, ModbusAddress
from app.model.alarm import AlarmKind
from app.model.connection import Connection, Protocol_
from app.model.opcua_address import OpcUaAddress
from app.model.tag import DataType
from app.model.text import LocalText
from app.project.cells import States
from app.project.modbusreads import read_error
from app.project.place import Place

NUMERIC: Final = frozenset({DataType.FLOAT, DataType.INT})
NO_DEADBAND: Final = "data type {} has no dead-band, history keeps every change of it; allowed: with float and int"
LIMIT_KINDS: Final = (AlarmKind.LOW_LOW, AlarmKind.LOW, AlarmKind.HIGH, AlarmKind.HIGH_HIGH)
ALL_WRITES: Final = "5 6 15 16 22"
"""What Modbus devices are taken to know where a project does not say."""
_ON_A_LINE: Final = frozenset({Protocol_.MODBUS_RTU, Protocol_.MODBUS_RTU_TCP})


def check_range(low: float, high: float, normal: Sequence[tuple[str, float | None]], place: Place) -> bool:
    """Report a range of indication that is none, and a normal band (low, then high) outside it."""
    if low >= high:
        place.problem("low", f"low {low:g} is not below high {high:g}; allowed: low < high")
        return False
    for field, value in normal:
        if value is not None and not low <= value <= high:
            place.problem(field, f"{value:g} is outside the range; allowed: {low:g} to {high:g}")
    (_, first), (last_field, last) = normal
    if first is not None and last is not None and first > last:
        place.problem(last_field, f"the normal band {first:g} to {last:g} is upside down; allowed: low, then high")
    return True


def check_sensor(
    data_type: DataType,
    frozen_s: float,
    valid: tuple[float | None, float | None],
    range_: tuple[float, float],
    place: Place,
) -> None:
    """Report rules of a sensor that its tag cannot have, and a valid range without room for that of indication."""
    fields = dict(zip(("valid_low", "valid_high"), valid, strict=True))
    if data_type not in NUMERIC:
        given = [name for name, value in fields.items() if value is not None] + (["frozen_s"] if frozen_s else [])
        for name in given:
            place.problem(name, f"data type {data_type.value} has no {name}; allowed: with float and int")
        return
    low, high = range_
    bottom, top = valid
    if low >= high:
        return
    if bottom is not None and bottom > low:
        place.problem("valid_low", f"{bottom:g} is above low {low:g}; allowed: low of the tag, or less")
    if top is not None and top < high:
        place.problem("valid_high", f"{top:g} is below high {high:g}; allowed: high of the tag, or more")


def check_limits(
    limits: Iterable[tuple[AlarmKind, str, float]], low: float, high: float, range_ok: bool, place: Place
) -> None:
    """Report limits outside the range or out of the order LL < L < H < HH; ``limits``: kind, field, value."""
    order = {kind: at for at, kind in enumerate(LIMIT_KINDS)}
    ordered = sorted((item for item in limits if item[0] in order), key=lambda item: order[item[0]])
    for _, field, value in ordered:
        if range_ok and not low <= value <= high:
            place.problem(field, f"limit {value:g} is outside the range; allowed: {low:g} to {high:g}")
    for (below, _, first), (above, field, second) in pairwise(ordered):
        if first >= second:
            message = f"{above.value} {second:g} is not above {below.value} {first:g}; allowed: LL < L < H < HH"
            place.problem(field, message)


def check_states(data_type: DataType, states: States, place: Place) -> None:
    """Report states of a type that has none, and their absence where they are needed."""
    if data_type is DataType.ENUM and not states:
        place.problem("states", "an enum needs states; allowed: a number and a text for each")
    elif data_type is DataType.BOOL and any(number not in {0, 1} for number, _ in states):
        place.problem("states", "a bool has the states 0 and 1 only")
    elif data_type not in {DataType.ENUM, DataType.BOOL} and states:
        place.problem("states", f"data type {data_type.value} has no states; allowed: with bool and enum")


def unknown_states(wanted: Iterable[int], data_type: DataType, states: States) -> str:
    """Return what is wrong with numbers that should be states; empty where they are."""
    known = [number for number, _ in states] or ([0, 1] if data_type is DataType.BOOL else [])
    wrong = [number for number in wanted if known and number not in known]
    if not wrong:
        return ""
    return f"state {wrong[0]} is unknown; allowed: {', '.join(map(str, known))}"


def address_error(connection: Connection, address: str, data_type: DataType, writable: bool) -> str:
    """Return what is wrong with an address, and what is allowed; empty where it is right."""
    try:
        if connection.protocol is Protocol_.OPCUA:
            part = OpcUaAddress.parse(address).path
            return f"'{address}': a part of a value cannot be written" if writable and part else ""
        parsed = ModbusAddress.parse(address)
    except AddressError as error:
        return str(error)
    if writable and not parsed.written_by:
        return f"'{address}' cannot be written; a writable tag is in hr or co"
    if (data_type is DataType.STRING) != (parsed.data_type == "string"):
        kind = "such as hr20:string8, text in 8 registers" if data_type is DataType.STRING else "data type string"
        return f"'{address}' does not fit data type {data_type.value}; allowed with it: {kind}"
    known = str(connection.options.get("write_functions", ALL_WRITES)).replace(",", " ").split()
    if writable and not any(str(function) in known for function in parsed.written_by):
        needed = " or ".join(map(str, parsed.written_by))
        allowed = f"allowed by write_functions of '{connection.id}': {' '.join(known)}"
        return f"'{address}' is written by function {needed}; {allowed}"
    if connection.protocol in _ON_A_LINE and not 1 <= parsed.unit <= LAST_UNIT:
        return f"'{address}': unit {parsed.unit} is none of a serial line; allowed: 1 to {LAST_UNIT}"
    return read_error(connection, address, parsed)


def write_cells(protocol: Protocol_, address: str) -> tuple[object, ...]:
    """Return what a write to this address changes, for finding two tags that write the same."""
    try:
        if protocol is Protocol_.OPCUA:
            return (OpcUaAddress.parse(address),)
        parsed = ModbusAddress.parse(address)
    except AddressError:
        return ()
    bits = [parsed.bit] if parsed.bit is not None else [None]
    return tuple((parsed.unit, parsed.table, parsed.offset + at, bit) for at in range(parsed.count) for bit in bits)


def check_scale(scale: float, place: Place) -> None:
    """Report a scale that would make every value the same."""
    if scale == 0 or not math.isfinite(scale):
        place.problem("scale", f"scale {scale:g} is not allowed; allowed: any number but 0")


def check_clamp(clamp: bool, data_type: DataType, place: Place) -> None:
    """Report a clamp of what has no range."""
    if clamp and data_type not in NUMERIC:
        place.problem("clamp", f"data type {data_type.value} has no range to be held in; allowed: with float and int")


def check_setpoint(
    low: float | None, high: float | None, range_: tuple[float, float], fields: tuple[str, str], place: Place
) -> tuple[float, float]:
    """Report limits of a setpoint that are upside down or outside the tag's range; return the limits in force."""
    bottom, top = range_
    inside = True
    for field, value in zip(fields, (low, high), strict=True):
        if value is not None and bottom < top and not bottom <= value <= top:
            place.problem(field, f"setpoint limit {value:g} is outside the range; allowed: {bottom:g} to {top:g}")
            inside = False
    first, last = bottom if low is None else low, top if high is None else high
    if inside and first >= last and bottom < top:
        place.problem(fields[0], f"setpoint limits {first:g} to {last:g} are upside down; allowed: low < high")
    return first, last


def joined(first: str, second: str) -> str:
    """Join two English phrases; the second loses its capital unless it is an abbreviation."""
    if second[:1].isupper() and second[1:2].islower():
        second = second[:1].lower() + second[1:]
    return f"{first} {second}".strip()


def phrase(first: LocalText, second: LocalText) -> LocalText:
    """Join two texts in both languages."""
    return LocalText(joined(first.get("en"), second.get("en")), f"{first.get('zh')}{second.get('zh')}")
