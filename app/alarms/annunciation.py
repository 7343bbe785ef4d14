"""What the operator is shown: carries what happens to an alarm into its state, by the table of states. Pure."""

from collections.abc import Callable
from dataclasses import replace

from app.alarms.by import By
from app.alarms.conditions import Change
from app.alarms.firstout import FirstOut
from app.alarms.rules import Rule
from app.alarms.states import AlarmInput, Step, step
from app.alarms.timers import Timers
from app.model.alarm import AlarmEventKind, AnnunciationState, Suppression
from app.model.alarm_state import AlarmSnapshot, AlarmTransition
from app.model.sample import Value

_NORMAL = AnnunciationState.NORMAL
_KEPT_SHOWN = frozenset({Suppression.COMMUNICATION})
"""Under these alone an alarm keeps its state, for the time after."""


class Annunciator:
    """Changes the snapshots of rules; each change is returned as a transition."""

    def __init__(self, new_event_id: Callable[[], str], timers: Timers, first_out: FirstOut) -> None:
        self._new_event_id = new_event_id
        self._timers = timers
        self._first_out = first_out

    def changed(self, rule: Rule, change: Change, now_ns: int) -> list[AlarmTransition]:
        """Follow a change of the condition."""
        hidden = rule.is_normal and rule.snapshot.active and not change.active  # its suppression has just ended
        if hidden or rule.snapshot.suppression - _KEPT_SHOWN:
            return self._suppressed(rule, change, now_ns)
        row = next_step(rule, AlarmInput.ACTIVATE if change.active else AlarmInput.CLEAR)
        if row is None:
            rule.snapshot = replace(rule.snapshot, active=change.active)
            self._timers.arm(rule)
            return []
        if row.new_occurrence:
            shot = self._occurrence(rule, row.to, change.since_ns)
        else:
            shot = replace(rule.snapshot, state=row.to, active=change.active, time_out_ns=change.since_ns)
        return self.show(rule, shot, row.journal, By(now_ns), source_ns=change.since_ns)

    def acknowledge(self, rule: Rule, row: Step, by: By) -> list[AlarmTransition]:
        """Take an acknowledgement, for which the table has this row."""
        before = rule.snapshot
        shot = replace(
            before, state=row.to, time_ack_ns=by.at_ns, acknowledged_by=by.user, comment=by.comment or before.comment
        )
        return self.show(rule, shot, row.journal, by, told=(before.value, before.status))

    def reset(self, rule: Rule, row: Step, by: By) -> list[AlarmTransition]:
        """Take a reset, for which the table has this row."""
        return self.show(rule, replace(rule.snapshot, state=row.to), row.journal, by)

    def realarm(self, rule: Rule, now_ns: int) -> list[AlarmTransition]:
        """Annunciate an alarm anew that was acknowledged and is still active."""
        row, before = next_step(rule, AlarmInput.REALARM), rule.snapshot
        if row is None:
            return []
        shot = replace(
            before, state=row.to, event_id=self._new_event_id(), time_ack_ns=None, acknowledged_by="",
            realarms=before.realarms + 1, escalated=False,
        )  # fmt: skip
        return self.show(rule, shot, row.journal, By(now_ns))

    def escalate(self, rule: Rule, now_ns: int) -> list[AlarmTransition]:
        """Say of an alarm that nobody acknowledged it in time."""
        row = next_step(rule, AlarmInput.ESCALATE)
        if row is None:
            return []
        return self.show(rule, replace(rule.snapshot, state=row.to, escalated=True), row.journal, By(now_ns))

    def show(
        self,
        rule: Rule,
        shot: AlarmSnapshot,
        kind: AlarmEventKind,
        by: By,
        *,
        source_ns: int | None = None,
        told: tuple[Value, int] | None = None,
        journalled: bool = True,
    ) -> list[AlarmTransition]:
        """Give an alarm another snapshot.

        Returns that transition, and those of the marks of its first-out group that end by it. ``told``: value and
        status to journal, instead of those of the last sample.
        """
        before, rule.snapshot = rule.snapshot, shot
        if shot.state is AnnunciationState.UNACKNOWLEDGED and shot.event_id != before.event_id:
            rule.annunciated_ns = by.at_ns
        self._timers.arm(rule)
        result = [transition(rule, kind, before.state, by, source_ns=source_ns, told=told, journalled=journalled)]
        result += [
            transition(each, AlarmEventKind.CHANGE, each.snapshot.state, By(by.at_ns), journalled=False)
            for each in self._first_out.outdated(rule)
        ]
        return result

    def _suppressed(self, rule: Rule, change: Change, now_ns: int) -> list[AlarmTransition]:
        """A suppressed alarm is evaluated and journalled, but stays without annunciation."""
        if change.active:
            shot, kind = self._occurrence(rule, _NORMAL, change.since_ns), AlarmEventKind.ALARM
        else:
            shot = replace(rule.snapshot, active=False, time_out_ns=change.since_ns)
            kind = AlarmEventKind.RETURN
        return self.show(rule, shot, kind, By(now_ns), source_ns=change.since_ns)

    def _occurrence(self, rule: Rule, state: AnnunciationState, since_ns: int) -> AlarmSnapshot:
        before, sample = rule.snapshot, rule.sample
        return AlarmSnapshot(
            rule.definition.id,
            self._new_event_id(),
            state,
            active=True,
            time_in_ns=since_ns,
            value=None if sample is None else sample.value,
            status=0 if sample is None else sample.status,
            count=1 if before.state is _NORMAL else before.count + 1,
            suppression=before.suppression,
            shelved=before.shelved,
            service=before.service,
            shelvings=before.shelvings,
            first_out=before.first_out if state is _NORMAL else self._first_out.marks(rule),
        )


def next_step(rule: Rule, event: AlarmInput) -> Step | None:
    """Return what the table says of an alarm and an event; None where nothing changes."""
    definition = rule.definition
    return step(rule.snapshot.state, event, ack_required=definition.ack_required, latched=definition.latched)


def transition(
    rule: Rule,
    kind: AlarmEventKind,
    before: AnnunciationState,
    by: By,
    *,
    source_ns: int | None = None,
    told: tuple[Value, int] | None = None,
    journalled: bool = True,
) -> AlarmTransition:
    """Return the transition to the present snapshot of an alarm; ``told`` as in ``Annunciator.show``."""
    if told is None:
        told = (None, 0) if rule.sample is None else (rule.sample.value, rule.sample.status)
    return AlarmTransition(
        rule.definition, kind, before, rule.snapshot, by.at_ns if source_ns is None else source_ns, by.at_ns, *told,
        by.user, by.desk, by.comment, journalled,
    )  # fmt: skip
