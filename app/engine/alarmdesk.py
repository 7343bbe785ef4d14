"""All alarms as desks see them: those judged here and those that devices judge, in one list."""

from typing import Final

from app.engine.alarmservice import AlarmService
from app.engine.externalalarms import ExternalAlarmService
from app.link.messages import AcknowledgeRefusal, AcknowledgeReport, AcknowledgeRequest, AlarmActionRequest
from app.model.alarm_action import AlarmAction
from app.model.alarm_state import AlarmSnapshot
from app.model.flood import FloodState
from app.model.text import LocalText
from app.model.user import Session

_OWN: Final = LocalText(
    "{0}: only alarms that a device judges can be confirmed, commented or shelved", "{0}：仅设备自身的报警可执行此操作"
)


class AlarmDesk:
    """Passes what desks ask to whoever judges the alarm. Belongs to the event loop."""

    def __init__(self, own: AlarmService, external: ExternalAlarmService) -> None:
        self._own = own
        self._external = external

    def snapshots(self) -> tuple[AlarmSnapshot, ...]:
        """Return every alarm that is not normal, or is suppressed."""
        return (*self._own.snapshots(), *self._external.snapshots())

    def counts(self) -> tuple[int, int]:
        """Return the number of active and of unacknowledged alarms that annunciate."""
        shown = [each for each in self.snapshots() if not each.suppression]
        return sum(each.active for each in shown), sum(each.unacknowledged for each in shown)

    def flood(self) -> FloodState:
        """Return whether more alarms come than can be answered."""
        return FloodState()

    async def acknowledge(self, request: AcknowledgeRequest, session: Session) -> AcknowledgeReport:
        """Acknowledge occurrences of both kinds."""
        foreign = tuple(pair for pair in request.alarms if self._external.knows(pair[0]))
        own = tuple(pair for pair in request.alarms if pair not in foreign)
        reports = []
        if own:
            reports.append(await self._own.acknowledge(AcknowledgeRequest(own, request.comment), session))
        if foreign:
            asked = AlarmActionRequest(AlarmAction.ACKNOWLEDGE, foreign, request.comment)
            reports.append(await self._external.act(asked, session))
        return AcknowledgeReport(
            tuple(shot for each in reports for shot in each.accepted),
            tuple(refusal for each in reports for refusal in each.refused),
        )

    async def act(self, request: AlarmActionRequest, session: Session) -> AcknowledgeReport:
        """Confirm, comment or shelve alarms that devices judge."""
        if request.action is AlarmAction.ACKNOWLEDGE:
            return await self.acknowledge(AcknowledgeRequest(request.alarms, request.comment), session)
        ours = {each.id for each in self._own.snapshots()}
        refused = tuple(
            AcknowledgeRefusal(alarm, LocalText(_OWN.en.format(alarm), _OWN.zh.format(alarm)))
            for alarm, _ in request.alarms
            if alarm in ours
        )
        report = await self._external.act(
            AlarmActionRequest(
                request.action,
                tuple(pair for pair in request.alarms if pair[0] not in ours),
                request.comment,
                request.duration_s,
            ),
            session,
        )
        return AcknowledgeReport(report.accepted, (*refused, *report.refused))
