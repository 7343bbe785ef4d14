"""A Modbus TCP server that serves a register image; writes are reported to the model."""

import logging
from collections.abc import Iterable
from typing import Final

from pymodbus.constants import ExcCodes
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from app.model.address import ModbusTable
from app.model.tag import Tag
from app.plantsim.messages import Points, WriteHandler
from app.plantsim.registers import RegisterImage

_TABLE_OF_FUNCTION: Final[dict[int, ModbusTable]] = {
    1: "co", 5: "co", 15: "co", 2: "di", 3: "hr", 6: "hr", 16: "hr", 22: "hr", 23: "hr", 4: "ir",
}  # fmt: skip


class ModbusPlc:
    """Serves one connection's tags at ``host:port``. Modbus has no quality: a failed sensor just stands still."""

    def __init__(self, endpoint: str, tags: Iterable[Tag], on_write: WriteHandler) -> None:
        host, _, port = endpoint.rpartition(":")
        self._address = (host, int(port))
        self._image = RegisterImage(tags)
        self._on_write = on_write
        self._server: ModbusTcpServer | None = None

    async def start(self, points: Points) -> None:
        """Fill the registers and listen; raises RuntimeError where the port is taken."""
        logging.getLogger("pymodbus").setLevel(logging.CRITICAL)
        await self.update(points)
        blocks = []
        for table in ("co", "di", "hr", "ir"):
            size = len(self._image.tables[table])
            if table in {"co", "di"}:
                blocks.append([SimData(0, values=[False] * (size + -size % 16), datatype=DataType.BITS)])
            else:
                blocks.append([SimData(0, count=size, datatype=DataType.REGISTERS)])
        device = SimDevice(id=0, simdata=(blocks[0], blocks[1], blocks[2], blocks[3]), action=self._access)
        self._server = ModbusTcpServer(device, address=self._address)
        await self._server.serve_forever(background=True)

    async def stop(self) -> None:
        """Close the listener and every connection."""
        if self._server is not None:
            await self._server.shutdown()  # type: ignore[no-untyped-call]

    async def update(self, points: Points) -> None:
        """Take new values from the model."""
        for name, (value, _status) in points.items():
            self._image.put(name, value)

    async def _access(
        self,
        function: int,
        start: int,
        address: int,
        count: int,
        registers: list[int],
        values: list[int] | list[bool] | None,
    ) -> ExcCodes | None:
        table = _TABLE_OF_FUNCTION.get(function)
        if table is None:
            return ExcCodes.ILLEGAL_FUNCTION
        image = self._image.tables[table]
        if values is not None:
            written = self._image.writable_in(table, address, len(values))
            if not written:
                return ExcCodes.ILLEGAL_ADDRESS
            image[address : address + len(values)] = [int(value) for value in values]
            for name in written:
                self._on_write(name, self._image.get(name))
        elif table in {"hr", "ir"}:
            registers[address - start : address - start + count] = image[address : address + count]
        return None
