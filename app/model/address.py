"""Modbus addresses as text: the grammar only, no I/O. Those of OPC UA are in app.model.opcua_address.

``[unit/]table offset[.bit][:type[:order]]`` with a 0-based wire offset, for example
``1/hr100:float32:CDAB``, ``hr7.3`` (bit 3 of a register), ``co12``, ``ir4:int16``, ``hr20:string8`` (text in 8
registers, two characters each). Tables: co coil, di discrete input, hr holding register, ir input register.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, cast

ModbusTable: TypeAlias = Literal["co", "di", "hr", "ir"]
ModbusType: TypeAlias = Literal[
    "bool", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float32", "float64", "bcd16", "bcd32", "string"
]
ByteOrder: TypeAlias = Literal["ABCD", "CDAB", "BADC", "DCBA"]

LAST_UNIT: Final = 247
TCP_UNIT: Final = 255
"""What a device that is itself on TCP expects (Modbus Messaging on TCP/IP, 4.4.2.2)."""
MODBUS_REGISTERS: Final[dict[str, int]] = {
    "bool": 1, "int16": 1, "uint16": 1, "int32": 2, "uint32": 2, "float32": 2, "int64": 4, "uint64": 4, "float64": 4,
    "bcd16": 1, "bcd32": 2,
}  # fmt: skip
"""Registers of each type but text, which has as many as its address says."""
MAX_TEXT_REGISTERS: Final = 123
"""As many as one request can write."""
BYTE_ORDERS: Final[tuple[ByteOrder, ...]] = ("ABCD", "CDAB", "BADC", "DCBA")
TEXT_ORDERS: Final[tuple[ByteOrder, ...]] = ("ABCD", "BADC")
"""First character in the high byte of a register, or in the low one."""

_MODBUS: Final = re.compile(
    r"^(?:(?P<unit>\d{1,3})/)?(?P<table>co|di|hr|ir)(?P<offset>\d{1,5})(?:\.(?P<bit>\d{1,2}))?"
    r"(?::(?P<type>\w+))?(?::(?P<order>\w+))?$"
)
_TEXT: Final = re.compile(r"^string(\d{1,3})$")


class AddressError(ValueError):
    """An address does not follow its grammar; the text says what is allowed."""


@dataclass(frozen=True, slots=True)
class ModbusAddress:
    """Where a value lives in a Modbus device; offsets are 0-based as on the wire."""

    unit: int
    table: ModbusTable
    offset: int
    data_type: ModbusType
    order: ByteOrder = "ABCD"
    bit: int | None = None
    length: int = 0
    """Registers of a text; 0 for other types."""

    @property
    def count(self) -> int:
        """Number of registers (or bits of a bit table) that the value spans."""
        if self.data_type == "string":
            return self.length
        return 1 if self.table in {"co", "di"} else MODBUS_REGISTERS[self.data_type]

    @property
    def written_by(self) -> tuple[int, ...]:
        """Functions that can write the value in one request, the preferred one first; none where it is read only."""
        if self.table == "co":
            return (5, 15)
        if self.table != "hr":
            return ()
        if self.bit is not None:
            return (22,)
        return (6, 16) if self.count == 1 else (16,)

    @classmethod
    def parse(cls, text: str) -> "ModbusAddress":
        """Parse an address.

        Raises:
            AddressError: with what is allowed.

        """
        match = _MODBUS.match(text.strip())
        if match is None:
            raise AddressError(
                f"'{text}' is not a Modbus address; expected [unit/]co|di|hr|ir<offset>[.bit][:type[:order]], "
                "for example 1/hr100:float32:CDAB"
            )
        table = match["table"]
        bits = table in {"co", "di"}
        bit = int(match["bit"]) if match["bit"] else None
        if bit is not None and (bits or bit > 15):
            raise AddressError(f"'{text}': a bit 0 to 15 can be taken from hr and ir only")
        data_type, length = _type(match["type"] or ("bool" if bits or bit is not None else "uint16"), text)
        if (bits or bit is not None) != (data_type == "bool"):
            raise AddressError(f"'{text}': type bool goes with co, di or a bit of a register, and only with them")
        order = match["order"] or "ABCD"
        if order not in BYTE_ORDERS:
            raise AddressError(f"'{text}': byte order '{order}' is unknown; allowed: {', '.join(BYTE_ORDERS)}")
        if length and order not in TEXT_ORDERS:
            raise AddressError(f"'{text}': text has no word order; allowed: {', '.join(TEXT_ORDERS)}")
        unit, offset = int(match["unit"] or 1), int(match["offset"])
        if unit > LAST_UNIT and unit != TCP_UNIT:
            raise AddressError(
                f"'{text}': unit {unit} is out of range 0 to {LAST_UNIT} (or 255, a device directly on TCP)"
            )
        count = length or (1 if bits else MODBUS_REGISTERS[data_type])
        if offset + count > 65536:
            raise AddressError(f"'{text}': offset {offset} is out of range 0 to {65536 - count}")
        return cls(unit, cast(ModbusTable, table), offset, data_type, cast(ByteOrder, order), bit, length)


def _type(word: str, text: str) -> tuple[ModbusType, int]:
    """Return the type that a word names, and the registers of a text.

    Raises:
        AddressError: it names none.

    """
    if word in MODBUS_REGISTERS:
        return cast(ModbusType, word), 0
    if match := _TEXT.match(word):
        registers = int(match[1])
        if 1 <= registers <= MAX_TEXT_REGISTERS:
            return "string", registers
        raise AddressError(f"'{text}': a text has 1 to {MAX_TEXT_REGISTERS} registers")
    allowed = f"{', '.join(MODBUS_REGISTERS)}, string<registers>"
    raise AddressError(f"'{text}': type '{word}' is unknown; allowed: {allowed}")
