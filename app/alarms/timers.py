"""When alarms change by themselves: ends of delays and shelvings, re-alarms, escalations. Pure: time is an argument."""

import heapq
from collections.abc import Mapping

from app.alarms.rules import Rule
from app.model.alarm import AnnunciationState
from app.model.clock import SECOND_NS


def state_due_ns(rule: Rule) -> int | None:
    """Return when the state of an alarm changes though nothing happens to its condition; None: not by itself."""
    ends = (_shelving_end_ns(rule), _realarm_ns(rule), _escalation_ns(rule))
    return min((each for each in ends if each is not None), default=None)


def shelving_is_over(rule: Rule, now_ns: int) -> bool:
    """Tell whether a shelving has lasted its time."""
    return _is_over(_shelving_end_ns(rule), now_ns)


def must_realarm(rule: Rule, now_ns: int) -> bool:
    """Tell whether an acknowledged alarm has been active for so long that it annunciates anew."""
    return _is_over(_realarm_ns(rule), now_ns)


def must_escalate(rule: Rule, now_ns: int) -> bool:
    """Tell whether nobody acknowledged an alarm in the time given for that."""
    return _is_over(_escalation_ns(rule), now_ns)


def _is_over(end_ns: int | None, now_ns: int) -> bool:
    return end_ns is not None and end_ns <= now_ns


def _shelving_end_ns(rule: Rule) -> int | None:
    shelved = rule.snapshot.shelved
    return None if shelved is None else shelved.until_ns


def _realarm_ns(rule: Rule) -> int | None:
    shot, definition = rule.snapshot, rule.definition
    if not definition.realarm_s or shot.suppression or shot.state is not AnnunciationState.ACKNOWLEDGED:
        return None
    return None if shot.time_ack_ns is None else shot.time_ack_ns + round(definition.realarm_s * SECOND_NS)


def _escalation_ns(rule: Rule) -> int | None:
    shot, definition = rule.snapshot, rule.definition
    if not definition.escalate_s or shot.suppression or shot.escalated:
        return None
    if shot.state is not AnnunciationState.UNACKNOWLEDGED:
        return None
    return (rule.annunciated_ns or shot.time_in_ns) + round(definition.escalate_s * SECOND_NS)


class Timers:
    """A heap of times by alarm; entries that do not hold any more are left in it, and skipped."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, str]] = []

    def arm(self, rule: Rule) -> None:
        """Look anew when the state of an alarm changes by itself; call after every change of it."""
        due = state_due_ns(rule)
        if due is not None and due != rule.armed_ns:
            heapq.heappush(self._heap, (due, rule.definition.id))
        rule.armed_ns = due

    def arm_condition(self, rule: Rule) -> None:
        """Look anew when time alone changes the condition of an alarm; call after every sample.

        A time that moves on with each sample has one entry all the same: the first, which is put off when it comes.
        """
        due, queued = rule.condition.due_ns, rule.queued_ns
        if due is not None and (queued is None or due < queued):
            heapq.heappush(self._heap, (due, rule.definition.id))
            rule.queued_ns = due

    def next_due_ns(self, rules: Mapping[str, Rule]) -> int | None:
        """Return when the first alarm changes by itself; None: none does."""
        while self._heap:
            due, name = self._heap[0]
            rule = rules.get(name)
            if rule is not None and due in {rule.condition.due_ns, rule.armed_ns}:
                return due
            heapq.heappop(self._heap)
            if rule is not None:
                self._put_off(rule, due)
        return None

    def pop(self, rules: Mapping[str, Rule], now_ns: int) -> Rule | None:
        """Return the first alarm that changes by itself until now, and forget that entry; None where none does."""
        due = self.next_due_ns(rules)
        if due is None or due > now_ns:
            return None
        _, name = heapq.heappop(self._heap)
        rule = rules[name]
        self._put_off(rule, due)
        return rule

    def _put_off(self, rule: Rule, due: int) -> None:
        if rule.queued_ns == due:
            rule.queued_ns = None
            if rule.condition.due_ns != due:
                self.arm_condition(rule)
