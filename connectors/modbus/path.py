"""How a device is reached: a socket, a socket with TLS, or a serial port; opens it for one asyncio protocol."""

import asyncio
import os
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from pymodbus.transport.serialtransport import create_serial_connection
from serial import PARITY_EVEN, PARITY_NONE, PARITY_ODD

from app.model.text import LocalText
from connectors.modbus.errors import WireError
from connectors.modbus.frames import Framing, Mbap, Rtu
from connectors.modbus.tls import TlsSettings, tls_refusal
from connectors.reasons import unreachable

REFUSED: Final = LocalText(
    "connection refused or not answered; nothing listens there: see that the device is on and its Modbus server "
    "enabled, and host and port in plant.toml",
    "连接被拒绝或无应答；该地址没有设备监听：请检查设备已通电、其 Modbus 服务已启用，以及 plant.toml 中的主机和端口",
)
try:
    from termios import error as PortError  # noqa: N812 - it is a class
except ImportError:  # not on Windows
    PortError = OSError  # type: ignore[assignment,misc]

PARITIES: Final = {"none": PARITY_NONE, "even": PARITY_EVEN, "odd": PARITY_ODD}
BITS_PER_CHARACTER: Final = 11
"""Start, eight of data, parity and stop, or two stop."""

Factory: TypeAlias = Callable[[], asyncio.Protocol]


@dataclass(frozen=True, slots=True)
class TcpPath:
    """A socket.

    Attributes:
        rtu: the other side passes frames of a serial line on, with their CRC and without a transaction number.
        tls: what is needed for encryption, or None where the socket is plain.
        server_name: what the certificate must be for, where that is not the host.

    """

    host: str
    port: int
    rtu: bool = False
    tls: TlsSettings | None = None
    server_name: str = ""

    quiet_s = 0.0
    """Pause that the medium needs between two frames (s)."""

    @property
    def is_encrypted(self) -> bool:
        """Whether TLS is spoken."""
        return self.tls is not None

    @property
    def late_answers(self) -> bool:
        """Whether a late answer may still come after the path was opened anew: a converter passes it on."""
        return self.rtu

    def framing(self) -> Framing:
        """Return how frames look here."""
        return Rtu() if self.rtu else Mbap()

    async def open(self, factory: Factory) -> asyncio.WriteTransport:
        """Connect.

        Raises:
            WireError: refused, unreachable, its certificate is not trusted, or ours cannot be used.

        """
        name = (self.server_name or self.host) if self.tls is not None else None
        try:
            context = None if self.tls is None else await asyncio.to_thread(self.tls.context)
            transport, _ = await asyncio.get_running_loop().create_connection(
                factory, self.host, self.port, ssl=context, server_hostname=name
            )
        except ssl.SSLError as error:
            raise WireError(tls_refusal(error)) from None
        except OSError as error:
            raise WireError(unreachable(error) or REFUSED) from None
        return transport


@dataclass(frozen=True, slots=True)
class SerialPath:
    """A serial port, eight data bits as RTU wants them."""

    device: str
    baud: int = 19200
    parity: str = "even"
    stop_bits: int = 1

    is_encrypted = False
    """Whether TLS is spoken."""

    late_answers = True
    """Whether a late answer may still come after the path was opened anew: the line is the same."""

    @property
    def quiet_s(self) -> float:
        """Three and a half characters of silence, 1.75 ms above 19200 baud (Modbus over Serial Line, 2.5.1.1)."""
        return max(0.00175, 3.5 * BITS_PER_CHARACTER / self.baud)

    def framing(self) -> Framing:
        """Return how frames look here."""
        return Rtu()

    async def open(self, factory: Factory) -> asyncio.WriteTransport:
        """Open the port for this process alone, and forget what it received before.

        Raises:
            WireError: there is no such port, it is in use, or may not be opened.

        """
        try:
            transport, _ = await create_serial_connection(
                asyncio.get_running_loop(), factory, self.device, baudrate=self.baud, bytesize=8,
                parity=PARITIES[self.parity], stopbits=self.stop_bits, timeout=0,
            )  # fmt: skip
        except (OSError, ValueError, PortError) as error:
            why = _words(error)
            raise WireError(
                LocalText(
                    f"serial port {self.device} cannot be opened: {why}; see that its adapter is plugged in, that this "
                    "account may use it, and no other program does",
                    f"无法打开串口 {self.device}：{why}；请检查适配器已插好、本账户有权使用，且未被其他程序占用",
                )
            ) from None
        await asyncio.sleep(0)  # the library begins to listen in the loop's next turn; it must not be closed before
        return transport


Path: TypeAlias = TcpPath | SerialPath


def _words(error: Exception) -> str:
    """Return the system's own words, without the library's around them."""
    number = error.errno if isinstance(error, OSError) else error.args[0] if isinstance(error, PortError) else None
    return os.strerror(number) if number else str(error)
