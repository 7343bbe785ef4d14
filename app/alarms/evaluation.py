"""From samples to changes of conditions: which alarm hears what, and what follows of it. Pure: time is an argument."""

import math
from collections.abc import Callable

from app.alarms.annunciation import Annunciator
from app.alarms.conditions import Change, Condition
from app.alarms.rollup import RollUp
from app.alarms.rules import Rule, RuleBook
from app.alarms.shelving import Shelving
from app.alarms.suppression import Suppressor
from app.alarms.timers import Timers
from app.model.alarm import AlarmKind, Suppression
from app.model.alarm_state import AlarmTransition
from app.model.sample import Sample
from app.model.status import tells_of_communication


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
            result += self.expire(rule, now_ns)
            if rule.definition.tag != tag:
                result += self._hear(rule, tag, sample, now_ns)
                continue
            rule.sample = sample
            back = self._rollup.heard(rule, self._annunciator, now_ns)
            result += back
            result += self._hear(rule, tag, sample, now_ns)
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
            result += self.expire(rule, now_ns)
            result += self._offer(rule, lost, now_ns)
        if lost:
            return result + self._hide(connection_id, now_ns)
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
        """Take what time alone has brought to the condition of an alarm by now."""
        condition, result = rule.condition, []
        if condition.due_ns is not None and condition.due_ns <= now_ns:
            while (change := condition.expire(now_ns)) is not None:
                result += self._apply(rule, change, now_ns)
            self._timers.arm_condition(rule)
        return result

    def reconsider(self, now_ns: int) -> list[AlarmTransition]:
        """Evaluate every alarm with what is known already."""
        result: list[AlarmTransition] = []
        for rule in self._book().all.values():
            result += self._suppressor.follow_design(rule, self._inputs, now_ns, now_ns)
            if rule.definition.kind is not AlarmKind.CONNECTION:
                result += self._judge_again(rule, now_ns)
            elif (lost := self._rollup.lost(rule.definition.connection)) is not None:
                result += self._offer(rule, lost, now_ns)
        return result

    def looks_at(self, tag: str) -> bool:
        """Tell whether any alarm, or its suppression, depends on a tag."""
        book = self._book()
        return tag in book.by_tag or tag in book.suppressed_by

    def along_with(self, tag: str) -> frozenset[str]:
        """Return the tags whose samples must be heard in the same order as those of this one.

        They have an alarm whose suppression depends on this tag, or that looks at both (``joints`` are left out).
        """
        book = self._book()
        names = {rule.definition.tag for rule in book.suppressed_by.get(tag, ())}
        for rule in book.by_tag.get(tag, ()):
            if rule.condition.joint is None:
                names.update(rule.condition.inputs)
        return frozenset(names - {tag, ""})

    def joints(self) -> list[Condition]:
        """Return the conditions that compare two tags and nothing else."""
        return [rule.condition for rule in self._book().all.values() if rule.condition.joint is not None]

    def quiet_band(self, tag: str) -> tuple[float, float] | None:
        """Return from which to which number (both included) a sample of a tag that is not bad changes nothing now.

        Nothing but of ``joints``, and of alarms that must remember every number (``absorb``), which are left out.
        None where there is no such band: a suppression depends on the tag, an alarm of it heard last of a bad sample
        or none, or is hidden behind the loss of its connection. A band holds until ``due_ns`` or the next call of
        ``process`` with this tag or one ``along_with`` it, of ``reconsider``, or of ``AlarmEngine.look``. Who keeps
        samples away tells the last of them by ``note`` before these, except for the first.
        """
        book = self._book()
        if tag in book.suppressed_by:
            return None
        low, high = -math.inf, math.inf
        for rule in book.by_tag.get(tag, ()):
            if Suppression.COMMUNICATION in rule.snapshot.suppression:
                return None
            if rule.condition.joint is not None or rule.condition.remembers:
                continue
            band = rule.condition.band(tag)
            if band is None:
                return None
            low, high = max(low, band[0]), min(high, band[1])
        return low, high

    def memories(self, tag: str) -> list[Rule]:
        """Return the alarms that must remember every number of a tag: those in its band are to be absorbed."""
        return [rule for rule in self._book().by_tag.get(tag, ()) if rule.condition.remembers]

    def absorb(self, rule: Rule, number: float, source_ns: int, now_ns: int) -> bool:
        """Let an alarm that remembers take a number that lies in the band of its tag; False: it is to be processed.

        Before ``due_ns`` only, which may be another one then; and not where something is ``along_with`` the tag.
        """
        taken = rule.condition.absorb(number, source_ns, now_ns)
        self._timers.arm_condition(rule)
        return taken

    def due_ns(self, tag: str) -> int | None:
        """Return when time alone changes a condition that looks at a tag; None: never, as it is now."""
        due = [rule.condition.due_ns for rule in self._book().by_tag.get(tag, ())]
        return min((each for each in due if each is not None), default=None)

    def note(self, tag: str, sample: Sample) -> None:
        """Take the last of the samples that were kept away because they change nothing (``quiet_band``)."""
        for rule in self._book().by_tag.get(tag, ()):
            if rule.definition.tag == tag:
                rule.sample = sample
            rule.condition.note(tag, sample)

    def _hide(self, connection_id: str, now_ns: int) -> list[AlarmTransition]:
        for rule in self._book().children.get(connection_id, ()):
            if not rule.is_normal:
                self._look_at(rule)
        return self._rollup.hide(connection_id, self._annunciator, now_ns)

    def _hear(self, rule: Rule, tag: str, sample: Sample, now_ns: int) -> list[AlarmTransition]:
        change = rule.condition.hear(tag, sample, now_ns, lost=self._is_lost(rule))
        self._timers.arm_condition(rule)
        return self._apply(rule, change, now_ns)

    def _is_lost(self, rule: Rule) -> bool:
        definition = rule.definition
        return definition.kind is AlarmKind.BAD_QUALITY and bool(self._rollup.lost(definition.connection))

    def _judge_again(self, rule: Rule, now_ns: int) -> list[AlarmTransition]:
        """Evaluate an alarm with the last sample of its tag, unless that came of the connection."""
        if rule.sample is None or tells_of_communication(rule.sample.status):
            return []
        change = rule.condition.again(rule.sample.source_ns, now_ns, lost=self._is_lost(rule))
        self._timers.arm_condition(rule)
        return self._apply(rule, change, now_ns)

    def _offer(self, rule: Rule, met: bool, now_ns: int) -> list[AlarmTransition]:
        change = rule.condition.offer(met, now_ns, now_ns)
        self._timers.arm_condition(rule)
        return self._apply(rule, change, now_ns)

    def _apply(self, rule: Rule, change: Change | None, now_ns: int) -> list[AlarmTransition]:
        if change is None:
            return []
        result = self._annunciator.changed(rule, change, now_ns)
        if not change.active:
            return result + self._shelving.returned(rule, now_ns)
        if rule.definition.kind is AlarmKind.CONNECTION:
            result += self._hide(rule.definition.connection, now_ns)
        return result
