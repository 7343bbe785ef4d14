"""One socket or port to Modbus devices: one request in flight, each sent exactly once.

An object serves one socket and is never connected again. After any answer that does not fit (silence, a foreign
transaction, unit or function, a wrong length or check sum, an echo of something else) the socket is dropped, so that a
late answer can never be taken for that of the next request. The library's PDUs and frames are used, its transactions
are not: they skip what does not fit, send again what was not answered, and connect again by themselves.
"""

import asyncio
import logging
import ssl
import struct
from collections.abc import Sequence
from typing import Final, NoReturn

from pymodbus.exceptions import ModbusException
from pymodbus.pdu import ModbusPDU
from pymodbus.pdu.bit_message import (
    ReadCoilsRequest,
    ReadDiscreteInputsRequest,
    WriteMultipleCoilsRequest,
    WriteSingleCoilRequest,
)
from pymodbus.pdu.register_message import (
    MaskWriteRegisterRequest,
    ReadHoldingRegistersRequest,
    ReadInputRegistersRequest,
    WriteMultipleRegistersRequest,
    WriteSingleRegisterRequest,
)

from app.model.text import LocalText
from connectors.modbus.errors import SilenceError, WireError
from connectors.modbus.path import REFUSED, Path
from connectors.modbus.plan import BIT_TABLES, Span
from connectors.modbus.refusal import DeviceRefusal
from connectors.modbus.tls import CLOSED_UNANSWERED, tls_refusal
from connectors.reasons import CLOSED

_READ: Final[dict[str, type[ModbusPDU]]] = {
    "co": ReadCoilsRequest,
    "di": ReadDiscreteInputsRequest,
    "hr": ReadHoldingRegistersRequest,
    "ir": ReadInputRegistersRequest,
}
_BITS_OF: Final = tuple(tuple(bool(byte >> bit & 1) for bit in range(8)) for byte in range(256))


