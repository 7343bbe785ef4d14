"""All alarms as desks see them: those judged here and those that devices judge, in one list."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from app.engine.alarmactions import AlarmActionService
from app.engine.alarmservice import AlarmService
from app.engine.externalalarms import ExternalAlarmService
from app.engine.floodwatch import FloodWatch
from app.link.messages import AcknowledgeRefusal, AcknowledgeReport, AcknowledgeRequest, AlarmActionRequest
from app.model.alarm_action import AlarmAction
from app.model.alarm_state import AlarmSnapshot
from app.model.flood import FloodState
from app.model.text import LocalText
from app.model.user import Session

_NOT_OF_DEVICES: Final = LocalText(
    "{0}: a device judges this alarm; reset it or take it out of service there", "{0}：该报警由设备判断，请在设备上操作"
)
_OURS: Final = frozenset({AlarmAction.RESET, AlarmAction.REMOVE_FROM_SERVICE, AlarmAction.RETURN_TO_SERVICE})


class AlarmDesk:
    """Passes what desks ask to whoever judges the alarm. Belongs to the event loop."""

    def __init__(
        self, own: AlarmService, actions: AlarmActionService, external: ExternalAlarmService, flood: FloodWatch
    ) -> None:
        self._own = own
        self._actions = actions
        self._external = external
        self._flood = flood

    def snapshots(self) -> tuple[AlarmSnapshot, ...]:
        """Return every alarm that is not normal, or is suppressed."""
        return (*self._own.snapshots(), *self._external.snapshots())

    def portions(self, size: int) -> Iterator[tuple[AlarmSnapshot, ...]]:
        """Return the same in portions, each as it is when it is asked for: some may be normal by then."""
        ids = [each.id for each in self.snapshots()]
        for first in range(0, len(ids), size):
            foreign = {each.id: each for each in self._external.snapshots()}
            present = (foreign.get(name) or self._own.snapshot(name) for name in ids[first : first + size])
            yield tuple(each for each in present if each is not None)

    def counts(self) -> tuple[int, int]:
        """Return the number of active and of unacknowledged alarms that annunciate."""
        shown = [each for each in self.snapshots() if not each.suppression]
        return sum(each.active for each in shown), sum(each.unacknowledged for each in shown)

    def flood(self) -> FloodState:
        """Return whether more alarms come than can be answered."""
        return self._flood.state()

    async def acknowledge(self, request: AcknowledgeRequest, session: Session) -> AcknowledgeReport:
        """Acknowledge occurrences of both kinds."""
        return await self.act(AlarmActionRequest(AlarmAction.ACKNOWLEDGE, request.alarms, request.comment), session)

    async def act(self, request: AlarmActionRequest, session: Session) -> AcknowledgeReport:
        """Do what is asked with alarms of both kinds; what devices judge is asked of them."""
        foreign = tuple(pair for pair in request.alarms if self._external.concerns(pair[0]))
        own = tuple(pair for pair in request.alarms if pair not in foreign)
        reports = []
        if own:
            reports.append(await self._actions.act(replace(request, alarms=own), session))
        if foreign and request.action in _OURS:
            reports.append(AcknowledgeReport((), tuple(_refusal(alarm) for alarm, _ in foreign)))
        elif foreign:
            reports.append(await self._external.act(replace(request, alarms=foreign), session))
        return _together(reports)


def _together(reports: Sequence[AcknowledgeReport]) -> AcknowledgeReport:
    return AcknowledgeReport(
        tuple(shot for each in reports for shot in each.accepted),
        tuple(refusal for each in reports for refusal in each.refused),
    )


def _refusal(alarm: str) -> AcknowledgeRefusal:
    return AcknowledgeRefusal(alarm, LocalText(_NOT_OF_DEVICES.en.format(alarm), _NOT_OF_DEVICES.zh.format(alarm)))
