"""Connections to devices, and the interface that a connector implements."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Protocol, runtime_checkable

from app.model.clock import Clock
from app.model.sample import Sample, SampleSink, Value
from app.model.tag import Tag
from app.model.text import LocalText

SIMULATED: Final = "simulated"
"""Driver of connections whose device is not asked."""


class Protocol_(StrEnum):  # noqa: N801 - typing.Protocol has the plain name
    """Protocols that have a connector."""

    OPCUA = "opcua"
    MODBUS_TCP = "modbus-tcp"
    MODBUS_RTU_TCP = "modbus-rtu-tcp"
    """Frames of a serial line through a converter that passes them on as they are."""
    MODBUS_RTU = "modbus-rtu"
    MODBUS_TLS = "modbus-tls"

    @property
    def is_modbus(self) -> bool:
        """Whether addresses are those of Modbus."""
        return self is not Protocol_.OPCUA


@dataclass(frozen=True, slots=True)
class Connection:
    """One [[connection]] of plant.toml.

    Attributes:
        id: short name that tags refer to.
        endpoint: ``opc.tcp://host:port/path``, ``host:port``, or a serial port such as ``/dev/ttyUSB0`` or ``COM3``.
        options: protocol-specific settings, already validated (publishing_ms, timeout_s, max_registers,
            max_gap, reconnect_max_s, security, …).
        simulate: its values are made up, and its device is never asked.

    """

    id: str
    protocol: Protocol_
    endpoint: str
    title: LocalText = field(default_factory=LocalText)
    options: Mapping[str, str | int | float | bool] = field(default_factory=dict)
    simulate: bool = False

    @property
    def driver(self) -> str:
        """Name of the connector that serves it: its protocol's, or that of simulated ones."""
        return SIMULATED if self.simulate else self.protocol.value


class ConnectionState(StrEnum):
    """State of a connection; a value on screen is only as good as this."""

    STOPPED = "stopped"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    DEGRADED = "degraded"
    """Connected, but some tags fail or data does not move."""
    LOST = "lost"
    SIMULATED = "simulated"
    """Values are made up: nothing here is of the plant, though commands are answered."""

    @property
    def is_up(self) -> bool:
        """Whether there are values, and commands can be sent."""
        return self in {ConnectionState.CONNECTED, ConnectionState.DEGRADED, ConnectionState.SIMULATED}


@dataclass(frozen=True, slots=True)
class ScanStatus:
    """What one scan class of a polled connection achieves.

    Attributes:
        target_ms, achieved_ms: wanted period, and the mean of those of the last ten rounds; None before the second.
        tags, requests: what is read in one round.

    """

    target_ms: float
    achieved_ms: float | None
    tags: int
    requests: int


@dataclass(frozen=True, slots=True)
class ConnectionStatus:
    """Snapshot of a connection for the system page and ``haihe status``.

    Attributes:
        since_ns: when the state was entered.
        error: last error in words an engineer can act on; empty when there is none. error_zh: the same in Chinese.
        tags, bad_tags: number of tags, and of those whose status is bad now.
        updates: samples received since start; overflows: values that the server or we had to drop.
        missing: how often what the server published did not come, and could not be had any more.
        reconnects: successful connections after the first.
        rate: samples per second (mean of the last ten seconds).
        lag_ms: receive time minus source time of the newest sample; None for protocols without source time.
        round_trip_ms: last request's time.
        period_ms: achieved poll or publishing period; of the fastest of ``scans`` where there are some.
        scans: of polled protocols: what is read with each wanted period, fastest first.
        clock_skew_ms: device's clock minus ours, median of the last probes; None where the protocol does not tell it.
        endpoint: of the server that serves, where there are several; else empty.
        notices: what is worth knowing though nothing fails, such as a range that is another at the server.

    """

    id: str
    state: ConnectionState
    since_ns: int
    error: str = ""
    tags: int = 0
    bad_tags: int = 0
    updates: int = 0
    overflows: int = 0
    reconnects: int = 0
    rate: float = 0.0
    lag_ms: float | None = None
    round_trip_ms: float | None = None
    period_ms: float | None = None
    error_zh: str = ""
    scans: tuple[ScanStatus, ...] = ()
    notices: tuple[LocalText, ...] = ()
    clock_skew_ms: float | None = None
    endpoint: str = ""
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Promise:
    """What a connector waits for now, and by when (s, monotonic time of its clock) it will have gone on."""

    due: float
    awaited: LocalText


@dataclass(frozen=True, slots=True)
class WriteResult:
    """Outcome of a write.

    Attributes:
        status: the device's own StatusCode for this node or request.
        known: False where the outcome cannot be known (time-out, connection lost while in flight): it may or
            may not have been carried out; it is never sent again by itself.
        message: reason in words when it is not good.

    """

    status: int
    known: bool = True
    message: str = ""


@dataclass(frozen=True, slots=True)
class Binding:
    """A tag and the store slot that its samples go to.

    Attributes:
        known: what was known of it when its connector was started again; None for the first one of a run.

    """

    slot: int
    tag: Tag
    known: Sample | None = None


class Connector(Protocol):
    """What the engine asks of a protocol. One instance serves one connection, in the engine's event loop.

    ``run`` connects, delivers samples to the sink, and recovers from every fault by itself until it is
    cancelled; on cancellation it closes its session cleanly. On loss of the connection it delivers, for every
    tag, the last value with BadNoCommunication. It raises only on defects.
    """

    async def run(self) -> None:
        """Serve the connection until cancelled."""

    async def write(self, tag: Tag, value: Value, timeout_s: float) -> WriteResult:
        """Write one value (engineering units) once, never again by itself; fails at once while not connected."""

    def status(self) -> ConnectionStatus:
        """Return a snapshot; cheap, called about once a second."""

    def promise(self) -> Promise | None:
        """Return the promise of the wait that it is in; None before the first. Once it is broken, ``run`` is ended."""


@runtime_checkable
class Prober(Protocol):
    """What a connector offers whose devices can be looked at by address."""

    async def probe(self, address: str) -> tuple[int, ...]:
        """Read what lies at an address now, as it came over the wire; never writes.

        Raises:
            EnvironmentProblem: not connected, not an address, refused, or not answered.

        """


ConnectorFactory = Callable[
    [Connection, Sequence[Binding], SampleSink, Callable[[ConnectionStatus], None], Clock], Connector
]
"""Makes a connector: connection, its tags, where samples go, who is told of state changes, clock."""
