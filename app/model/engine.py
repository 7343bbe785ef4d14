"""What the engine tells about itself."""

from dataclasses import dataclass

from app.model.connection import ConnectionStatus
from app.model.text import LocalText


@dataclass(frozen=True, slots=True)
class EngineEndpoint:
    """Where a running engine listens; kept in the state folder, readable by its owner only.

    Attributes:
        secret: shared secret of this run; a client on the same account proves itself with it.
        store: path of the trend store in shared memory.
        process: tells the engine's process from a later one with its pid; empty where the system does not tell.

    """

    pid: int
    url: str
    secret: str
    store: str
    project_id: str
    project_folder: str
    started_ns: int
    version: str
    process: str = ""


@dataclass(frozen=True, slots=True)
class Shortfall:
    """What did not get through as it should at one place, counted since the engine's start; 0 where all is well.

    Attributes:
        place: stable name of the place and what happened there, as ``history.dropped``.
        connection: id of the connection where it is about one.
        what, remedy: what is counted, and what an engineer can do about it.

    """

    place: str
    count: int
    what: LocalText
    remedy: LocalText
    connection: str = ""


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """Snapshot for the system page and ``haihe status``.

    Attributes:
        samples: appended since start; late: older than the newest of their tag, not stored in the ring.
        sample_rate: samples per second over the last ten seconds.
        journal_pending, history_pending: items not yet in the database, spool_bytes: of these on disk.
        rows_dropped: lost since start: the spool was full; rows_refused: set aside: the database refused them.
        database_error, database_error_zh: empty while the database works.
        substitutions: tags that are substituted now; frozen: tags that stand still though they should not.
        shortfalls: of every place on the way from device to database and console where something may be dropped,
            refused or late.
        loop_lag_ms: how late the engine's event loop woke, worst of the last ten seconds.

    """

    pid: int
    version: str
    project_id: str
    started_ns: int
    now_ns: int
    tags: int
    samples: int
    late: int
    sample_rate: float
    store_path: str
    store_bytes: int
    database: str
    database_error: str
    journal_pending: int
    clients: int
    active_alarms: int
    unacknowledged_alarms: int
    loop_lag_ms: float
    errors: tuple[str, ...]
    connections: tuple[ConnectionStatus, ...]
    database_error_zh: str = ""
    history_pending: int = 0
    spool_bytes: int = 0
    rows_dropped: int = 0
    rows_refused: int = 0
    substitutions: int = 0
    frozen: int = 0
    shortfalls: tuple[Shortfall, ...] = ()

    @property
    def history_waiting(self) -> int:
        """Samples of all tags that the database does not take now; 0 while it does, though some are on their way."""
        return self.history_pending if self.spool_bytes or self.database_error else 0
