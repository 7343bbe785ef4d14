"""Alarm vocabulary after ISA-18.2 / IEC 62682."""

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Final

from app.model.text import LocalText

SHELVING_S: Final = 28_800.0
"""Longest shelving where the project says nothing else: one shift."""
CRITICAL_SHELVING_S: Final = 900.0
"""The same for priority 1."""


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
    DEVIATION = "DEV"
    RATE_OF_CHANGE = "ROC"
    DISCREPANCY = "DISCREP"
    FROZEN = "FROZEN"
    BAD_QUALITY = "BAD"
    CONNECTION = "COMM"
    CONDITION = "COND"
    """A device judges it (app.model.external_alarm); never configured in a project."""


class AnnunciationState(StrEnum):
    """ISA-18.2 states A to D, and the latched ones, E and F here; suppression stands beside them as a set."""

    NORMAL = "NORM"
    UNACKNOWLEDGED = "UNACK"
    ACKNOWLEDGED = "ACKED"
    RETURNED = "RTNUN"
    LATCHED_UNACKNOWLEDGED = "LUNACK"
    LATCHED_ACKNOWLEDGED = "LACKED"


class Suppression(StrEnum):
    """Members of the suppression set; an alarm is suppressed when its set is not empty.

    Where several hold, it is shown as the first of them in the order of this class.
    """

    OUT_OF_SERVICE = "OOSRV"
    DESIGN = "DSUPR"
    COMMUNICATION = "COMM"
    """Its connection is lost: that is one alarm, the connection's."""
    SHELVED = "SHLVD"


class AlarmEventKind(StrEnum):
    """What a journal row of an alarm records."""

    ALARM = "ALM"
    RETURN = "RTN"
    ACKNOWLEDGE = "ACK"
    CONFIRM = "CONFIRM"
    COMMENT = "COMMENT"
    CHANGE = "CHANGE"
    REALARM = "REALARM"
    ESCALATE = "ESC"
    RESET = "RESET"
    SHELVE = "SHELVE"
    UNSHELVE = "UNSHELVE"
    OUT_OF_SERVICE = "OOS"
    IN_SERVICE = "INSRV"

    @property
    def begins_occurrence(self) -> bool:
        """Whether an alarm comes by it, or comes anew."""
        return self in {AlarmEventKind.ALARM, AlarmEventKind.REALARM}

    SUPPRESS = "SUPPRESS"
    UNSUPPRESS = "UNSUPPRESS"


@dataclass(frozen=True, slots=True)
class AlarmGuidance:
    """What rationalisation found.

    Attributes:
        respond_s: time to respond (s). confirmation: how to see whether the alarm is true.
        basis: why the limit is where it is. rationalised: when and by whom; change: of which order (MOC) it is.

    """

    cause: LocalText = field(default_factory=LocalText)
    consequence: LocalText = field(default_factory=LocalText)
    action: LocalText = field(default_factory=LocalText)
    respond_s: int | None = None
    confirmation: LocalText = field(default_factory=LocalText)
    basis: LocalText = field(default_factory=LocalText)
    rationalised: str = ""
    change: str = ""


@dataclass(frozen=True, slots=True)
class AlarmDefinition:
    """One configured alarm.

    Attributes:
        id: ``<tag>.<kind>`` (``<connection>.COMM`` for a connection); unique.
        tag: tag watched; empty for a connection alarm.
        areas: of a connection alarm, every area that has tags on the connection; empty for others, which have ``area``.
        limit: in engineering units: the bound of HH/H/L/LL, the most of DEV and ROC; of DISCRETE the abnormal value.
        limit_tag: the limit is the present value of this tag while that is good; empty: ``limit``.
        reference: of DEV the tag deviated from, of DISCREP the tag of the command (the feedback is ``tag``).
        expected: of DISCREP the states of the feedback that a value of the command asks for; empty: the same value.
        rate_s: of ROC the time (s) over which the change counts. frozen_s: of FROZEN, for how long (s) it stands still.
        states: abnormal values of a discrete alarm.
        deadband: engineering units; on_delay_s, off_delay_s: seconds.
        count, count_s: it is an alarm once the condition became true ``count`` times within ``count_s`` seconds.
        latched: after its return it stays until an operator resets it.
        realarm_s: an acknowledged one that is still active annunciates anew after this time; 0: never.
        escalate_s: one that nobody acknowledged for this time is escalated; 0: never.
        shelve_max_s: longest shelving; None: by priority (``longest_shelving_s``); 0: it cannot be shelved.
        first_out: name of its first-out group; empty: none.
        alarm_class: safety, environmental, water-quality, equipment, process or security; empty: none.
        display: display to call up; empty: that of its equipment or area.
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
    limit_tag: str = ""
    reference: str = ""
    expected: tuple[tuple[int, tuple[int, ...]], ...] = ()
    rate_s: float = 60.0
    frozen_s: float = 0.0
    count: int = 1
    count_s: float = 0.0
    latched: bool = False
    realarm_s: float = 0.0
    escalate_s: float = 0.0
    shelve_max_s: float | None = None
    first_out: str = ""
    alarm_class: str = ""
    display: str = ""

    @property
    def longest_shelving_s(self) -> float:
        """How long it can be shelved at most; 0: not at all."""
        if self.shelve_max_s is not None:
            return self.shelve_max_s
        return CRITICAL_SHELVING_S if self.priority is Priority.CRITICAL else SHELVING_S

    def concerns(self, area: str) -> bool:
        """Tell whether an area's views show it."""
        return area == self.area or area in self.areas
