"""What keeps an alarm silent: a set, not empty while it is suppressed. Pure.

A suppressed alarm is evaluated and journalled, and its annunciation is normal; where the set becomes empty, an active
one annunciates as a new occurrence. A lost connection alone only hides what an alarm was: see app.alarms.rollup.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from app.alarms.annunciation import Annunciator
from app.alarms.by import By
from app.alarms.conditions import Change
from app.alarms.rules import Rule, normal
from app.model.alarm import AlarmEventKind, AnnunciationState, Suppression
from app.model.alarm_state import AlarmSnapshot, AlarmTransition
from app.model.sample import Sample, Value

_NORMAL = AnnunciationState.NORMAL


class Suppressor:
    """Puts members into the sets of rules, and takes them out."""

    def __init__(self, annunciator: Annunciator, is_cut_off: Callable[[Rule], bool]) -> None:
        """``is_cut_off`` tells whether the connection of an alarm is lost."""
        self._annunciator = annunciator
        self._is_cut_off = is_cut_off

    def enter(
        self,
        rule: Rule,
        member: Suppression,
        kind: AlarmEventKind,
        by: By,
        *,
        change: Callable[[AlarmSnapshot], AlarmSnapshot] = lambda shot: shot,
        source_ns: int | None = None,
        told: tuple[Value, int] | None = None,
        journalled: bool | None = None,
    ) -> list[AlarmTransition]:
        """Keep an alarm silent from now on. ``change``: what else becomes of its snapshot.

        Where it hides nothing, no occurrence is kept: one that stands when the suppression ends tells that there is
        something to journal then, also after a restart. ``journalled`` None: where it hides something.
        """
        before = rule.snapshot
        hides = before.state is not _NORMAL
        kept = before
        if not hides and not before.suppression:
            kept = normal(before.id, active=before.active, shelvings=before.shelvings)
        shot = change(replace(kept, state=_NORMAL, suppression=before.suppression | {member}))
        return self._annunciator.show(
            rule, shot, kind, by, source_ns=source_ns, told=told, journalled=hides if journalled is None else journalled
        )

    def enter_again(self, rule: Rule, stored: AlarmSnapshot, by: By) -> list[AlarmTransition]:
        """Shelve an alarm, or take it out of service, as it is stored to have been; nothing where it was neither."""
        member = Suppression.SHELVED if stored.shelved is not None else Suppression.OUT_OF_SERVICE
        if stored.shelved is None and stored.service is None:
            return []

        def change(shot: AlarmSnapshot) -> AlarmSnapshot:
            return replace(shot, shelved=stored.shelved, service=stored.service, shelvings=stored.shelvings)

        return self.enter(rule, member, AlarmEventKind.SUPPRESS, by, change=change)

    def leave(
        self,
        rule: Rule,
        member: Suppression,
        kind: AlarmEventKind,
        by: By,
        *,
        change: Callable[[AlarmSnapshot], AlarmSnapshot] = lambda shot: shot,
        source_ns: int | None = None,
        journalled: bool | None = None,
    ) -> list[AlarmTransition]:
        """End one reason to be silent. ``journalled`` None: where there is an occurrence to tell of."""
        before = rule.snapshot
        left = before.suppression - {member}
        if not left and rule.condition.active and self._is_cut_off(rule):
            left = frozenset({Suppression.COMMUNICATION})  # what it is now, nobody knows
        result = self._annunciator.show(
            rule, change(replace(before, suppression=left)), kind, by, source_ns=source_ns,
            journalled=bool(before.event_id) if journalled is None else journalled,
        )  # fmt: skip
        return result + self.settle(rule, by.at_ns if source_ns is None else source_ns, by.at_ns)

    def settle(self, rule: Rule, source_ns: int, now_ns: int) -> list[AlarmTransition]:
        """Annunciate an alarm that nothing suppresses any more, and whose condition holds."""
        if rule.snapshot.suppression or not rule.is_normal or not rule.condition.active:
            return []
        return self._annunciator.changed(rule, Change(True, source_ns), now_ns)

    def follow_design(
        self, rule: Rule, inputs: Mapping[str, Sample], source_ns: int, now_ns: int
    ) -> list[AlarmTransition]:
        """Follow the rule that suppresses an alarm by design; an outcome that is not good changes nothing.

        The rule itself stands in the transition as its comment.
        """
        if rule.suppress_when is None:
            return []
        outcome = rule.suppress_when.evaluate(inputs.get)
        if not outcome.is_good or outcome.is_true == (Suppression.DESIGN in rule.snapshot.suppression):
            return []
        follow, kind = (
            (self.enter, AlarmEventKind.SUPPRESS) if outcome.is_true else (self.leave, AlarmEventKind.UNSUPPRESS)
        )
        by = By(now_ns, comment=rule.definition.suppress_when)
        return follow(rule, Suppression.DESIGN, kind, by, source_ns=source_ns)
