"""Alarms that a device judges itself: what it says of them, and what can be asked of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, TypeAlias, runtime_checkable

from app.model.alarm_action import AlarmAction
from app.model.text import LocalText


class Shelving(StrEnum):
    """Whether the device keeps an alarm silent for a while."""

    NONE = ""
    TIMED = "timed"
    ONCE = "once"


@dataclass(frozen=True, slots=True)
class ExternalCondition:
    """State of one condition, or of one of its branches, in the device's words. Times: ns since the epoch, UTC.

    Attributes:
        condition: the device's name of the condition, the same over its restarts.
        branch: the device's name of the branch; empty for the condition's present state.
        event: identity of this state (hex); what is asked of the device must name it.
        kind: the device's type of the condition; name: its name within the source; source: name of what it is about.
        retained: whether it is still of interest; False: it is over.
        since_ns: when it became active, or ceased to be; None where it does not say.
        active, acked, confirmed: None where the condition has no such state.
        unshelve_ms: time until the shelving ends by itself; None where it does not say.
        quality: StatusCode of the condition.
        comment, user: last comment and who made it.

    """

    condition: str
    event: str
    source: str
    message: LocalText
    severity: int
    time_ns: int
    receive_ns: int
    retained: bool
    branch: str = ""
    kind: str = ""
    name: str = ""
    enabled: bool = True
    active: bool | None = None
    since_ns: int | None = None
    acked: bool | None = None
    confirmed: bool | None = None
    suppressed: bool = False
    out_of_service: bool = False
    shelving: Shelving = Shelving.NONE
    unshelve_ms: float | None = None
    quality: int = 0
    comment: str = ""
    user: str = ""


@dataclass(frozen=True, slots=True)
class RefreshBegan:
    """The device begins to tell the state of every condition that it retains."""


@dataclass(frozen=True, slots=True)
class RefreshEnded:
    """It has told them all: what it did not name since the beginning is over."""


@dataclass(frozen=True, slots=True)
class ConditionsUnknown:
    """The device cannot be heard, or has lost events: the states are as they were last told, and may be others now."""


ExternalEvent: TypeAlias = ExternalCondition | RefreshBegan | RefreshEnded | ConditionsUnknown
ExternalSink: TypeAlias = Callable[[ExternalEvent], None]


@dataclass(frozen=True, slots=True)
class AlarmCall:
    """One such request; ``event`` as in ExternalCondition, ``duration_ms`` for SHELVE."""

    action: AlarmAction
    condition: str
    event: str
    comment: str = ""
    duration_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class AlarmCallResult:
    """The device's answer.

    Attributes:
        status: its StatusCode.
        known: False where the outcome cannot be known (time-out, connection lost while in flight).
        message: reason in words when it is not good.

    """

    status: int
    known: bool = True
    message: LocalText = field(default_factory=LocalText)


@runtime_checkable
class ExternalAlarmSource(Protocol):
    """What a connector offers whose device judges alarms itself; in the engine's event loop."""

    def watch_alarms(self, sink: ExternalSink) -> None:
        """Tell the sink, from the start of ``run`` on, in order, whatever the device says of its alarms.

        After every connect come RefreshBegan, the retained conditions and RefreshEnded; at a loss ConditionsUnknown.
        """

    async def call_alarm(self, call: AlarmCall, timeout_s: float) -> AlarmCallResult:
        """Ask the device once, never again by itself; fails at once while not connected."""
