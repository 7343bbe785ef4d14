"""From samples to changes of conditions: which alarm hears what, and what follows of it. Pure: time is an argument."""

import math
from collections.abc import Callable

from app.alarms.annunciation import Annunciator
from app.alarms.condition import LIMIT_KINDS, Change, judge
from app.alarms.rollup import RollUp
from app.alarms.rules import Rule, RuleBook
from app.alarms.shelving import Shelving
from app.alarms.suppression import Suppressor
from app.alarms.timers import Timers
from app.model.alarm import AlarmKind
from app.model.alarm_state import AlarmTransition
from app.model.sample import Sample
from app.model.status import is_bad, tells_of_communication


class Evaluation:
    """Evaluates the alarms of the rule book in use; it is asked for anew, for it changes."""

    def __init__(
        self,
        book: Callable[[], RuleBook],
        annunciator: Annunciator,
        suppressor: Suppressor,
        shelving: Shelving,
        rollup: RollUp,
        timers: Timers,
        look_at: Callable[[Rule], None],
    ) -> None:
        """``look_at`` is called before the last sample of an alarm is looked at again."""
        self._book = book
        self._annunciator = annunciator
        self._suppressor = suppressor
        self._shelving = shelving
        self._rollup = rollup
        self._timers = timers
        self._look_at = look_at
        self._inputs: dict[str, Sample] = {}

    def read_inputs(self, read: Callable[[str], Sample | None]) -> None:
        """Take the last sample of each tag that a suppression depends on, and forget those of others."""
        names = self._book().suppressed_by
        self._inputs = {name: sample for name in names if (sample := self._inputs.get(name) or read(name))}

    def process(self, tag: str, sample: Sample, now_ns: int) -> list[AlarmTransition]:
        """Evaluate the alarms of a tag, and the suppressions that depend on it, with one sample."""
        book = self._book()
        result: list[AlarmTransition] = []
        dependants = book.suppressed_by.get(tag)
        if dependants:
            self._inputs[tag] = sample
            for rule in dependants:
                result += self._suppressor.follow_design(rule, self._inputs, sample.source_ns, now_ns)
        for rule in book.by_tag.get(tag, ()):
            result += self._apply(rule, rule.condition.expire(now_ns), now_ns)
            rule.sample = sample
            back = self._rollup.heard(rule, self._annunciator, now_ns)
            definition = rule.definition
            met = judge(definition, sample, active=rule.condition.active)
            if definition.kind is AlarmKind.BAD_QUALITY and self._rollup.lost(definition.connection):
                met = None
            result += back
            result += self._offer(rule, met, sample.source_ns, now_ns)
            if back:
                result += self._suppressor.settle(rule, sample.source_ns, now_ns)
        return result

    def connection_changed(self, connection_id: str, lost: bool, now_ns: int) -> list[AlarmTransition]:
        """Hear that a connection was lost or is back.

        Once it is back, what its tags brought meanwhile counts: the first values of a new subscription come before
        the connection is known to be whole, and one that does not change comes but once.
        """
        self._rollup.connection_changed(connection_id, lost)
        book = self._book()
        result: list[AlarmTransition] = []
        for rule in book.connections.get(connection_id, ()):
            result += self._apply(rule, rule.condition.expire(now_ns), now_ns)
            result += self._offer(rule, lost, now_ns, now_ns)
        if lost:
            return result + self._rollup.hide(connection_id, self._annunciator, now_ns)
        for rule in book.children.get(connection_id, ()):
            if not rule.snapshot.suppression and rule.definition.kind is not AlarmKind.BAD_QUALITY:
                continue
            self._look_at(rule)
            back = self._rollup.heard(rule, self._annunciator, now_ns)
            result += back
            if back or rule.definition.kind is AlarmKind.BAD_QUALITY:
                result += self._judge_again(rule, now_ns)
                result += self._suppressor.settle(rule, now_ns, now_ns)
        return result

    def expire(self, rule: Rule, now_ns: int) -> list[AlarmTransition]:
        """End a delay of an alarm that is over."""
        return self._apply(rule, rule.condition.expire(now_ns), now_ns)

    def reconsider(self, now_ns: int) -> list[AlarmTransition]:
        """Evaluate every alarm with what is known already."""
        result: list[AlarmTransition] = []
        for rule in self._book().all.values():
            result += self._suppressor.follow_design(rule, self._inputs, now_ns, now_ns)
            if rule.definition.kind is not AlarmKind.CONNECTION:
                result += self._judge_again(rule, now_ns)
            elif (lost := self._rollup.lost(rule.definition.connection)) is not None:
                result += self._offer(rule, lost, now_ns, now_ns)
        return result

    def looks_at(self, tag: str) -> bool:
        """Tell whether any alarm, or its suppression, depends on a tag."""
        book = self._book()
        return tag in book.by_tag or tag in book.suppressed_by

    def suppressed_by(self, tag: str) -> frozenset[str]:
        """Return the tags that have an alarm whose suppression depends on this tag."""
        rules = self._book().suppressed_by.get(tag, ())
        return frozenset(rule.definition.tag for rule in rules if rule.definition.tag)

    def quiet_band(self, tag: str) -> tuple[float, float] | None:
        """Return from which to which number (both included) a sample of a tag that is not bad changes nothing now.

        None where there is no such band: an alarm of the tag is active or pending, looks at more than limits, or
        heard last of a bad sample or none; or a suppression depends on the tag. A band holds until ``process`` got
        another sample of the tag, or ``reconsider`` is called. Who keeps samples away tells the last of them by
        ``note`` before the latter, and before ``process`` gets a sample of a tag that suppresses an alarm of this tag.
        """
        book = self._book()
        if tag in book.suppressed_by:
            return None
        low, high = -math.inf, math.inf
        for rule in book.by_tag.get(tag, ()):
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
        for rule in self._book().by_tag.get(tag, ()):
            rule.sample = sample

    def _judge_again(self, rule: Rule, now_ns: int) -> list[AlarmTransition]:
        """Evaluate an alarm with the last sample of its tag, unless that came of the connection."""
        if rule.sample is None or tells_of_communication(rule.sample.status):
            return []
        if rule.definition.kind is AlarmKind.BAD_QUALITY and self._rollup.lost(rule.definition.connection):
            return []
        met = judge(rule.definition, rule.sample, active=rule.condition.active)
        return self._offer(rule, met, rule.sample.source_ns, now_ns)

    def _offer(self, rule: Rule, met: bool | None, source_ns: int, now_ns: int) -> list[AlarmTransition]:
        before = rule.condition.due_ns
        change = rule.condition.offer(met, source_ns, now_ns)
        self._timers.arm_condition(rule, before)
        return self._apply(rule, change, now_ns)

    def _apply(self, rule: Rule, change: Change | None, now_ns: int) -> list[AlarmTransition]:
        if change is None:
            return []
        result = self._annunciator.changed(rule, change, now_ns)
        if not change.active:
            return result + self._shelving.returned(rule, now_ns)
        if rule.definition.kind is AlarmKind.CONNECTION:
            result += self._rollup.hide(rule.definition.connection, self._annunciator, now_ns)
        return result
