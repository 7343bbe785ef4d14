"""The configured alarms at run time, found by id, tag, connection and group."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from app.alarms.conditions import condition_of
from app.model.alarm import AlarmDefinition, AlarmKind, AnnunciationState, Suppression
from app.model.alarm_state import AlarmSnapshot
from app.model.expressions import Expression
from app.model.sample import Sample


class Rule:
    """One alarm at run time.

    Attributes:
        sample: last sample of its tag.
        annunciated_ns: when it last became unacknowledged, in the time of the engine; 0: not in this run.
        armed_ns: when its state changes by itself, as its timer knows it (app.alarms.timers).
        queued_ns: the first time at which its timer looks for changes of its condition.

    """

    __slots__ = (
        "annunciated_ns",
        "armed_ns",
        "condition",
        "definition",
        "queued_ns",
        "sample",
        "snapshot",
        "suppress_when",
    )

    def __init__(self, definition: AlarmDefinition) -> None:
        self.definition = definition
        self.condition = condition_of(definition)
        self.suppress_when = Expression.parse(definition.suppress_when) if definition.suppress_when else None
        self.snapshot = normal(definition.id)
        self.sample: Sample | None = None
        self.annunciated_ns = 0
        self.armed_ns: int | None = None
        self.queued_ns: int | None = None

    @property
    def is_normal(self) -> bool:
        """Whether its annunciation is normal, suppressed or not."""
        return self.snapshot.state is AnnunciationState.NORMAL

    def restore(self, snapshot: AlarmSnapshot) -> None:
        """Take a state over from a former run."""
        self.snapshot = snapshot
        self.condition.restore(snapshot.active)


def normal(alarm_id: str, *, active: bool = False, shelvings: tuple[int, ...] = ()) -> AlarmSnapshot:
    """Return the state of an alarm of which there is nothing to tell."""
    return AlarmSnapshot(
        alarm_id, "", AnnunciationState.NORMAL, active=active, time_in_ns=0, count=0, shelvings=shelvings
    )


class RuleBook:
    """Finds rules.

    Attributes:
        by_tag: by every tag that their condition looks at; suppressed_by: by those that their suppression depends on.
        groups: by first-out group.

    """

    def __init__(self, definitions: Iterable[AlarmDefinition]) -> None:
        """Raises ExpressionError (``suppress_when``) and ValueError (an id twice)."""
        self._index(_rules(definitions, {}))
        self._fresh: list[Rule] = []

    def redefine(self, definitions: Iterable[AlarmDefinition]) -> list[Rule]:
        """Take other definitions; rules of the same definition stay. Returns those that ended: no more, or another.

        Raises as the constructor; nothing is changed then.
        """
        before = self.all
        self._index(_rules(definitions, before))
        self._fresh = [rule for name, rule in self.all.items() if before.get(name) is not rule]
        return [rule for name, rule in before.items() if not _goes_on(rule, self.all.get(name))]

    def read_anew(self, read: Callable[[str], Sample | None]) -> None:
        """Give every rule that is new the last samples of its tags."""
        for rule in self._fresh:
            if rule.sample is None and rule.definition.tag:
                rule.sample = read(rule.definition.tag)
            for name in rule.condition.inputs:
                if (sample := read(name)) is not None:
                    rule.condition.note(name, sample)
        self._fresh = []

    def _index(self, rules: dict[str, Rule]) -> None:
        self.all = rules
        self.by_tag: dict[str, list[Rule]] = {}
        self.connections: dict[str, list[Rule]] = {}
        """By connection, the alarms of its loss."""
        self.children: dict[str, list[Rule]] = {}
        """By connection, the alarms of its tags."""
        self.suppressed_by: dict[str, list[Rule]] = {}
        self.groups: dict[str, list[Rule]] = {}
        for rule in rules.values():
            definition = rule.definition
            if definition.kind is AlarmKind.CONNECTION:
                self.connections.setdefault(definition.connection, []).append(rule)
            else:
                for name in rule.condition.inputs:
                    self.by_tag.setdefault(name, []).append(rule)
                if definition.connection:
                    self.children.setdefault(definition.connection, []).append(rule)
            for name in rule.suppress_when.names if rule.suppress_when else ():
                self.suppressed_by.setdefault(name, []).append(rule)
            if definition.first_out:
                self.groups.setdefault(definition.first_out, []).append(rule)


def without_lost_design(snapshot: AlarmSnapshot, rule: Rule) -> AlarmSnapshot | None:
    """Return a state as a rule can take it over; None: it must begin anew, so that an active one annunciates.

    That is so where its suppression by design was removed from the project and nothing else suppresses it.
    """
    if Suppression.DESIGN not in snapshot.suppression or rule.suppress_when is not None:
        return snapshot
    left = snapshot.suppression - {Suppression.DESIGN}
    return replace(snapshot, suppression=left) if left else None


def _rules(definitions: Iterable[AlarmDefinition], before: Mapping[str, Rule]) -> dict[str, Rule]:
    """Return a rule each, those of before where nothing changed."""
    rules: dict[str, Rule] = {}
    for definition in definitions:
        if definition.id in rules:
            raise ValueError(f"alarm '{definition.id}' is defined twice")
        known = before.get(definition.id)
        if known is not None and known.definition == definition:
            rules[definition.id] = known
            continue
        rule = rules[definition.id] = Rule(definition)
        if known is not None and _goes_on(known, rule):
            rule.snapshot = without_lost_design(known.snapshot, rule) or rule.snapshot
            rule.sample, rule.annunciated_ns = known.sample, known.annunciated_ns
            rule.condition.restore(known.condition.active)
    return rules


def _goes_on(rule: Rule, other: Rule | None) -> bool:
    """Tell whether another rule watches the same thing; one whose suppression ended begins anew, to annunciate."""
    if other is None:
        return False
    old, new = rule.definition, other.definition
    same = (old.kind, old.tag, old.connection) == (new.kind, new.tag, new.connection)
    return same and without_lost_design(rule.snapshot, other) is not None
