"""What the contract suite drives: a server in a subprocess, and a connector watched by a recorder."""

import asyncio
import contextlib
import json
import signal
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

import connectors.modbus
import connectors.opcua
from app.model.batch import SampleBatch
from app.model.clock import SystemClock
from app.model.columns import one_by_one
from app.model.connection import Binding, Connection, ConnectionState, ConnectionStatus, Connector, Protocol_
from app.model.sample import PastSamples, Sample, Samples
from app.model.tag import DataType, Tag

SERVERS = Path(__file__).parent / "servers"
OTHERS = Path(__file__).parents[1] / "servers_js" / "opcua"
OPC = "nsu=urn:test:contract;s="
NAMES = ("level", "count", "setpoint", "locked", "slow", "nowhere")
MODBUS = {"level": "hr0:int16", "count": "hr1", "setpoint": "hr2:float32", "locked": "hr10", "slow": "hr11",
          "nowhere": "hr20"}  # fmt: skip


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def device_certificate() -> bytes:
    """Return a certificate for 127.0.0.1 that certifies itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "device under test")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return certificate.public_bytes(pem) + private


class Server:
    """A server script in its own process, which can be killed and started again on the same port."""

    def __init__(self, protocol: Protocol_, script: str = "", *, folder: Path = Path()) -> None:
        self.protocol = protocol
        self.script = script or ("opcua_server.py" if protocol is Protocol_.OPCUA else "modbus_server.py")
        self.port = free_port()
        self.tty = folder / "tty"
        self.certificate = folder / "device.pem"
        if protocol is Protocol_.MODBUS_TLS:
            self.certificate.write_bytes(device_certificate())
        self._process: asyncio.subprocess.Process | None = None

    @property
    def program(self) -> tuple[str, ...]:
        """What is run, without port and options."""
        if self.script.endswith(".js"):
            return "node", str(OTHERS / self.script)
        return sys.executable, "-W", "ignore", str(SERVERS / self.script)

    @property
    def endpoint(self) -> str:
        """What a connection names."""
        if self.protocol is Protocol_.MODBUS_RTU:
            return str(self.tty)
        opcua = self.protocol is Protocol_.OPCUA
        return f"opc.tcp://127.0.0.1:{self.port}/contract" if opcua else f"127.0.0.1:{self.port}"

    async def start(self, *options: str) -> None:
        options += {
            Protocol_.MODBUS_RTU_TCP: ("--rtu", "yes"),
            Protocol_.MODBUS_RTU: ("--serial", str(self.tty)),
            Protocol_.MODBUS_TLS: ("--tls", str(self.certificate)),
        }.get(self.protocol, ())
        self._process = await asyncio.create_subprocess_exec(
            *self.program, str(self.port), *options,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        async with asyncio.timeout(30):
            assert await self._pipe(self._process.stdout).readline() == b"READY\n"

    async def kill(self) -> None:
        if self._process is not None:
            process, self._process = self._process, None
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            if process.stdin is not None:
                process.stdin.close()
            await process.wait()

    def freeze(self, frozen: bool) -> None:
        """Let the process hang with its sockets open (half-open), or go on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP if frozen else signal.SIGCONT)

    async def until(self, what: str, answer: Any, **order: Any) -> None:
        """Ask until the server gives this answer."""
        async with asyncio.timeout(20):
            while await self.do(what, **order) != answer:
                pass

    async def do(self, what: str, **order: Any) -> Any:
        process = self._process
        assert process is not None
        assert process.stdin is not None
        process.stdin.write(json.dumps({"do": what, **order}).encode() + b"\n")
        async with asyncio.timeout(20):
            return json.loads(await self._pipe(process.stdout).readline())["answer"]

    @staticmethod
    def _pipe(stream: asyncio.StreamReader | None) -> asyncio.StreamReader:
        assert stream is not None
        return stream


