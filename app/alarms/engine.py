"""The alarm engine: conditions, annunciation and suppression of every configured alarm. Pure: time is an argument.

One thread at a time (the engine's event loop). Each method returns the transitions it caused, in order; the
caller persists them before anyone is shown them.
"""

import heapq
import math
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from app.alarms.condition import LIMIT_KINDS, Change, DelayedCondition, judge
from app.alarms.errors import AlarmRefusal, AlarmRefused
from app.alarms.states import AlarmInput, Step, step
from app.model.alarm import AlarmDefinition, AlarmEventKind, AlarmKind, AnnunciationState, Suppression
from app.model.alarm_state import AlarmSnapshot, AlarmTransition
from app.model.expressions import Expression
from app.model.sample import Sample
from app.model.status import is_bad, tells_of_communication
from app.model.text import LocalText

_NORMAL = AnnunciationState.NORMAL


class _Rule:
    """One alarm at run time."""

    __slots__ = ("condition", "definition", "sample", "snapshot", "suppress_when")

    def __init__(self, definition: AlarmDefinition) -> None:
        self.definition = definition
        self.condition = DelayedCondition(definition.on_delay_s, definition.off_delay_s)
        self.suppress_when = Expression.parse(definition.suppress_when) if definition.suppress_when else None
        self.snapshot = AlarmSnapshot(definition.id, "", _NORMAL, active=False, time_in_ns=0, count=0)
        self.sample: Sample | None = None


