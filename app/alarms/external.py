"""Alarms that devices judge: what they say, as snapshots and transitions like those of our own. No I/O.

The state machine is the device's. Nothing is concluded here but what it said last, that it can be unknown meanwhile,
and that a condition which a refresh does not name is over.
"""

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, replace

from app.alarms.externalplace import alarm_id
from app.model.alarm import AlarmDefinition, AlarmEventKind, AnnunciationState, Suppression
from app.model.alarm_state import AlarmSnapshot, AlarmTransition, ExternalState
from app.model.external_alarm import (
    ConditionsUnknown,
    ExternalCondition,
    ExternalEvent,
    RefreshBegan,
    Shelving,
)

NOT_RETAINED = "not retained any more"
NOT_CONFIGURED = "its connection is not in the configuration any more"
"""Comment of the journal where a refresh did not name an alarm."""


@dataclass(frozen=True, slots=True)
class Held:
    """One alarm that is not over: what the device said, and what is shown of it."""

    connection: str
    condition: ExternalCondition
    definition: AlarmDefinition
    snapshot: AlarmSnapshot


class ExternalAlarms:
    """Everything that devices retain now. ``define`` gives the definition of a condition of a connection."""

    def __init__(self, define: Callable[[str, ExternalCondition], AlarmDefinition]) -> None:
        self._define = define
        self._held: dict[str, Held] = {}
        self._named: dict[str, set[str]] = {}

    def get(self, alarm: str) -> Held | None:
        """Return an alarm that is not over."""
        return self._held.get(alarm)

    def acknowledged_by(self, snapshot: AlarmSnapshot, user: str) -> AlarmSnapshot:
        """Name who acknowledged an alarm, where its device knows another name; return what is shown now."""
        named = replace(snapshot, acknowledged_by=user)
        held = self._held.get(snapshot.id)
        if held is not None:
            self._held[snapshot.id] = replace(held, snapshot=named)
        return named

    def snapshots(self) -> Iterator[AlarmSnapshot]:
        """Yield what is shown of every alarm."""
        return (held.snapshot for held in self._held.values())

    def take(self, connection: str, event: ExternalEvent, now_ns: int) -> list[AlarmTransition]:
        """Take what a device said, in order; return what changes by it."""
        if isinstance(event, ExternalCondition):
            return self._take_condition(connection, event)
        if isinstance(event, RefreshBegan):
            self._named[connection] = set()
            return []
        if isinstance(event, ConditionsUnknown):
            self._named.pop(connection, None)
            return self._doubt(connection, now_ns)
        named = self._named.pop(connection, None)
        if named is None:  # the end of a refresh whose beginning was not heard proves nothing
            return []
        over = [
            each for each in self._held.values() if each.connection == connection and each.definition.id not in named
        ]
        return [
            self._close(each, each.condition, each.definition, AlarmEventKind.RETURN, now_ns, NOT_RETAINED)
            for each in over
        ]

    def keep(self, connections: Container[str], now_ns: int) -> list[AlarmTransition]:
        """End the alarms of every other connection: the project has it no more."""
        gone = [each for each in self._held.values() if each.connection not in connections]
        return [
            self._close(each, each.condition, each.definition, AlarmEventKind.RETURN, now_ns, NOT_CONFIGURED)
            for each in gone
        ]

    def _take_condition(self, connection: str, condition: ExternalCondition) -> list[AlarmTransition]:
        definition = self._define(connection, condition)
        before = self._held.get(definition.id)
        if connection in self._named:
            self._named[connection].add(definition.id)
        if not condition.retained:
            if before is None:
                return []
            kind = _what_happened(before, condition, active=condition.active is True) or AlarmEventKind.RETURN
            return [self._close(before, condition, definition, kind, condition.time_ns, condition.comment)]
        snapshot = snapshot_of(condition, definition, before.snapshot if before else None)
        self._held[definition.id] = Held(connection, condition, definition, snapshot)
        happened: AlarmEventKind | None
        if before is not None:
            happened = _what_happened(before, condition, active=snapshot.active)
        else:  # an occurrence that becomes an earlier one was told as an alarm when it began
            happened = AlarmEventKind.CHANGE if condition.branch else AlarmEventKind.ALARM
        by_user = happened in _BY_USERS
        return [
            AlarmTransition(
                definition,
                happened or AlarmEventKind.CHANGE,
                before.snapshot.state if before else AnnunciationState.NORMAL,
                snapshot,
                condition.time_ns,
                condition.receive_ns,
                status=condition.quality,
                user=condition.user if by_user else "",
                comment=condition.comment if by_user else "",
                journalled=happened is not None,
            )
        ]

    def _doubt(self, connection: str, now_ns: int) -> list[AlarmTransition]:
        """Say of every alarm of a connection that its state may be another one now; none is cleared."""
        transitions = []
        for alarm, held in self._held.items():
            external = held.snapshot.external
            if held.connection != connection or external is None or not external.known:
                continue
            snapshot = replace(held.snapshot, external=replace(external, known=False))
            self._held[alarm] = replace(held, snapshot=snapshot)
            transitions.append(
                AlarmTransition(
                    held.definition, AlarmEventKind.CHANGE, snapshot.state, snapshot, now_ns, now_ns, journalled=False
                )
            )
        return transitions

    def _close(
        self,
        held: Held,
        condition: ExternalCondition,
        definition: AlarmDefinition,
        kind: AlarmEventKind,
        source_ns: int,
        comment: str,
    ) -> AlarmTransition:
        """End an alarm."""
        self._held.pop(definition.id, None)
        shot = held.snapshot
        snapshot = replace(
            ended(shot),
            event_id=condition.event,
            time_out_ns=shot.time_out_ns or source_ns,
            external=_external(condition, definition),
        )
        return AlarmTransition(
            definition,
            kind,
            shot.state,
            snapshot,
            source_ns,
            max(source_ns, condition.receive_ns),
            status=condition.quality,
            user=condition.user if kind in _BY_USERS else "",
            comment=comment,
        )


