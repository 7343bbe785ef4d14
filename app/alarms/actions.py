"""What operators do to alarms: checked against the state of each, and carried out. Pure.

Who may do it: app.alarms.authority.
"""

from collections.abc import Callable
from dataclasses import replace

from app.alarms import refusals
from app.alarms.annunciation import Annunciator, next_step
from app.alarms.by import By
from app.alarms.rules import Rule
from app.alarms.service import Service
from app.alarms.shelving import Shelving
from app.alarms.states import AlarmInput
from app.model.alarm import AlarmEventKind
from app.model.alarm_state import AlarmTransition


class OperatorActions:
    """Each action returns its transitions, or raises AlarmRefused and changes nothing.

    ``event_id`` is that of the occurrence that the operator saw; where another one began since, it is refused.
    """

    def __init__(
        self, find: Callable[[str], Rule | None], annunciator: Annunciator, shelving: Shelving, service: Service
    ) -> None:
        self._find = find
        self._annunciator = annunciator
        self._shelving = shelving
        self._service = service

    def acknowledge(self, alarm_id: str, event_id: str, by: By) -> list[AlarmTransition]:
        """Acknowledge one occurrence."""
        rule = self._occurrence(alarm_id, event_id)
        row = next_step(rule, AlarmInput.ACKNOWLEDGE)
        if row is None:
            raise refusals.cannot_acknowledge(rule.snapshot)
        return self._annunciator.acknowledge(rule, row, by)

    def reset(self, alarm_id: str, event_id: str, by: By) -> list[AlarmTransition]:
        """End a latched alarm that has returned and is acknowledged."""
        rule = self._occurrence(alarm_id, event_id)
        row = next_step(rule, AlarmInput.RESET)
        if row is None:
            raise refusals.cannot_reset(rule.snapshot)
        return self._annunciator.reset(rule, row, by)

    def comment(self, alarm_id: str, event_id: str, by: By) -> list[AlarmTransition]:
        """Say something about an alarm."""
        rule = self._seen(alarm_id, event_id)
        if not by.comment.strip():
            raise refusals.comment_missing(alarm_id)
        return self._annunciator.show(rule, replace(rule.snapshot, comment=by.comment), AlarmEventKind.COMMENT, by)

    def shelve(self, alarm_id: str, event_id: str, by: By, duration_s: float | None) -> list[AlarmTransition]:
        """Shelve an alarm for a time, or once (None); it need not be active: then there is no ``event_id``."""
        return self._shelving.shelve(self._seen(alarm_id, event_id), by, duration_s)

    def unshelve(self, alarm_id: str, by: By) -> list[AlarmTransition]:
        """End a shelving."""
        return self._shelving.unshelve(self._rule(alarm_id), by)

    def remove_from_service(
        self, alarm_id: str, event_id: str, by: By, permit: str, approver: str
    ) -> list[AlarmTransition]:
        """Remove an alarm from service; as ``shelve`` it need not be active."""
        return self._service.remove(self._seen(alarm_id, event_id), by, permit, approver)

    def return_to_service(self, alarm_id: str, by: By) -> list[AlarmTransition]:
        """Return an alarm to service."""
        return self._service.bring_back(self._rule(alarm_id), by)

    def _rule(self, alarm_id: str) -> Rule:
        rule = self._find(alarm_id)
        if rule is None:
            raise refusals.unknown_alarm(alarm_id)
        return rule

    def _seen(self, alarm_id: str, event_id: str) -> Rule:
        rule = self._rule(alarm_id)
        if event_id and event_id != rule.snapshot.event_id:
            raise refusals.stale_event(alarm_id)
        return rule

    def _occurrence(self, alarm_id: str, event_id: str) -> Rule:
        rule = self._seen(alarm_id, event_id)
        if not event_id:
            raise refusals.stale_event(alarm_id)
        return rule
