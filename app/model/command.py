"""Remote control vocabulary: select, check, operate, verify (domain rules E1 to E3)."""

from dataclasses import dataclass, field
from enum import StrEnum

from app.model.errors import HaiheError
from app.model.sample import Value
from app.model.text import LocalText


class CommandKind(StrEnum):
    """A setpoint takes its value from the operator, an action writes a fixed one."""

    SETPOINT = "setpoint"
    ACTION = "action"


@dataclass(frozen=True, slots=True)
class Interlock:
    """A condition that blocks commands while it is true; the title is the reason shown."""

    id: str
    title: LocalText
    blocked_when: str
    """Expression (app.model.expressions) over full tag names."""


@dataclass(frozen=True, slots=True)
class CommandDefinition:
    """One command of an equipment or tag after expansion.

    Attributes:
        id: ``<equipment>.<command>`` such as ``LZ.HL.P01.START``; a setpoint tag's own name for a setpoint.
        target: tag written. value: what an action writes.
        feedback: tag read back; the command is verified when it equals one of ``expect`` (action), or lies
            within ``tolerance`` (engineering units) of the written value (setpoint), within ``timeout_s``.
        low, high, max_step: limits of a setpoint (engineering units).
        local_remote: tag that must be 1 (remote); empty where there is none.
        role: least role that may operate it.

    """

    id: str
    kind: CommandKind
    title: LocalText
    target: str
    feedback: str
    area: str = ""
    equipment: str = ""
    value: float | None = None
    expect: tuple[int, ...] = ()
    tolerance: float = 0.0
    timeout_s: float = 10.0
    low: float | None = None
    high: float | None = None
    max_step: float | None = None
    local_remote: str = ""
    role: str = "operator"
    interlocks: tuple[Interlock, ...] = ()


class RefusalReason(StrEnum):
    """Why a command was refused; order of the checks."""

    UNKNOWN_COMMAND = "unknown-command"
    NO_SESSION = "no-session"
    NO_PERMISSION = "no-permission"
    LOCAL_CONTROL = "local-control"
    LINK_DOWN = "link-down"
    BAD_QUALITY = "bad-quality"
    INTERLOCK = "interlock"
    OUT_OF_RANGE = "out-of-range"
    STEP_TOO_LARGE = "step-too-large"
    NOT_SELECTED = "not-selected"
    SELECTION_EXPIRED = "selection-expired"
    CHANGED_SINCE_SELECT = "changed-since-select"
    IN_PROGRESS = "in-progress"
    AUDIT_UNAVAILABLE = "audit-unavailable"
    STALE_REQUEST = "stale-request"


class CommandRefused(HaiheError):
    """A command was refused before anything was sent to the device."""

    def __init__(self, reason: RefusalReason, text: LocalText, *, detail: str = "") -> None:
        super().__init__(text)
        self.reason = reason
        self.detail = detail
        """Id of the interlock, name of the tag or limit that refused."""


class CommandOutcome(StrEnum):
    """How a command ended. Only SUCCESS means that the plant did it."""

    SUCCESS = "success"
    REJECTED = "rejected"
    """The device refused (its status code says why)."""
    UNKNOWN = "unknown"
    """No answer: it may or may not have been carried out; read before acting again."""
    DISCREPANCY = "discrepancy"
    """The device accepted, but the feedback did not follow in time."""
    REFUSED = "refused"
    """Refused by the engine; nothing was sent."""


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the list shown at select: what was checked, whether it permits, and why not."""

    id: str
    title: LocalText
    passed: bool
    detail: LocalText = field(default_factory=LocalText)


@dataclass(frozen=True, slots=True)
class Selection:
    """A selected command, waiting for operate until it expires (ns since the epoch, UTC)."""

    token: str
    command: str
    value: Value
    current: Value
    checks: tuple[Check, ...]
    user: str
    desk: str
    selected_ns: int
    expires_ns: int


@dataclass(frozen=True, slots=True)
class CommandResult:
    """End of a command: outcome, the device's own status, and what the feedback tag read."""

    command: str
    correlation: str
    outcome: CommandOutcome
    message: LocalText
    value: Value = None
    device_status: int = 0
    feedback: Value = None
    reason: RefusalReason | None = None
    detail: str = ""
    elapsed_ms: float = 0.0