def ended(shot: AlarmSnapshot) -> AlarmSnapshot:
    """Return what is shown of an alarm that is over."""
    return replace(shot, state=AnnunciationState.NORMAL, active=False, suppression=frozenset())


def snapshot_of(
    condition: ExternalCondition, definition: AlarmDefinition, before: AlarmSnapshot | None
) -> AlarmSnapshot:
    """Return what is shown of a condition that the device retains; ``before``: what was."""
    active = condition.active is not False  # one that has no such state is retained while it holds
    acked = condition.acked is not False
    state = AnnunciationState.ACKNOWLEDGED  # also what is over and waits for something else than that
    if not acked:
        state = AnnunciationState.UNACKNOWLEDGED if active else AnnunciationState.RETURNED
    fresh = before is None or (active and not before.active)
    time_in = condition.since_ns if active and condition.since_ns else condition.time_ns
    acked_now = acked and (before is None or before.unacknowledged)
    return AlarmSnapshot(
        id=definition.id,
        event_id=condition.event,
        state=state,
        active=active,
        time_in_ns=time_in if before is None or fresh else before.time_in_ns,
        time_out_ns=None if active else (condition.since_ns or condition.time_ns),
        time_ack_ns=(condition.time_ns if acked_now else before.time_ack_ns if before else None) if acked else None,
        status=condition.quality,
        acknowledged_by=(condition.user if acked_now or before is None else before.acknowledged_by) if acked else "",
        comment=condition.comment,
        suppression=_suppression(condition),
        count=1 if before is None else before.count + fresh,
        external=_external(condition, definition),
    )


def _suppression(condition: ExternalCondition) -> frozenset[Suppression]:
    holds = {
        Suppression.SHELVED: condition.shelving is not Shelving.NONE,
        Suppression.DESIGN: condition.suppressed,
        Suppression.OUT_OF_SERVICE: condition.out_of_service,
    }
    return frozenset(name for name, held in holds.items() if held)


def _external(condition: ExternalCondition, definition: AlarmDefinition) -> ExternalState:
    return ExternalState(
        definition=definition,
        severity=condition.severity,
        trunk=alarm_id(definition.connection, replace(condition, branch="")) if condition.branch else "",
        to_confirm=condition.confirmed is False and condition.acked is not False,
        can_shelve=condition.active is not None,
        unshelve_ms=condition.unshelve_ms,
    )


_BY_USERS = frozenset(
    {
        AlarmEventKind.ACKNOWLEDGE,
        AlarmEventKind.CONFIRM,
        AlarmEventKind.COMMENT,
        AlarmEventKind.SUPPRESS,
        AlarmEventKind.UNSUPPRESS,
    }
)


def _what_happened(before: Held, now: ExternalCondition, *, active: bool) -> AlarmEventKind | None:
    """Return what the journal calls it; None where nothing changed that an operator is shown."""
    shot, was = before.snapshot, before.condition
    suppression, suppressed = _suppression(now), _suppression(was)
    said, said_before = ((each.message, each.severity, each.quality) for each in (now, was))
    checks = (
        (active and not shot.active, AlarmEventKind.ALARM),
        (shot.active and not active, AlarmEventKind.RETURN),
        (was.acked is True and now.acked is False, AlarmEventKind.ALARM),
        (was.acked is False and now.acked is True, AlarmEventKind.ACKNOWLEDGE),
        (was.confirmed is False and now.confirmed is True, AlarmEventKind.CONFIRM),
        (bool(suppression - suppressed), AlarmEventKind.SUPPRESS),
        (bool(suppressed - suppression), AlarmEventKind.UNSUPPRESS),
        (now.comment != was.comment, AlarmEventKind.COMMENT),
        (said != said_before, AlarmEventKind.CHANGE),
    )
    return next((kind for holds, kind in checks if holds), None)
