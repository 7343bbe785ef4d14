"""Every message of the link: requests with their results, and events. One table, used by both ends."""

from dataclasses import dataclass, field
from typing import Final, Generic, TypeAlias, TypeVar, get_args

from app.link.codec import CodecError, Json, decode, encode
from app.model.alarm_action import AlarmAction
from app.model.alarm_kpi import AlarmKpiReport, AlarmKpiRequest
from app.model.alarm_state import AlarmSnapshot
from app.model.annotation import Annotation, AnnotationPage, AnnotationQuery
from app.model.browsing import BrowseResult
from app.model.command import CommandResult, Selection
from app.model.connection import ConnectionStatus
from app.model.engine import EngineStatus
from app.model.flood import FloodState
from app.model.history import HistoryCount, HistoryCursor, HistoryEnvelope, HistoryPage
from app.model.journal import JournalCount, JournalPage, JournalQuery
from app.model.sample import Sample, Value
from app.model.substitution import ActiveSubstitution, Substitution
from app.model.text import LocalText
from app.model.user import Session

MAX_MESSAGE_BYTES: Final = 8 * 2**20
ALARMS_LIMIT: Final = 2000
"""Alarms of one answer at most: some 2 MiB."""
MAX_REQUEST_BYTES: Final = 256 * 2**10
HISTORY_LIMIT: Final = 5_000
"""Most samples that one page of history has."""

Q = TypeVar("Q")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Nothing:
    """A request without parameters, or a result without content."""


@dataclass(frozen=True, slots=True)
class LoginRequest:
    """Log in at a desk. The password never appears in a log or a ``repr``."""

    user: str
    password: str
    desk: str

    def __repr__(self) -> str:
        return f"LoginRequest(user={self.user!r}, desk={self.desk!r})"


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """Current samples of tags by name."""

    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProbeRequest:
    """Look at an address of a connection's device."""

    connection: str
    address: str


@dataclass(frozen=True, slots=True)
class BrowseRequest:
    """Look at what stands below a node of a connection's server; an empty address: its objects."""

    connection: str
    address: str
    depth: int


@dataclass(frozen=True, slots=True)
class ProbeAnswer:
    """Registers, or bits as 0 and 1, as they came over the wire."""

    registers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SelectRequest:
    """Select a command; ``value`` is None for an action."""

    command: str
    value: Value = None


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """Operate or cancel a selection.

    Attributes:
        issued_ns: when the operator pressed (ns since the epoch, UTC); the engine drops old requests.

    """

    token: str
    issued_ns: int = 0


@dataclass(frozen=True, slots=True)
class AcknowledgeRequest:
    """Acknowledge occurrences: pairs of alarm id and event id, so that none is acknowledged unseen."""

    alarms: tuple[tuple[str, str], ...]
    comment: str = ""


@dataclass(frozen=True, slots=True)
class AcknowledgeRefusal:
    """An alarm that was not acknowledged, and why."""

    alarm: str
    reason: LocalText


@dataclass(frozen=True, slots=True)
class AcknowledgeReport:
    """What an acknowledge did: snapshots of the alarms acknowledged, and those refused."""

    accepted: tuple[AlarmSnapshot, ...] = ()
    refused: tuple[AcknowledgeRefusal, ...] = ()


@dataclass(frozen=True, slots=True)
class AlarmsRequest:
    """Ask for alarms that are not normal, in the order of their ids: ``limit`` of those ``after`` an id."""

    after: str = ""
    limit: int = ALARMS_LIMIT