class ModbusWire(asyncio.Protocol):
    """A connected socket. Not safe for two requests at a time: its owner sends one after the other.

    Attributes:
        dropped_by_us: whether this side closed the socket.

    """

    def __init__(self, path: Path) -> None:
        self.dropped_by_us = False
        self._path = path
        self._framing = path.framing()
        self._closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._answer: asyncio.Future[bytes] | None = None
        self._request = b""
        self._received = b""
        self._has_heard = False
        self._transport: asyncio.WriteTransport | None = None

    async def open(self, timeout_s: float) -> None:
        """Connect.

        Raises:
            WireError: refused, unreachable, not trusted or too slow.

        """
        try:
            async with asyncio.timeout(timeout_s):
                self._transport = await self._path.open(lambda: self)
        except TimeoutError:
            self.close()
            raise WireError(REFUSED) from None
        except BaseException:
            self.close()
            raise

    @property
    def is_open(self) -> bool:
        """Whether the socket is connected."""
        return self._transport is not None and not self._closed.done()

    async def wait_closed(self, timeout_s: float) -> bool:
        """Wait, at most ``timeout_s``, for the socket to be closed by the other side; tell whether it was."""
        done, _ = await asyncio.wait({self._closed}, timeout=timeout_s)
        return bool(done)

    async def read(self, span: Span, timeout_s: float) -> Sequence[int] | Sequence[bool]:
        """Read a block; as many registers or bits as the span has.

        Raises:
            DeviceRefusal: the device answered with an exception.
            WireError: no answer, or one that does not fit; the socket is closed.

        """
        count = span.stop - span.start
        answer = await self._ask(span.unit, _READ[span.table](address=span.start, count=count), timeout_s)
        if span.table in BIT_TABLES:
            return [bit for byte in answer[2:] for bit in _BITS_OF[byte]][:count]
        return list(struct.unpack_from(f">{count}H", answer, 2))

    async def write_coil(self, unit: int, offset: int, value: bool, timeout_s: float) -> None:
        """Write one coil (function 05); raises as ``read``."""
        await self._ask(unit, WriteSingleCoilRequest(address=offset, bits=[value]), timeout_s)

    async def write_coils(self, unit: int, offset: int, values: list[bool], timeout_s: float) -> None:
        """Write coils (function 15); raises as ``read``."""
        await self._ask(unit, WriteMultipleCoilsRequest(address=offset, bits=values), timeout_s)

    async def write_register(self, unit: int, offset: int, register: int, timeout_s: float) -> None:
        """Write one register (function 06); raises as ``read``."""
        await self._ask(unit, WriteSingleRegisterRequest(address=offset, registers=[register]), timeout_s)

    async def write_registers(self, unit: int, offset: int, registers: list[int], timeout_s: float) -> None:
        """Write registers (function 16); raises as ``read``."""
        await self._ask(unit, WriteMultipleRegistersRequest(address=offset, registers=registers), timeout_s)

    async def write_bit(self, unit: int, offset: int, bit: int, value: bool, timeout_s: float) -> None:
        """Set or clear one bit of a holding register in the device itself (function 22); raises as ``read``."""
        keep = 0xFFFF & ~(1 << bit)
        request = MaskWriteRegisterRequest(address=offset, and_mask=keep, or_mask=int(value) << bit)
        await self._ask(unit, request, timeout_s)

    def close(self) -> None:
        """Close the socket at once."""
        if not self._closed.done():
            self.dropped_by_us = True
            self._closed.set_result(None)
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the transport; called by the event loop."""
        if self._closed.done() and isinstance(transport, asyncio.WriteTransport):
            transport.abort()  # given up while it was opened

    def data_received(self, data: bytes) -> None:
        """See every byte; what does not fit drops the socket and is not looked at further."""
        if self._closed.done():
            return
        self._has_heard = True
        self._received += data
        if reason := self._framing.mismatch(self._request, self._received):
            self._fail(WireError(LocalText(reason, f"应答不符：{reason}")))
        elif self._answer is not None and not self._answer.done():
            answer = self._framing.answer(self._request, self._received)
            if answer is not None:
                self._answer.set_result(answer)

    def connection_lost(self, exc: Exception | None) -> None:
        """Note that the socket is closed, and why, where TLS says so; called by the event loop."""
        if not self._closed.done():
            self._closed.set_result(None)
            self._fail(WireError(self._why_closed(exc)))

    def _why_closed(self, error: Exception | None) -> LocalText:
        if isinstance(error, ssl.SSLError):
            return tls_refusal(error)
        return CLOSED if self._has_heard or not self._path.is_encrypted else CLOSED_UNANSWERED

    async def _ask(self, unit: int, request: ModbusPDU, timeout_s: float) -> bytes:
        """Send one request and return the PDU of its answer; waits for the loss of the socket and the deadline too."""
        transport = self._transport
        if transport is None or self._closed.done():
            raise WireError(LocalText("the connection is closed", "连接已关闭"))
        try:
            pdu = request.function_code.to_bytes(1, "big") + request.encode()
        except (ModbusException, ValueError, struct.error) as error:
            self._drop(str(error))
        loop = asyncio.get_running_loop()
        self._received, self._request = b"", self._framing.frame(unit, pdu)
        self._answer = loop.create_future()
        deadline = loop.call_later(timeout_s, self._give_up, timeout_s)  # half the cost of asyncio.timeout
        try:
            transport.write(self._request)
            answer = await self._answer
        except asyncio.CancelledError:
            self.close()
            raise
        finally:
            deadline.cancel()
            self._request, self._received, self._answer = b"", b"", None
        if answer[0] & 0x80:
            raise DeviceRefusal(answer[1])
        return answer

    def _give_up(self, timeout_s: float) -> None:
        self._fail(SilenceError(LocalText(f"no answer within {timeout_s:g} s", f"{timeout_s:g} 秒内无应答")))

    def _fail(self, error: WireError) -> None:
        self.close()
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)

    def _drop(self, reason: str) -> NoReturn:
        self.close()
        raise WireError(reason)


def quieten_library() -> None:
    """Keep the library's own logging to what is not told by our status already."""
    logging.getLogger("pymodbus").setLevel(logging.CRITICAL + 1)