class AlarmEngine:
    """Evaluates alarms and keeps their states."""

    def __init__(
        self, definitions: Iterable[AlarmDefinition], new_event_id: Callable[[], str] = lambda: uuid.uuid4().hex
    ) -> None:
        """Take the definitions of a checked project.

        Raises:
            ExpressionError: a ``suppress_when`` does not parse (a checked project has none such).
            ValueError: two alarms have the same id.

        """
        self._new_event_id = new_event_id
        self._inputs: dict[str, Sample] = {}
        self._lost: dict[str, bool] = {}
        self._due: list[tuple[int, str]] = []
        self._take_rules(_rules(definitions, {}))

    def redefine(
        self, definitions: Iterable[AlarmDefinition], read: Callable[[str], Sample | None], now_ns: int
    ) -> list[AlarmTransition]:
        """Take other definitions; ``reconsider`` afterwards. Alarms whose definition is the same stay as they are.

        One that watches the same thing by other rules keeps its occurrence and its acknowledgement until it is
        evaluated. One that is no more, or watches something else, returns. ``read`` gives the last sample of a tag.

        Raises:
            ExpressionError, ValueError: as the constructor; nothing is changed then.

        """
        before = self._rules
        self._take_rules(_rules(definitions, before))
        self._due = [(due, name) for due, name in self._due if name in self._rules]
        heapq.heapify(self._due)
        self._inputs = {
            name: sample for name in self._suppressed_by if (sample := self._inputs.get(name) or read(name))
        }
        for rule in self._rules.values():
            if rule.sample is None and rule.definition.tag:
                rule.sample = read(rule.definition.tag)
        ended = [rule for name, rule in before.items() if not _goes_on(rule, self._rules.get(name))]
        shown = [each for each in ended if each.snapshot.state is not _NORMAL or each.snapshot.suppression]
        result = []
        for rule in shown:
            was, rule.snapshot = rule.snapshot, AlarmSnapshot(rule.definition.id, "", _NORMAL, False, 0, count=0)
            gone = self._transition(rule, AlarmEventKind.RETURN, was.state, now_ns, now_ns)
            result.append(replace(gone, journalled=was.state is not _NORMAL))
        return result

    def _take_rules(self, rules: dict[str, _Rule]) -> None:
        self._rules = rules
        self._by_tag: dict[str, list[_Rule]] = {}
        self._by_connection: dict[str, list[_Rule]] = {}
        self._quality_of: dict[str, list[_Rule]] = {}
        self._suppressed_by: dict[str, list[_Rule]] = {}
        for rule in rules.values():
            definition = rule.definition
            if definition.kind is AlarmKind.CONNECTION:
                self._by_connection.setdefault(definition.connection, []).append(rule)
            else:
                self._by_tag.setdefault(definition.tag, []).append(rule)
            if definition.kind is AlarmKind.BAD_QUALITY and definition.connection:
                self._quality_of.setdefault(definition.connection, []).append(rule)
            for name in rule.suppress_when.names if rule.suppress_when else ():
                self._suppressed_by.setdefault(name, []).append(rule)

    @property
    def definitions(self) -> Mapping[str, AlarmDefinition]:
        """Definitions by alarm id."""
        return {name: rule.definition for name, rule in self._rules.items()}

    @property
    def next_due_ns(self) -> int | None:
        """When ``tick`` must be called next (ns, the time base of ``now_ns``); None while no delay runs."""
        while self._due:
            due, name = self._due[0]
            if self._rules[name].condition.due_ns == due:
                return due
            heapq.heappop(self._due)
        return None

    def process(self, tag: str, sample: Sample, now_ns: int) -> list[AlarmTransition]:
        """Evaluate the alarms of a tag, and the suppressions that depend on it, with one sample.

        Samples of a tag must come in the order of their source time; leave late ones out.
        """
        result: list[AlarmTransition] = []
        dependants = self._suppressed_by.get(tag)
        if dependants:
            self._inputs[tag] = sample
            for rule in dependants:
                result += self._suppress(rule, sample.source_ns, now_ns)
        for rule in self._by_tag.get(tag, ()):
            result += self._apply(rule, rule.condition.expire(now_ns), now_ns)
            rule.sample = sample
            definition = rule.definition
            met = judge(definition, sample, active=rule.condition.active)
            if definition.kind is AlarmKind.BAD_QUALITY and self._lost.get(definition.connection):
                met = None
            result += self._offer(rule, met, sample.source_ns, now_ns)
        return result

    def looks_at(self, tag: str) -> bool:
        """Tell whether any alarm, or its suppression, depends on a tag."""
        return tag in self._by_tag or tag in self._suppressed_by

    def suppressed_by(self, tag: str) -> frozenset[str]:
        """Return the tags that have an alarm whose suppression depends on this tag."""
        return frozenset(rule.definition.tag for rule in self._suppressed_by.get(tag, ()) if rule.definition.tag)

    def quiet_band(self, tag: str) -> tuple[float, float] | None:
        """Return from which to which number (both included) a sample of a tag that is not bad changes nothing now.

        None where there is no such band: an alarm of the tag is active or pending, looks at more than limits, or
        heard last of a bad sample or none; or a suppression depends on the tag. A band holds until ``process`` got
        another sample of the tag, or ``reconsider`` is called. Who keeps samples away tells the last of them by
        ``note`` before the latter, and before ``process`` gets a sample of a tag that suppresses an alarm of this tag.
        """
        if tag in self._suppressed_by:
            return None
        low, high = -math.inf, math.inf
        for rule in self._by_tag.get(tag, ()):
            condition, definition = rule.condition, rule.definition
            unsettled = condition.active or condition.due_ns is not None
            if unsettled or rule.sample is None or is_bad(rule.sample.status):
                return None
            if definition.kind is AlarmKind.BAD_QUALITY:
                continue
            if definition.kind not in LIMIT_KINDS:
                return None
            if definition.limit is None:
                continue
            if definition.kind in {AlarmKind.HIGH, AlarmKind.HIGH_HIGH}:
                high = min(high, definition.limit)
            else:
                low = max(low, definition.limit)
        return low, high

    def note(self, tag: str, sample: Sample) -> None:
        """Take the last of the samples that were kept away because they change nothing (``quiet_band``)."""
        for rule in self._by_tag.get(tag, ()):
            rule.sample = sample

    def connection_changed(self, connection_id: str, lost: bool, now_ns: int) -> list[AlarmTransition]:
        """Tell that a connection was lost or is back; while lost, bad quality of its tags raises no own alarm.

        Once it is back, what its tags brought meanwhile counts: the first values of a new subscription come before
        the connection is known to be whole, and one that does not change comes but once.
        """
        self._lost[connection_id] = lost
        result: list[AlarmTransition] = []
        for rule in self._by_connection.get(connection_id, ()):
            result += self._apply(rule, rule.condition.expire(now_ns), now_ns)
            result += self._offer(rule, lost, now_ns, now_ns)
        for rule in () if lost else self._quality_of.get(connection_id, ()):
            result += self._judge_again(rule, now_ns)
        return result

    def tick(self, now_ns: int) -> list[AlarmTransition]:
        """End the delays that are over; call at ``next_due_ns``."""
        result: list[AlarmTransition] = []
        while (due := self.next_due_ns) is not None and due <= now_ns:
            _, name = heapq.heappop(self._due)
            rule = self._rules[name]
            result += self._apply(rule, rule.condition.expire(now_ns), now_ns)
        return result

    def acknowledge(
        self, alarm_id: str, event_id: str, user: str, desk: str, comment: str, now_ns: int
    ) -> AlarmTransition:
        """Acknowledge one occurrence.

        Raises:
            AlarmRefused: no such alarm, another occurrence began since, someone else was first, or none is needed.

        """
        rule = self._rules.get(alarm_id)
        if rule is None:
            raise AlarmRefused(
                alarm_id,
                AlarmRefusal.UNKNOWN_ALARM,
                LocalText(f"There is no alarm '{alarm_id}'.", f"没有报警“{alarm_id}”。"),
            )
        before = rule.snapshot
        if event_id != before.event_id or not event_id:
            raise AlarmRefused(
                alarm_id,
                AlarmRefusal.STALE_EVENT,
                LocalText(
                    f"{alarm_id}: this occurrence is over; look at the alarm again before acknowledging it.",
                    f"{alarm_id}：该次报警已过期，请重新查看后再确认。",
                ),
            )
        row = _step(rule, AlarmInput.ACKNOWLEDGE)
        if row is None:
            raise self._cannot_acknowledge(before)
        rule.snapshot = replace(
            before, state=row.to, time_ack_ns=now_ns, acknowledged_by=user, comment=comment or before.comment
        )
        return AlarmTransition(
            rule.definition, row.journal, before.state, rule.snapshot, now_ns, now_ns,
            before.value, before.status, user, desk, comment,
        )  # fmt: skip

    def snapshot(self, alarm_id: str) -> AlarmSnapshot | None:
        """Return the state of an alarm, also while it is normal; None where there is no such alarm."""
        rule = self._rules.get(alarm_id)
        return None if rule is None else rule.snapshot

    def snapshots(self) -> list[AlarmSnapshot]:
        """Return every alarm that is not normal, or is suppressed."""
        return [
            rule.snapshot
            for rule in self._rules.values()
            if rule.snapshot.state is not _NORMAL or rule.snapshot.suppression
        ]

    def restore(self, snapshots: Iterable[AlarmSnapshot]) -> list[str]:
        """Take over the states of a former run; nothing annunciates by it.

        Call it before the first evaluation. Where that was not possible (the database was away), call it when it is,
        and ``reconsider`` afterwards: alarms in which something happened meanwhile stay as they are.

        Returns:
            Ids of alarms that the project no longer has; the caller drops their stored state.

        """
        gone: list[str] = []
        for snapshot in snapshots:
            rule = self._rules.get(snapshot.id)
            if rule is None:
                gone.append(snapshot.id)
            elif Suppression.DESIGN in snapshot.suppression and rule.suppress_when is None:
                gone.append(snapshot.id)  # its rule was removed: start anew, so that an active one annunciates
            elif not rule.snapshot.event_id and not rule.snapshot.suppression:
                rule.snapshot = snapshot
                rule.condition.active = snapshot.active
                rule.condition.due_ns = None
        return gone

    def reconsider(self, now_ns: int) -> list[AlarmTransition]:
        """Evaluate every alarm with what is known already, for states that were restored late."""
        result: list[AlarmTransition] = []
        for rule in self._rules.values():
            result += self._suppress(rule, now_ns, now_ns)
            if rule.definition.kind is not AlarmKind.CONNECTION:
                result += self._judge_again(rule, now_ns)
            elif rule.definition.connection in self._lost:
                result += self._offer(rule, self._lost[rule.definition.connection], now_ns, now_ns)
        return result

    def _judge_again(self, rule: _Rule, now_ns: int) -> list[AlarmTransition]:
        """Evaluate an alarm with the last sample of its tag, unless that came of the connection."""
        if rule.sample is None or tells_of_communication(rule.sample.status):
            return []
        if rule.definition.kind is AlarmKind.BAD_QUALITY and self._lost.get(rule.definition.connection):
            return []
        met = judge(rule.definition, rule.sample, active=rule.condition.active)
        return self._offer(rule, met, rule.sample.source_ns, now_ns)

    def _offer(self, rule: _Rule, met: bool | None, source_ns: int, now_ns: int) -> list[AlarmTransition]:
        before = rule.condition.due_ns
        change = rule.condition.offer(met, source_ns, now_ns)
        due = rule.condition.due_ns
        if due is not None and due != before:
            heapq.heappush(self._due, (due, rule.definition.id))
        return self._apply(rule, change, now_ns)

    def _apply(self, rule: _Rule, change: Change | None, now_ns: int) -> list[AlarmTransition]:
        """Carry a change of the condition into the annunciation state."""
        if change is None:
            return []
        before = rule.snapshot
        if before.suppression:
            return [self._journal_suppressed(rule, change, now_ns)]
        event = AlarmInput.ACTIVATE if change.active else AlarmInput.CLEAR
        row = _step(rule, event)
        if row is None:
            rule.snapshot = replace(before, active=change.active)
            return []
        if row.new_occurrence:
            rule.snapshot = self._occurrence(rule, row.to, change.since_ns)
        else:
            rule.snapshot = replace(before, state=row.to, active=change.active, time_out_ns=change.since_ns)
        return [self._transition(rule, row.journal, before.state, change.since_ns, now_ns)]

    def _journal_suppressed(self, rule: _Rule, change: Change, now_ns: int) -> AlarmTransition:
        """A suppressed alarm is evaluated and journalled, but stays without annunciation."""
        before = rule.snapshot
        if change.active:
            rule.snapshot = replace(self._occurrence(rule, _NORMAL, change.since_ns), suppression=before.suppression)
            return self._transition(rule, AlarmEventKind.ALARM, _NORMAL, change.since_ns, now_ns)
        rule.snapshot = replace(before, active=False, time_out_ns=change.since_ns)
        return self._transition(rule, AlarmEventKind.RETURN, _NORMAL, change.since_ns, now_ns)

    def _suppress(self, rule: _Rule, source_ns: int, now_ns: int) -> list[AlarmTransition]:
        """Follow the suppression rule; an outcome that is not good changes nothing."""
        if rule.suppress_when is None:
            return []
        outcome = rule.suppress_when.evaluate(self._inputs.get)
        before = rule.snapshot
        if not outcome.is_good or outcome.is_true == (Suppression.DESIGN in before.suppression):
            return []
        if outcome.is_true:
            return [self._enter_suppression(rule, source_ns, now_ns)]
        rule.snapshot = replace(before, suppression=before.suppression - {Suppression.DESIGN})
        left = self._transition(rule, AlarmEventKind.UNSUPPRESS, before.state, source_ns, now_ns)
        result = [replace(left, journalled=bool(before.event_id))]
        if not rule.snapshot.suppression and rule.condition.active:
            result += self._apply(rule, Change(True, source_ns), now_ns)
        return result

    def _enter_suppression(self, rule: _Rule, source_ns: int, now_ns: int) -> AlarmTransition:
        """Keep an alarm silent from now on.

        Where it hides nothing, no occurrence is kept: one that stands when the suppression ends tells that there is
        something to journal then, also after a restart.
        """
        before = rule.snapshot
        hides = before.state is not _NORMAL
        kept = before if hides else AlarmSnapshot(before.id, "", _NORMAL, active=before.active, time_in_ns=0, count=0)
        rule.snapshot = replace(kept, state=_NORMAL, suppression=before.suppression | {Suppression.DESIGN})
        entered = self._transition(rule, AlarmEventKind.SUPPRESS, before.state, source_ns, now_ns)
        return replace(entered, journalled=hides)

    def _occurrence(self, rule: _Rule, state: AnnunciationState, since_ns: int) -> AlarmSnapshot:
        before, sample = rule.snapshot, rule.sample
        return AlarmSnapshot(
            rule.definition.id,
            self._new_event_id(),
            state,
            active=True,
            time_in_ns=since_ns,
            value=None if sample is None else sample.value,
            status=0 if sample is None else sample.status,
            count=before.count + 1 if before.state is AnnunciationState.RETURNED else 1,
        )

    @staticmethod
    def _transition(
        rule: _Rule, kind: AlarmEventKind, before: AnnunciationState, source_ns: int, now_ns: int
    ) -> AlarmTransition:
        sample = rule.sample
        value, status = (None, 0) if sample is None else (sample.value, sample.status)
        return AlarmTransition(rule.definition, kind, before, rule.snapshot, source_ns, now_ns, value, status)

    @staticmethod
    def _cannot_acknowledge(snapshot: AlarmSnapshot) -> AlarmRefused:
        by = snapshot.acknowledged_by
        if by:
            text = LocalText(f"{snapshot.id}: already acknowledged by {by}.", f"{snapshot.id}：已由 {by} 确认。")
            return AlarmRefused(snapshot.id, AlarmRefusal.ALREADY_ACKNOWLEDGED, text)
        text = LocalText(f"{snapshot.id}: there is nothing to acknowledge.", f"{snapshot.id}：无需确认。")
        return AlarmRefused(snapshot.id, AlarmRefusal.NOT_REQUIRED, text)


