"""Shelving: an operator keeps an alarm silent for a limited time, with a reason; it ends by itself. Pure."""

from dataclasses import replace
from typing import Final

from app.alarms import refusals
from app.alarms.by import By
from app.alarms.rules import Rule
from app.alarms.suppression import Suppressor
from app.model.alarm import AlarmEventKind, Suppression
from app.model.alarm_state import SHELVINGS_WITHIN_S, AlarmSnapshot, AlarmTransition, Shelved
from app.model.clock import SECOND_NS

_GOOD: Final = 0


class Shelving:
    """Shelves and unshelves."""

    def __init__(self, suppressor: Suppressor) -> None:
        self._suppressor = suppressor

    def shelve(self, rule: Rule, by: By, duration_s: float | None) -> list[AlarmTransition]:
        """Shelve an alarm for a time; None: once, until it returns, at most for the longest time.

        The transition is journalled with the time (s) until it ends by itself as its value.

        Raises:
            AlarmRefused: no reason, not shelvable, for too long, shelved or out of service already.

        """
        before, longest_s = rule.snapshot, rule.definition.longest_shelving_s
        if not by.comment.strip():
            raise refusals.comment_missing(before.id)
        if not longest_s > 0:
            raise refusals.not_shelvable(before.id)
        if before.shelved is not None:
            raise refusals.already_shelved(before.id, before.shelved.user)
        if before.service is not None:
            raise refusals.out_of_service(before.id, before.service.user)
        lasts_s = longest_s if duration_s is None else duration_s
        if not 0 < lasts_s <= longest_s:
            raise refusals.bad_duration(before.id, longest_s)
        until_ns = by.at_ns + round(lasts_s * SECOND_NS)
        shelved = Shelved(until_ns, duration_s is None, by.comment, by.user, by.desk, by.at_ns)
        since_ns = by.at_ns - round(SHELVINGS_WITHIN_S * SECOND_NS)
        recent = (*(each for each in before.shelvings if each > since_ns), by.at_ns)

        def change(shot: AlarmSnapshot) -> AlarmSnapshot:
            return replace(shot, shelved=shelved, shelvings=recent)

        return self._suppressor.enter(
            rule, Suppression.SHELVED, AlarmEventKind.SHELVE, by, change=change, told=(lasts_s, _GOOD), journalled=True
        )

    def unshelve(self, rule: Rule, by: By) -> list[AlarmTransition]:
        """End a shelving; raises AlarmRefused where there is none."""
        if rule.snapshot.shelved is None:
            raise refusals.not_shelved(rule.definition.id)
        return self.end(rule, by)

    def end(self, rule: Rule, by: By) -> list[AlarmTransition]:
        """End a shelving, by a user or by itself."""
        return self._suppressor.leave(
            rule, Suppression.SHELVED, AlarmEventKind.UNSHELVE, by,
            change=lambda shot: replace(shot, shelved=None), journalled=True,
        )  # fmt: skip

    def returned(self, rule: Rule, now_ns: int) -> list[AlarmTransition]:
        """Hear that an alarm returned: that ends a shelving that was for once."""
        shelved = rule.snapshot.shelved
        return self.end(rule, By(now_ns)) if shelved is not None and shelved.once else []
