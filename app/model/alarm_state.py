"""What is known of an alarm at run time: its snapshot, and the transitions between two of them."""

from dataclasses import dataclass
from typing import Final

from app.model.alarm import AlarmDefinition, AlarmEventKind, AnnunciationState, Suppression
from app.model.sample import Value

SHELVINGS_WITHIN_S: Final = 86_400.0
"""So far back shelvings count (s)."""
OFTEN_SHELVED: Final = 2
"""More shelvings than these within that time are too many: the alarm needs another remedy."""
_UNACKNOWLEDGED: Final = frozenset(
    {AnnunciationState.UNACKNOWLEDGED, AnnunciationState.RETURNED, AnnunciationState.LATCHED_UNACKNOWLEDGED}
)


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
class Shelved:
    """A shelving in force.

    Attributes:
        until_ns: when it ends by itself; None: with the alarm's return only (``once``).
        once: whether it ends with the alarm's return.

    """

    until_ns: int | None
    once: bool
    reason: str
    user: str
    desk: str
    since_ns: int


@dataclass(frozen=True, slots=True)
class OutOfService:
    """A removal from service in force; ``approver``: the second person, empty where none is needed."""

    permit: str
    reason: str
    user: str
    desk: str
    approver: str
    since_ns: int


@dataclass(frozen=True, slots=True)
class AlarmSnapshot:
    """State of one alarm as shown in lists; also what is persisted over a restart.

    Attributes:
        event_id: identity of the current occurrence (new at each activation); acknowledging needs it.
        active: whether the condition holds (after deadband and delays).
        time_in_ns: when this occurrence began (source time); time_out_ns: when it returned; time_ack_ns.
        value, status: sample at the moment of activation.
        shelved, service: of a shelved alarm, of one out of service: how, why, by whom.
        first_out: whether it was the first of its first-out group.
        realarms: how often this occurrence annunciated anew. escalated: whether it was escalated.
        shelvings: when it was shelved in the last 24 h.
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
    shelved: Shelved | None = None
    service: OutOfService | None = None
    first_out: bool = False
    realarms: int = 0
    shelvings: tuple[int, ...] = ()
    escalated: bool = False

    @property
    def unacknowledged(self) -> bool:
        """Whether an operator still has to acknowledge it."""
        return self.state in _UNACKNOWLEDGED

    @property
    def code(self) -> str:
        """The state and what suppresses it, as journal and audit have it: ``NORM+DSUPR``."""
        return "+".join([self.state.value, *sorted(self.suppression)])

    @property
    def often_shelved(self) -> bool:
        """Whether it was shelved so often of late that it should be looked at."""
        return len(self.shelvings) > OFTEN_SHELVED

    @property
    def display_suppression(self) -> Suppression | None:
        """The suppression that it is shown as; None where it is not suppressed."""
        return next((each for each in Suppression if each in self.suppression), None)


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