def _rules(definitions: Iterable[AlarmDefinition], before: Mapping[str, _Rule]) -> dict[str, _Rule]:
    """Return a rule each, those of before where nothing changed."""
    rules: dict[str, _Rule] = {}
    for definition in definitions:
        if definition.id in rules:
            raise ValueError(f"alarm '{definition.id}' is defined twice")
        known = before.get(definition.id)
        if known is not None and known.definition == definition:
            rules[definition.id] = known
            continue
        rule = rules[definition.id] = _Rule(definition)
        if known is not None and _goes_on(known, rule):
            rule.snapshot, rule.sample, rule.condition.active = known.snapshot, known.sample, known.condition.active
    return rules


def _step(rule: _Rule, event: AlarmInput) -> Step | None:
    definition = rule.definition
    return step(rule.snapshot.state, event, ack_required=definition.ack_required, latched=definition.latched)


def _goes_on(rule: _Rule, other: _Rule | None) -> bool:
    """Tell whether another rule watches the same thing; one whose suppression ended begins anew, to annunciate."""
    if other is None:
        return False
    old, new = rule.definition, other.definition
    same = (old.kind, old.tag, old.connection) == (new.kind, new.tag, new.connection)
    return same and not (Suppression.DESIGN in rule.snapshot.suppression and other.suppress_when is None)
