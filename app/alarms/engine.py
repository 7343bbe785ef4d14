"""The alarm engine: every configured alarm, evaluated, annunciated, suppressed. Pure: time is an argument.

One thread at a time (the engine's event loop). Each method returns the transitions it caused, in order; the
caller persists them before anyone is shown them. The parts: ``evaluation`` (samples), ``actions`` (operators).
"""

from collections.abc import Callable, Iterable, Mapping

from app.alarms.actions import OperatorActions
from app.alarms.annunciation import Annunciator, transition
from app.alarms.by import By
from app.alarms.evaluation import Evaluation
from app.alarms.eventids import event_ids
from app.alarms.firstout import FirstOut
from app.alarms.rollup import RollUp
from app.alarms.rules import Rule, RuleBook, normal, without_lost_design
from app.alarms.service import Service
from app.alarms.shelving import Shelving
from app.alarms.suppression import Suppressor
from app.alarms.timers import Timers, must_escalate, must_realarm, shelving_is_over
from app.model.alarm import AlarmDefinition, AlarmEventKind, AnnunciationState
from app.model.alarm_state import AlarmSnapshot, AlarmTransition
from app.model.sample import Sample


class AlarmEngine:
    """Evaluates alarms and keeps their states."""

    def __init__(self, definitions: Iterable[AlarmDefinition], new_event_id: Callable[[], str] | None = None) -> None:
        """Take the definitions of a checked project. ``new_event_id`` gives an identity that none had.

        Raises:
            ExpressionError: a ``suppress_when`` does not parse (a checked project has none such).
            ValueError: two alarms have the same id.

        """
        self.look: Callable[[str], None] = lambda tag: None
        """Called with a tag before its last sample is looked at again: who keeps samples away brings it by then."""
        self._book = RuleBook(definitions)
        self._timers = Timers()
        rollup = RollUp(self._rule_book)
        self._annunciator = Annunciator(
            new_event_id or event_ids(), self._timers, FirstOut(lambda group: self._book.groups.get(group, ()))
        )
        self._suppressor = Suppressor(self._annunciator, rollup.is_cut_off)
        self._shelving = Shelving(self._suppressor)
        self.evaluation = Evaluation(
            self._rule_book, self._annunciator, self._suppressor, self._shelving, rollup, self._timers, self._look_at
        )
        self.actions = OperatorActions(self._find, self._annunciator, self._shelving, Service(self._suppressor))

    def redefine(
        self, definitions: Iterable[AlarmDefinition], read: Callable[[str], Sample | None], now_ns: int
    ) -> list[AlarmTransition]:
        """Take other definitions; ``reconsider`` afterwards. Alarms whose definition is the same stay as they are.

        One that watches the same thing by other rules keeps its occurrence and its acknowledgement until it is
        evaluated. One that is no more, or watches something else, returns. ``read`` gives the last sample of a tag.

        Raises:
            ExpressionError, ValueError: as the constructor; nothing is changed then.

        """
        ended = self._book.redefine(definitions)
        self.evaluation.read_inputs(read)
        self._book.read_anew(read)
        for rule in self._book.all.values():
            self._timers.arm(rule)
        result = []
        for rule in ended:
            was, rule.snapshot = rule.snapshot, normal(rule.definition.id)
            if was.state is not AnnunciationState.NORMAL or was.suppression:
                shown = was.state is not AnnunciationState.NORMAL
                result.append(transition(rule, AlarmEventKind.RETURN, was.state, By(now_ns), journalled=shown))
        return result

    @property
    def definitions(self) -> Mapping[str, AlarmDefinition]:
        """Definitions by alarm id."""
        return {name: rule.definition for name, rule in self._book.all.items()}

    def definition(self, alarm_id: str) -> AlarmDefinition | None:
        """Return the definition of an alarm; None where there is no such alarm."""
        rule = self._book.all.get(alarm_id)
        return None if rule is None else rule.definition

    @property
    def next_due_ns(self) -> int | None:
        """When ``tick`` must be called next (ns, the time base of ``now_ns``); None while nothing ends by itself."""
        return self._timers.next_due_ns(self._book.all)

    def process(self, tag: str, sample: Sample, now_ns: int) -> list[AlarmTransition]:
        """Evaluate the alarms of a tag, and the suppressions that depend on it, with one sample.

        Samples of a tag must come in the order of their source time; leave late ones out.
        """
        return self.evaluation.process(tag, sample, now_ns)

    def connection_changed(self, connection_id: str, lost: bool, now_ns: int) -> list[AlarmTransition]:
        """Tell that a connection was lost or is back; while lost, bad quality of its tags raises no own alarm."""
        return self.evaluation.connection_changed(connection_id, lost, now_ns)

    def tick(self, now_ns: int) -> list[AlarmTransition]:
        """End the delays and shelvings that are over, annunciate anew, escalate; call at ``next_due_ns``."""
        result: list[AlarmTransition] = []
        while (rule := self._timers.pop(self._book.all, now_ns)) is not None:
            self._look_at(rule)
            result += self.evaluation.expire(rule, now_ns)
            if shelving_is_over(rule, now_ns):
                result += self._shelving.end(rule, By(now_ns))
            if must_realarm(rule, now_ns):
                result += self._annunciator.realarm(rule, now_ns)
            if must_escalate(rule, now_ns):
                result += self._annunciator.escalate(rule, now_ns)
        return result

    def reconsider(self, now_ns: int) -> list[AlarmTransition]:
        """Evaluate every alarm with what is known already, for states that were restored late."""
        return self.evaluation.reconsider(now_ns)

    def snapshot(self, alarm_id: str) -> AlarmSnapshot | None:
        """Return the state of an alarm, also while it is normal; None where there is no such alarm."""
        rule = self._book.all.get(alarm_id)
        return None if rule is None else rule.snapshot

    def snapshots(self) -> list[AlarmSnapshot]:
        """Return every alarm that is not normal, or is suppressed."""
        return [rule.snapshot for rule in self._book.all.values() if not rule.is_normal or rule.snapshot.suppression]

    def restore(self, snapshots: Iterable[AlarmSnapshot]) -> list[str]:
        """Take over the states of a former run; nothing annunciates by it.

        Call it before the first evaluation. Where that was not possible (the database was away), call it when it is,
        and ``reconsider`` afterwards: alarms in which something happened meanwhile stay as they are.

        Returns:
            Ids of alarms that the project no longer has, or whose suppression it no longer has: these begin anew, so
            that an active one annunciates. The caller drops their stored state.

        """
        gone: list[str] = []
        for stored in snapshots:
            rule = self._book.all.get(stored.id)
            snapshot = None if rule is None else without_lost_design(stored, rule)
            if rule is None or snapshot is None:
                gone.append(stored.id)
            elif not rule.snapshot.event_id and not rule.snapshot.suppression:
                rule.restore(snapshot)
                self._timers.arm(rule)
        return gone

    def silence(self, snapshots: Iterable[AlarmSnapshot], now_ns: int) -> list[AlarmTransition]:
        """Shelve, or take out of service, what a former run had so and ``restore`` came too late for."""
        result: list[AlarmTransition] = []
        for stored in snapshots:
            rule = self._book.all.get(stored.id)
            if rule is not None and rule.snapshot.shelved is None and rule.snapshot.service is None:
                self._look_at(rule)
                result += self._suppressor.enter_again(rule, stored, By(now_ns))
        return result

    def _rule_book(self) -> RuleBook:
        return self._book

    def _find(self, alarm_id: str) -> Rule | None:
        rule = self._book.all.get(alarm_id)
        if rule is not None:
            self._look_at(rule)
        return rule

    def _look_at(self, rule: Rule) -> None:
        if rule.definition.tag:
            self.look(rule.definition.tag)