@dataclass(frozen=True, slots=True)
class AlarmActionRequest:
    """Ask for something about alarms: pairs of alarm id and event id, as they were seen.

    The event id may be empty where no occurrence is meant: a normal alarm can be shelved and removed from service.

    Attributes:
        comment: the reason, where the action needs one.
        duration_s: of SHELVE.
        permit: number of the work permit, of REMOVE_FROM_SERVICE.
        approver, approver_password: the second person, for REMOVE_FROM_SERVICE of priority 1; never logged.

    """

    action: AlarmAction
    alarms: tuple[tuple[str, str], ...]
    comment: str = ""
    duration_s: float = 0.0
    permit: str = ""
    approver: str = ""
    approver_password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class RawRequest:
    """Stored samples of a tag from ``from_ns`` to ``to_ns`` (ns since the epoch, UTC; excluded), page by page.

    Attributes:
        after: ``next`` of the page before, None for the first one.
        newest_first: newest first, as a screen wants it; False: oldest first, as a file wants it.
        confirmed: send the rows of a window that has more than UNASKED_ROWS of them, instead of an envelope.

    """

    tag: str
    from_ns: int
    to_ns: int
    limit: int = HISTORY_LIMIT
    after: HistoryCursor | None = None
    newest_first: bool = True
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class HistoryRequest:
    """A window of a tag's history in columns; ns since the epoch, UTC, ``to_ns`` excluded.

    ``weighted``: with area and good time of each column, for time-weighted means.
    """

    tag: str
    from_ns: int
    to_ns: int
    columns: int = 2000
    weighted: bool = False


@dataclass(frozen=True, slots=True)
class AnnotateRequest:
    """Keep a note about a time (ns since the epoch, UTC), and about a tag unless that is empty."""

    at_ns: int
    text: str
    tag: str = ""


@dataclass(frozen=True, slots=True)
class AnnotationRemoval:
    """Remove the note of this id."""

    id: int


@dataclass(frozen=True, slots=True)
class SubstituteRequest:
    """Let a value stand for what the device says of a tag, for ``duration_s`` seconds (at most 24 h)."""

    tag: str
    value: Value
    reason: str
    duration_s: float


@dataclass(frozen=True, slots=True)
class SubstitutionRemoval:
    """End the substitution of a tag before its time."""

    tag: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReloadRequest:
    """Take the project folder as it is now; ``user``: who asks, where there is no session (``os:name``)."""

    user: str
    desk: str


@dataclass(frozen=True, slots=True)
class ReloadReport:
    """What was changed, a line each (none: nothing), and the connections that were ended, made, or made anew."""

    changes: tuple[str, ...]
    connections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HistoryCountRequest:
    """How many stored samples of a tag lie from ``from_ns`` to ``to_ns`` (ns since the epoch, UTC; excluded)."""

    tag: str
    from_ns: int
    to_ns: int


@dataclass(frozen=True, slots=True)
class Method(Generic[Q, R]):
    """A method of the link: name, type of its parameters and of its result.

    Attributes:
        only_reads: it changes nothing, and may be given up half way.

    """

    name: str
    request: type[Q]
    result: type[R]
    only_reads: bool = False


