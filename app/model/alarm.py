"""Alarm vocabulary after ISA-18.2 / IEC 62682."""

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from app.model.sample import Value
from app.model.text import LocalText


class Priority(IntEnum):
    """Alarm priority; 1 is the most urgent."""

    CRITICAL = 1
    HIGH = 2
    MEDIUM = 3
    LOW = 4


class AlarmKind(StrEnum):
    """What the condition looks at."""

    HIGH_HIGH = "HH"
    HIGH = "H"
    LOW = "L"
    LOW_LOW = "LL"
    DISCRETE = "DISCRETE"
    BAD_QUALITY = "BAD"
    CONNECTION = "COMM"
    CONDITION = "COND"
    """A device judges it (app.model.external_alarm); never configured in a project."""


class AnnunciationState(StrEnum):
    """ISA-18.2 states A to D (latched and suppressed states come beside them)."""

    NORMAL = "NORM"
    UNACKNOWLEDGED = "UNACK"
    ACKNOWLEDGED = "ACKED"
    RETURNED = "RTNUN"


class Suppression(StrEnum):
    """Members of the suppression set; an alarm is suppressed when its set is not empty."""

    SHELVED = "SHLVD"
    DESIGN = "DSUPR"
    OUT_OF_SERVICE = "OOSRV"


class AlarmEventKind(StrEnum):
    """What a journal row of an alarm records."""

    ALARM = "ALM"
    RETURN = "RTN"
    ACKNOWLEDGE = "ACK"
    CONFIRM = "CONFIRM"
    COMMENT = "COMMENT"
    CHANGE = "CHANGE"
    SUPPRESS = "SUPPRESS"
    UNSUPPRESS = "UNSUPPRESS"


@dataclass(frozen=True, slots=True)
class AlarmGuidance:
    """What rationalisation found: cause, consequence, action, and the time to respond (s)."""

    cause: LocalText = field(default_factory=LocalText)
    consequence: LocalText = field(default_factory=LocalText)
    action: LocalText = field(default_factory=LocalText)
    respond_s: int | None = None


@dataclass(frozen=True, slots=True)
class AlarmDefinition:
    """One configured alarm.

    Attributes:
        id: ``<tag>.<kind>`` (``<connection>.COMM`` for a connection); unique.
        tag: tag watched; empty for a connection alarm.
        areas: of a connection alarm, every area that has tags on the connection; empty for others, which have ``area``.
        limit: for HH/H/L/LL in engineering units; for DISCRETE the value that is abnormal (see ``states``).
        states: abnormal values of a discrete alarm.
        deadband: engineering units; on_delay_s, off_delay_s: seconds.
        suppress_when: expression (app.model.expressions); true suppresses by design. Empty: never.

    """

    id: str
    tag: str
    kind: AlarmKind
    priority: Priority
    text: LocalText
    area: str = ""
    equipment: str = ""
    connection: str = ""
    limit: float | None = None
    states: tuple[int, ...] = ()
    deadband: float = 0.0
    on_delay_s: float = 0.0
    off_delay_s: float = 0.0
    ack_required: bool = True
    suppress_when: str = ""
    guidance: AlarmGuidance = field(default_factory=AlarmGuidance)
    areas: tuple[str, ...] = ()

    def concerns(self, area: str) -> bool:
        """Tell whether an area's views show it."""
        return area == self.area or area in self.areas


@dataclass(frozen=True, slots=True)
class ExternalState:
    """What is known beyond a snapshot of an alarm that a device judges (app.model.external_alarm).

    Attributes:
        definition: as the device says it; the project has none. ``connection`` names the device's connection.
        known: False where the device cannot be heard, or lost events: the state is as last told.
        trunk: of an earlier occurrence: id of the alarm that has the present state of the condition; else empty.
        to_confirm: whether an operator has to confirm that something was done about it.
        can_shelve: whether the device may be asked to keep it silent for a while.
        severity: the device's, 1 to 1000. unshelve_ms: time to the end of the shelving when it was told.

    """

    definition: AlarmDefinition
    known: bool = True
    trunk: str = ""
    to_confirm: bool = False
    can_shelve: bool = False
    severity: int = 1
    unshelve_ms: float | None = None


@dataclass(frozen=True, slots=True)
class AlarmSnapshot:
    """State of one alarm as shown in lists; also what is persisted over a restart.

    Attributes:
        event_id: identity of the current occurrence (new at each activation); acknowledging needs it.
        active: whether the condition holds (after deadband and delays).
        time_in_ns: when this occurrence began (source time); time_out_ns: when it returned; time_ack_ns.
        value, status: sample at the moment of activation.
        external: of an alarm that a device judges; None for those of the project, which are judged here.

    """

    id: str
    event_id: str
    state: AnnunciationState
    active: bool
    time_in_ns: int
    time_out_ns: int | None = None
    time_ack_ns: int | None = None
    value: Value = None
    status: int = 0
    acknowledged_by: str = ""
    comment: str = ""
    suppression: frozenset[Suppression] = frozenset()
    count: int = 1
    external: ExternalState | None = None

    @property
    def unacknowledged(self) -> bool:
        """Whether an operator still has to acknowledge it."""
        return self.state in {AnnunciationState.UNACKNOWLEDGED, AnnunciationState.RETURNED}


@dataclass(frozen=True, slots=True)
class AlarmTransition:
    """One transition: what happened, and the snapshot after it.

    Attributes:
        journalled: False where it changes nothing that an operator is shown; its state is persisted all the same.

    """

    definition: AlarmDefinition
    kind: AlarmEventKind
    before: AnnunciationState
    snapshot: AlarmSnapshot
    source_ns: int
    receive_ns: int
    value: Value = None
    status: int = 0
    user: str = ""
    desk: str = ""
    comment: str = ""
    journalled: bool = True
