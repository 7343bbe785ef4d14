"""One TCP socket to a Modbus device: one request in flight, each sent exactly once.

A client object serves one socket and is never reconnected. After any answer that does not fit (silence, a foreign
transaction, unit or function, a wrong length, an echo of something else) the socket is dropped, so that a late answer
can never be taken for that of the next request.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, NoReturn

from pymodbus.client import AsyncModbusTcpClient
from pymodbus.exceptions import ModbusException

from app.model import status as st
from app.model.text import LocalText
from connectors.modbus.frames import mismatch
from connectors.modbus.plan import BIT_TABLES, Span
from connectors.reasons import CLOSED, Reasoned

_NO_LIMIT_S: Final = 3600.0
"""The library's own time-out is out of the way; deadlines are ours."""

EXCEPTION_TEXTS: Final = {
    1: "illegal function",
    2: "illegal data address",
    3: "illegal data value",
    4: "device failure",
    5: "acknowledge, still working",
    6: "device busy",
    8: "memory parity error",
    10: "gateway path unavailable",
    11: "gateway target failed to respond",
}
EXCEPTION_TEXTS_ZH: Final = {
    1: "非法功能码",
    2: "非法数据地址",
    3: "非法数据值",
    4: "设备故障",
    5: "已接收，仍在处理",
    6: "设备忙",
    8: "存储器奇偶校验错误",
    10: "网关路径不可用",
    11: "网关目标设备无响应",
}
EXCEPTION_STATUS: Final = {
    1: st.BAD_NOT_SUPPORTED,
    2: st.BAD_NODE_ID_UNKNOWN,
    3: st.BAD_OUT_OF_RANGE,
    4: st.BAD_DEVICE_FAILURE,
    5: st.BAD_DEVICE_FAILURE,
    6: st.BAD_DEVICE_FAILURE,
    8: st.BAD_DEVICE_FAILURE,
    10: st.BAD_NO_COMMUNICATION,
    11: st.BAD_COMMUNICATION_ERROR,
}


_UNDECIDED: Final = frozenset({5, 11})

REFUSED: Final = LocalText(
    "connection refused or not answered; nothing listens there", "连接被拒绝或无应答；该地址没有设备监听"
)


class WireError(Reasoned):
    """The socket cannot be used any more; the request may or may not have been carried out."""


class SilenceError(WireError):
    """No answer within the deadline."""


class DeviceRefusal(Exception):
    """The device answered with an exception.

    Attributes:
        code, status: the exception code, and the StatusCode that stands for it.
        name, name_zh: the exception's name.
        decided: the request was not carried out; False where a gateway cannot tell, or work goes on.

    """

    def __init__(self, code: int) -> None:
        self.name = EXCEPTION_TEXTS.get(code, "unknown")
        self.name_zh = EXCEPTION_TEXTS_ZH.get(code, "未知")
        super().__init__(f"the device answered exception {code} ({self.name})")
        self.code = code
        self.status = EXCEPTION_STATUS.get(code, st.BAD_DEVICE_FAILURE)
        self.decided = code not in _UNDECIDED