@dataclass
class Recorder:
    """Keeps every sample and status; lets a test wait for a condition without sleeping."""

    tags: Sequence[Tag]
    samples: list[tuple[str, Sample]] = field(default_factory=list)
    states: list[ConnectionStatus] = field(default_factory=list)
    last: dict[str, Sample] = field(default_factory=dict)
    past: list[tuple[str, Sample]] = field(default_factory=list)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def sink(self, samples: Samples) -> None:
        if isinstance(samples, PastSamples):
            self.past.extend((self.tags[slot].name, sample) for slot, sample in samples)
            self._changed.set()
            return
        if isinstance(samples, SampleBatch):
            samples = one_by_one(samples, [tag.data_type for tag in self.tags])
        for slot, sample in samples:
            self.samples.append((self.tags[slot].name, sample))
            self.last[self.tags[slot].name] = sample
        self._changed.set()

    def on_status(self, status: ConnectionStatus) -> None:
        self.states.append(status)
        self._changed.set()

    @property
    def state(self) -> ConnectionState:
        return self.states[-1].state if self.states else ConnectionState.STOPPED

    async def until(self, condition: Callable[[], bool], within_s: float) -> None:
        try:
            async with asyncio.timeout(within_s):
                while not condition():
                    self._changed.clear()
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(0.1):  # figures of status() change without an event
                            await self._changed.wait()
        except TimeoutError:
            raise AssertionError(f"not within {within_s} s; last: {self.last}, {self.states[-1:]}") from None

    async def until_status(self, status: int, *names: str, within_s: float = 5.0) -> None:
        await self.until(lambda: all(n in self.last and self.last[n].status == status for n in names), within_s)


@dataclass
class Rig:
    """A server, a connector that runs against it, and what it delivered."""

    server: Server
    connector: Connector
    recorder: Recorder
    task: "asyncio.Task[None]"

    def tag(self, name: str) -> Tag:
        return next(tag for tag in self.recorder.tags if tag.name == name)

    async def write(self, name: str, value: float, timeout_s: float = 2.0) -> Any:
        return await self.connector.write(self.tag(name), value, timeout_s)

    async def stop(self) -> None:
        self.task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self.task


def make_tags(protocol: Protocol_, names: Sequence[str] = NAMES) -> list[Tag]:
    opcua = protocol is Protocol_.OPCUA
    return [
        Tag(
            name,
            address=OPC + name if opcua else MODBUS[name],
            data_type=DataType.FLOAT if name in {"level", "setpoint"} else DataType.INT,
            scale=0.1 if name == "level" and not opcua else 1.0,
            scan_ms=100,
            writable=True,
        )
        for name in names
    ]


@contextlib.asynccontextmanager
async def rig(
    protocol: Protocol_,
    names: Sequence[str] = NAMES,
    *,
    started: bool = True,
    alter: Callable[[Tag], Tag] = lambda tag: tag,
    script: str = "",
    tags: Sequence[Tag] = (),
    endpoint: str = "",
    **more: float | str,
) -> AsyncIterator[Rig]:
    """Run a connector against a server; ``script``, ``tags`` and ``endpoint`` take the place of the usual ones."""
    folder = tempfile.TemporaryDirectory(prefix="haihe-contract-")
    server = Server(protocol, script, folder=Path(folder.name))
    opcua = protocol is Protocol_.OPCUA
    options: dict[str, str | int | float | bool] = (
        {"publishing_ms": 100, "retry_s": 1} if opcua else {"retry_s": 1, "refresh_s": 1}
    )
    if protocol is Protocol_.MODBUS_TLS:
        options["ca_file"] = str(server.certificate)
    elif protocol is Protocol_.MODBUS_RTU:
        options["parity"] = "none"  # a pseudo-terminal has none
    options.update(more)
    tags = tags or [alter(tag) for tag in make_tags(protocol, names)]
    recorder = Recorder(tags)
    create = connectors.opcua.create if opcua else connectors.modbus.create
    bindings = [Binding(slot, tag) for slot, tag in enumerate(tags)]
    try:
        if started:
            await server.start()
        connector: Connector = create(
            Connection("under-test", protocol, endpoint or server.endpoint, options=options),
            bindings, recorder.sink, recorder.on_status, SystemClock(),
        )  # fmt: skip
        running = Rig(server, connector, recorder, asyncio.create_task(connector.run()))
        try:
            yield running
        finally:
            await running.stop()
    finally:
        await server.kill()
        folder.cleanup()