LOGIN: Final = Method("login", LoginRequest, Session)
LOGOUT: Final = Method("logout", Nothing, Nothing)
PROBE: Final = Method("probe", ProbeRequest, ProbeAnswer)
BROWSE: Final = Method("browse", BrowseRequest, BrowseResult, only_reads=True)
READ: Final = Method("read", ReadRequest, dict[str, Sample])
SELECT: Final = Method("select", SelectRequest, Selection)
OPERATE: Final = Method("operate", TokenRequest, CommandResult)
CANCEL: Final = Method("cancel", TokenRequest, Nothing)
ALARMS: Final = Method("alarms", AlarmsRequest, tuple[AlarmSnapshot, ...])
ALL_ALARMS: Final = Method("all_alarms", Nothing, Nothing)
"""Tells the same as AlarmsChanged before it answers: there may be more than a message has room for."""
ACKNOWLEDGE: Final = Method("acknowledge", AcknowledgeRequest, AcknowledgeReport)
ALARM_ACTION: Final = Method("alarm_action", AlarmActionRequest, AcknowledgeReport)
ALARM_FLOOD: Final = Method("alarm_flood", Nothing, FloodState)
ALARM_KPI: Final = Method("alarm_kpi", AlarmKpiRequest, AlarmKpiReport, only_reads=True)
JOURNAL: Final = Method("journal", JournalQuery, JournalPage, only_reads=True)
JOURNAL_COUNT: Final = Method("journal_count", JournalQuery, JournalCount, only_reads=True)
STATUS: Final = Method("status", Nothing, EngineStatus)
HISTORY: Final = Method("history", HistoryRequest, HistoryEnvelope, only_reads=True)
HISTORY_COUNT: Final = Method("history_count", HistoryCountRequest, HistoryCount, only_reads=True)
RAW: Final = Method("raw", RawRequest, HistoryPage, only_reads=True)
ANNOTATIONS: Final = Method("annotations", AnnotationQuery, AnnotationPage, only_reads=True)
ANNOTATE: Final = Method("annotate", AnnotateRequest, Annotation)
RELOAD: Final = Method("reload", ReloadRequest, ReloadReport)
REMOVE_ANNOTATION: Final = Method("remove_annotation", AnnotationRemoval, Nothing)
SUBSTITUTIONS: Final = Method("substitutions", Nothing, tuple[ActiveSubstitution, ...])
SUBSTITUTE: Final = Method("substitute", SubstituteRequest, Substitution)
CLEAR_SUBSTITUTION: Final = Method("clear_substitution", SubstitutionRemoval, Substitution)
DEVICE: Final = Method("device", ReadRequest, dict[str, Sample])


@dataclass(frozen=True, slots=True)
class AlarmChanged:
    """An alarm made a transition (already in the journal when this arrives)."""

    snapshot: AlarmSnapshot


@dataclass(frozen=True, slots=True)
class AlarmsChanged:
    """Alarms made transitions together, in this order (already in the journal when this arrives)."""

    snapshots: tuple[AlarmSnapshot, ...]


@dataclass(frozen=True, slots=True)
class ConnectionChanged:
    """A connection to a device changed its state."""

    status: ConnectionStatus


@dataclass(frozen=True, slots=True)
class CommandFinished:
    """A command ended, at whichever desk it was given."""

    result: CommandResult


@dataclass(frozen=True, slots=True)
class SessionEnded:
    """The engine ended a session of this client, which did not ask for it: ``session`` is its id."""

    session: str
    reason: LocalText


@dataclass(frozen=True, slots=True)
class AnnotationChanged:
    """A note was added or removed (already in the journal when this arrives)."""

    note: Annotation
    removed: bool = False


@dataclass(frozen=True, slots=True)
class SubstitutionChanged:
    """A tag was substituted, or that ended (already in the journal when this arrives, or on its way there)."""

    substitution: Substitution
    ended: bool = False


@dataclass(frozen=True, slots=True)
class ProjectChanged:
    """The engine runs another configuration of the project: so many changes. A console shows it once it opens anew."""

    changes: int


@dataclass(frozen=True, slots=True)
class FloodChanged:
    """A flood of alarms began or ended (already in the journal when this arrives, or on its way there)."""

    state: FloodState


LinkEvent: TypeAlias = (
    AlarmChanged
    | AlarmsChanged
    | ConnectionChanged
    | CommandFinished
    | AnnotationChanged
    | SubstitutionChanged
    | SessionEnded
    | ProjectChanged
    | FloodChanged
)

_EVENTS: Final[dict[str, type[LinkEvent]]] = {kind.__name__: kind for kind in get_args(LinkEvent)}


def encode_event(event: LinkEvent) -> Json:
    """Return the parameters of an ``event`` notification."""
    return {"type": type(event).__name__, "data": encode(event)}


def decode_event(data: Json) -> LinkEvent:
    """Return the event of a notification's parameters; raises CodecError for an unknown one."""
    kind = _EVENTS.get(str(data.get("type"))) if isinstance(data, dict) else None
    if kind is None or not isinstance(data, dict):
        raise CodecError("the event is unknown")
    return decode(kind, data.get("data"))
