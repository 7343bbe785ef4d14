"""Alarms that devices judge, at run time: from connectors to journal and consoles, and what operators ask of them."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Final

from app.alarms.external import ExternalAlarms, Held, ended
from app.alarms.externalplace import ExternalPlaces
from app.engine.records import Records
from app.link.messages import AcknowledgeRefusal, AcknowledgeReport, AlarmActionRequest
from app.model import status as st
from app.model.alarm import AlarmEventKind
from app.model.alarm_action import AlarmAction
from app.model.alarm_state import AlarmSnapshot, AlarmTransition
from app.model.clock import Clock
from app.model.external_alarm import AlarmCall, AlarmCallResult, ExternalEvent
from app.model.plant import Plant
from app.model.text import LocalText
from app.model.user import Session

CALL_TIMEOUT_S: Final = 3.0
TOLD_WITHIN_S: Final = 10.0
"""What a device tells of an action after this long is not taken for ours."""

_GONE: Final = LocalText("the device does not report it any more", "设备已不再上报该报警")
_UNKNOWN_OUTCOME: Final = LocalText(
    "the device did not answer; it may or may not have been done", "设备未应答；操作可能已执行，也可能未执行"
)
_BY: Final = {
    AlarmEventKind.ACKNOWLEDGE: {AlarmAction.ACKNOWLEDGE},
    AlarmEventKind.CONFIRM: {AlarmAction.CONFIRM},
    AlarmEventKind.COMMENT: {AlarmAction.COMMENT},
    AlarmEventKind.SUPPRESS: {AlarmAction.SHELVE, AlarmAction.SHELVE_ONCE},
    AlarmEventKind.UNSUPPRESS: {AlarmAction.UNSHELVE},
}

CallDevice = Callable[[str, AlarmCall, float], Awaitable[AlarmCallResult]]


class ExternalAlarmService:
    """Belongs to the event loop.

    The server knows the engine as one user: who acted at a desk of ours is added to what it tells of the action.
    """

    def __init__(
        self,
        places: ExternalPlaces,
        take: Callable[[Sequence[AlarmTransition]], None],
        call: CallDevice,
        records: Records,
        clock: Clock,
    ) -> None:
        """``take`` journals and announces transitions; ``call`` asks a connection's device."""
        self._places = places
        self._alarms = ExternalAlarms(places.definition)
        self._take = take
        self._call = call
        self._records = records
        self._clock = clock
        self._asked: dict[tuple[str, AlarmAction], tuple[Session, float]] = {}

    def take(self, connection: str, event: ExternalEvent) -> None:
        """Take what the device of a connection said; called by its connector."""
        transitions = self._alarms.take(connection, event, self._clock.now_ns())
        if transitions:
            self._take([self._with_user(each) for each in transitions])

    def redefine(self, plant: Plant) -> None:
        """Take another configuration: for what comes from now on, and to end alarms of connections that are no more."""
        self._places.redefine(plant)
        ended_now = self._alarms.keep(plant.connections, self._clock.now_ns())
        if ended_now:
            self._take(ended_now)

    def snapshots(self) -> list[AlarmSnapshot]:
        """Return every alarm that is not over."""
        return list(self._alarms.snapshots())

    @staticmethod
    def concerns(alarm: str) -> bool:
        """Tell whether an alarm is, or was, one of these: no id of another has a slash."""
        return "/" in alarm

    async def act(self, request: AlarmActionRequest, session: Session) -> AcknowledgeReport:
        """Ask the devices, for each alarm once; what they do comes as events, what they refuse is said in words."""
        results = await asyncio.gather(*(self._act(alarm, event, request, session) for alarm, event in request.alarms))
        return AcknowledgeReport(
            tuple(each for each in results if isinstance(each, AlarmSnapshot)),
            tuple(each for each in results if isinstance(each, AcknowledgeRefusal)),
        )

    async def _act(
        self, alarm: str, event: str, request: AlarmActionRequest, session: Session
    ) -> AlarmSnapshot | AcknowledgeRefusal:
        held = self._alarms.get(alarm)
        if held is None:
            return AcknowledgeRefusal(alarm, _GONE)
        call = AlarmCall(request.action, held.condition.condition, event, request.comment, request.duration_s * 1000)
        key = (alarm, request.action)
        self._asked[key] = session, self._clock.monotonic()
        result = await self._call(held.connection, call, CALL_TIMEOUT_S)
        self._audit(held, call, result, session)
        if st.is_good(result.status):
            now = self._alarms.get(alarm)
            # What is over must not come back by this answer, whichever of it and the event reaches a desk last.
            return now.snapshot if now is not None else ended(held.snapshot)
        self._asked.pop(key, None)
        reason = _UNKNOWN_OUTCOME if not result.known else result.message
        name = held.definition.text
        return AcknowledgeRefusal(
            alarm, LocalText(f"{name.get('en')}: {reason.en}", f"{name.get('zh')}：{reason.get('zh')}")
        )

    def _audit(self, held: Held, call: AlarmCall, result: AlarmCallResult, session: Session) -> None:
        outcome = "done" if st.is_good(result.status) else "unknown" if not result.known else result.message.en
        self._records.audit(
            self._records.entry(
                call.action.value, session, object=held.definition.id, old=held.snapshot.state.value,
                new=f"{call.duration_ms / 1000:g} s" if call.duration_ms else "", reason=call.comment, result=outcome,
                correlation=call.event[:64],
            )
        )  # fmt: skip

    def _with_user(self, transition: AlarmTransition) -> AlarmTransition:
        """Add who of us asked for what the device tells; the server may know no more than the engine's own user."""
        for action in _BY.get(transition.kind, ()):
            session, asked_at = self._asked.pop((transition.snapshot.id, action), (None, 0.0))
            if session is not None and self._clock.monotonic() - asked_at < TOLD_WITHIN_S:
                snapshot = transition.snapshot
                if transition.kind is AlarmEventKind.ACKNOWLEDGE:
                    snapshot = self._alarms.acknowledged_by(snapshot, session.user)
                return replace(transition, user=session.user, desk=session.desk, snapshot=snapshot)
        return transition
