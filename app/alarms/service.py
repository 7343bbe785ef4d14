"""Out of service: an alarm kept silent for maintenance, under a permit, until somebody ends it. Pure."""

from dataclasses import replace

from app.alarms import refusals
from app.alarms.by import By
from app.alarms.rules import Rule
from app.alarms.suppression import Suppressor
from app.model.alarm import AlarmEventKind, Priority, Suppression
from app.model.alarm_state import AlarmSnapshot, AlarmTransition, OutOfService


class Service:
    """Removes alarms from service and returns them."""

    def __init__(self, suppressor: Suppressor) -> None:
        self._suppressor = suppressor

    def remove(self, rule: Rule, by: By, permit: str, approver: str) -> list[AlarmTransition]:
        """Remove an alarm from service; a shelving ends by it. ``approver``: a second person, who was asked.

        Raises:
            AlarmRefused: no reason, no permit, no approver for priority 1, out of service already.

        """
        before = rule.snapshot
        if not by.comment.strip():
            raise refusals.comment_missing(before.id)
        if not permit.strip():
            raise refusals.permit_missing(before.id)
        if before.service is not None:
            raise refusals.out_of_service(before.id, before.service.user)
        alone = not approver or approver.casefold() == by.user.casefold()
        if rule.definition.priority is Priority.CRITICAL and alone:
            raise refusals.approver_missing(before.id)
        service = OutOfService(permit.strip(), by.comment, by.user, by.desk, approver, by.at_ns)

        def change(shot: AlarmSnapshot) -> AlarmSnapshot:
            return replace(shot, service=service, shelved=None, suppression=shot.suppression - {Suppression.SHELVED})

        return self._suppressor.enter(
            rule, Suppression.OUT_OF_SERVICE, AlarmEventKind.OUT_OF_SERVICE, by, change=change, journalled=True
        )

    def bring_back(self, rule: Rule, by: By) -> list[AlarmTransition]:
        """Return an alarm to service; raises AlarmRefused where it is."""
        if rule.snapshot.service is None:
            raise refusals.in_service(rule.definition.id)
        return self._suppressor.leave(
            rule, Suppression.OUT_OF_SERVICE, AlarmEventKind.IN_SERVICE, by,
            change=lambda shot: replace(shot, service=None), journalled=True,
        )  # fmt: skip