class ModbusWire:
    """A connected socket. Not safe for two requests at a time: its owner sends one after the other.

    Attributes:
        dropped_by_us: whether this side closed the socket.

    """

    def __init__(self, host: str, port: int) -> None:
        self.dropped_by_us = False
        self._closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._request = b""
        self._wrong = ""
        self._client = AsyncModbusTcpClient(
            host,
            port=port,
            timeout=_NO_LIMIT_S,
            retries=0,
            reconnect_delay=0,
            trace_connect=self._on_connect,
            trace_packet=self._on_packet,
        )

    async def open(self, timeout_s: float) -> None:
        """Connect.

        Raises:
            WireError: refused, unreachable or too slow.

        """
        try:
            async with asyncio.timeout(timeout_s):
                connected = await self._client.connect()
        except TimeoutError:
            connected = False
        except BaseException:
            self.close()
            raise
        if not connected:
            self.close()
            raise WireError(REFUSED)
        setattr(self._client.ctx, "connect", _never)  # noqa: B010 - else a request finds a lost socket and connects anew

    @property
    def is_open(self) -> bool:
        """Whether the socket is connected."""
        return self._client.connected and not self._closed.done()

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
        client, count = self._client, span.stop - span.start
        read = {
            "co": client.read_coils,
            "di": client.read_discrete_inputs,
            "hr": client.read_holding_registers,
            "ir": client.read_input_registers,
        }[span.table]
        answer = await self._ask(lambda: read(span.start, count=count, device_id=span.unit), timeout_s)
        if span.table in BIT_TABLES:
            if len(answer.bits) != (count + 7) // 8 * 8:
                self._drop(f"asked for {count} bits, got {len(answer.bits)}")
            bits: Sequence[bool] = answer.bits[:count]
            return bits
        if len(answer.registers) != count:
            self._drop(f"asked for {count} registers, got {len(answer.registers)}")
        registers: Sequence[int] = answer.registers
        return registers

    async def write_coil(self, unit: int, offset: int, value: bool, timeout_s: float) -> None:
        """Write one coil (function 05); raises as ``read``."""
        await self._ask(lambda: self._client.write_coil(offset, value, device_id=unit), timeout_s)

    async def write_registers(self, unit: int, offset: int, registers: list[int], timeout_s: float) -> None:
        """Write one register (function 06) or several (16); raises as ``read``."""
        if len(registers) == 1:
            await self._ask(lambda: self._client.write_register(offset, registers[0], device_id=unit), timeout_s)
        else:
            await self._ask(lambda: self._client.write_registers(offset, registers, device_id=unit), timeout_s)

    async def write_bit(self, unit: int, offset: int, bit: int, value: bool, timeout_s: float) -> None:
        """Set or clear one bit of a holding register in the device itself (function 22); raises as ``read``."""
        keep = 0xFFFF & ~(1 << bit)
        await self._ask(
            lambda: self._client.mask_write_register(
                address=offset, and_mask=keep, or_mask=int(value) << bit, device_id=unit
            ),
            timeout_s,
        )

    def close(self) -> None:
        """Close the socket at once."""
        if not self._closed.done():
            self.dropped_by_us = True
            self._closed.set_result(None)
        transport = self._client.ctx.transport
        self._client.close()
        if isinstance(transport, asyncio.WriteTransport):
            transport.abort()

    async def _ask(self, request: Callable[[], Awaitable[Any]], timeout_s: float) -> Any:
        """Send one request and wait for its answer, the loss of the socket, or the deadline."""
        if not self.is_open:
            raise WireError(LocalText("the connection is closed", "连接已关闭"))
        try:
            task = asyncio.ensure_future(request())
        except ModbusException as error:
            self._drop(str(error))
        try:
            await asyncio.wait({task, self._closed}, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
        finally:
            lost = self._closed.done()
            self._request = b""
            if not task.done():
                task.cancel()
                self.close()
                await asyncio.wait({task})
        if self._wrong:
            raise WireError(LocalText(self._wrong, f"应答不符：{self._wrong}"))
        if task.cancelled():
            if lost:
                raise WireError(CLOSED)
            raise SilenceError(LocalText(f"no answer within {timeout_s:g} s", f"{timeout_s:g} 秒内无应答"))
        try:
            answer = task.result()
        except (ModbusException, OSError, ValueError, IndexError) as error:
            self._drop(str(error))
        if answer.isError():
            raise DeviceRefusal(int(answer.exception_code))
        return answer

    def _drop(self, reason: str) -> NoReturn:
        self.close()
        raise WireError(reason)

    def _on_packet(self, sending: bool, packet: bytes) -> bytes:
        """See every frame as it is on the wire; what does not fit drops the socket and is not looked at further."""
        if sending:
            self._request = packet
        elif reason := mismatch(self._request, packet):
            self._wrong = self._wrong or reason
            self.close()
            return b""
        return packet

    def _on_connect(self, connected: bool) -> None:
        if not connected and not self._closed.done():
            self._closed.set_result(None)


async def _never() -> bool:
    return False


def quieten_library() -> None:
    """Keep the library's own logging to what is not told by our status already."""
    logging.getLogger("pymodbus").setLevel(logging.CRITICAL + 1)
