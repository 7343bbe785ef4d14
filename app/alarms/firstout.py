"""First-out groups: which alarm of a group that trips together came first. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from app.alarms.rules import Rule


class FirstOut:
    """Marks the first alarm of a group that comes while none of it is active or unacknowledged."""

    def __init__(self, members: Callable[[str], Sequence[Rule]]) -> None:
        """``members`` returns the alarms of a group by its name."""
        self._members = members

    def marks(self, rule: Rule) -> bool:
        """Tell whether the occurrence that begins now for an alarm is, or still is, the first of its group."""
        if not rule.definition.first_out:
            return False
        if any(_stands(each) for each in self._members(rule.definition.first_out)):
            return rule.snapshot.first_out
        return True

    def outdated(self, rule: Rule) -> list[Rule]:
        """Take away the marks that no longer hold after a change of an alarm, and return whose they were.

        A mark holds until the whole group is normal, or another of it is the first of the next trip.
        """
        if not rule.definition.first_out:
            return []
        members = self._members(rule.definition.first_out)
        over = all(each.is_normal for each in members)
        others = rule.snapshot.first_out
        gone = [each for each in members if each.snapshot.first_out and (over or (others and each is not rule))]
        for each in gone:
            each.snapshot = replace(each.snapshot, first_out=False)
        return gone


def _stands(rule: Rule) -> bool:
    shot = rule.snapshot
    return not rule.is_normal and (shot.active or shot.unacknowledged)
