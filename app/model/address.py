"""Device addresses as text: the grammar only, no I/O.

OPC UA: ``nsu=<namespace URI>;s=<string id>`` or ``nsu=…;i=<number>`` (also ``ns=<index>;…``).

Modbus: ``[unit/]table offset[.bit][:type[:order]]`` with a 0-based wire offset, for example
``1/hr100:float32:CDAB``, ``hr7.3`` (bit 3 of a register), ``co12``, ``ir4:int16``.
Tables: co coil, di discrete input, hr holding register, ir input register.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, cast

ModbusTable: TypeAlias = Literal["co", "di", "hr", "ir"]
ModbusType: TypeAlias = Literal["bool", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float32", "float64"]
ByteOrder: TypeAlias = Literal["ABCD", "CDAB", "BADC", "DCBA"]

TCP_UNIT: Final = 255
"""What a device that is itself on TCP expects (Modbus Messaging on TCP/IP, 4.4.2.2)."""
MODBUS_REGISTERS: Final[dict[str, int]] = {
    "bool": 1, "int16": 1, "uint16": 1, "int32": 2, "uint32": 2, "float32": 2, "int64": 4, "uint64": 4, "float64": 4,
}  # fmt: skip
BYTE_ORDERS: Final = ("ABCD", "CDAB", "BADC", "DCBA")

_MODBUS: Final = re.compile(
    r"^(?:(?P<unit>\d{1,3})/)?(?P<table>co|di|hr|ir)(?P<offset>\d{1,5})(?:\.(?P<bit>\d{1,2}))?"
    r"(?::(?P<type>\w+))?(?::(?P<order>\w+))?$"
)
_OPCUA: Final = re.compile(r"^(?:nsu=(?P<uri>[^;]+)|ns=(?P<ns>\d+));(?P<kind>[si])=(?P<id>.+)$")


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

    @property
    def count(self) -> int:
        """Number of registers (or bits of a bit table) that the value spans."""
        return 1 if self.table in {"co", "di"} else MODBUS_REGISTERS[self.data_type]

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
        data_type = match["type"] or ("bool" if bits or bit is not None else "uint16")
        if data_type not in MODBUS_REGISTERS:
            raise AddressError(f"'{text}': type '{data_type}' is unknown; allowed: {', '.join(MODBUS_REGISTERS)}")
        if (bits or bit is not None) != (data_type == "bool"):
            raise AddressError(f"'{text}': type bool goes with co, di or a bit of a register, and only with them")
        order = match["order"] or "ABCD"
        if order not in BYTE_ORDERS:
            raise AddressError(f"'{text}': byte order '{order}' is unknown; allowed: {', '.join(BYTE_ORDERS)}")
        unit, offset = int(match["unit"] or 1), int(match["offset"])
        if unit > 247 and unit != TCP_UNIT:
            raise AddressError(f"'{text}': unit {unit} is out of range 0 to 247 (or 255, a device directly on TCP)")
        count = 1 if bits else MODBUS_REGISTERS[data_type]
        if offset + count > 65536:
            raise AddressError(f"'{text}': offset {offset} is out of range 0 to {65536 - count}")
        return cls(unit, cast(ModbusTable, table), offset, cast(ModbusType, data_type), cast(ByteOrder, order), bit)


@dataclass(frozen=True, slots=True)
class OpcUaAddress:
    """A NodeId whose namespace is named by URI (preferred: indices move when a server is re-configured) or index."""

    namespace_uri: str | None
    namespace_index: int | None
    identifier: str | int

    @classmethod
    def parse(cls, text: str) -> "OpcUaAddress":
        """Parse an address.

        Raises:
            AddressError: with what is allowed.

        """
        match = _OPCUA.match(text.strip())
        if match is None:
            raise AddressError(
                f"'{text}' is not an OPC UA address; "
                "expected nsu=<namespace URI>;s=<id> or nsu=<namespace URI>;i=<number>"
            )
        identifier: str | int = match["id"]
        if match["kind"] == "i":
            if not match["id"].isdigit():
                raise AddressError(f"'{text}': a numeric identifier (i=) must be a whole number")
            identifier = int(match["id"])
        return cls(match["uri"], int(match["ns"]) if match["ns"] else None, identifier)
