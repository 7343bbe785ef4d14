"""What operators ask of the alarms judged here: who may, who approves, and that journal and audit have it."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from app.alarms import refusals
from app.alarms.actions import OperatorActions
from app.alarms.authority import APPROVER, needs_approver, required_role
from app.alarms.by import By
from app.alarms.engine import AlarmEngine
from app.alarms.errors import AlarmRefusal, AlarmRefused
from app.engine.records import Records
from app.link.messages import AcknowledgeRefusal, AcknowledgeReport, AlarmActionRequest
from app.model.alarm_action import AlarmAction
from app.model.alarm_state import AlarmSnapshot, AlarmTransition
from app.model.clock import Clock
from app.model.errors import AccessDenied
from app.model.text import LocalText
from app.model.user import Role, Session
from app.security.audit import AuditEntry

Approve = Callable[[str, str, Role, Session], Awaitable[str]]
Keep = Callable[[Sequence[AlarmTransition], Sequence[AuditEntry]], Awaitable[None]]

COMMENT_LENGTH: Final = 500
PERMIT_LENGTH: Final = 80
"""Most characters of a comment, and of the name of a permit."""
_CONFIRM: Final = LocalText(
    "{0}: only alarms that a device judges can be confirmed", "{0}：仅设备自身的报警可以确认处理"
)


class AlarmActionService:
    """Belongs to the event loop."""

    def __init__(self, engine: AlarmEngine, keep: Keep, approve: Approve, records: Records, clock: Clock) -> None:
        """``keep`` journals, audits and announces, and returns when that is done, or the database is away.

        ``approve`` returns the name of a second person by name and password, or raises AccessDenied.
        """
        self._engine = engine
        self._keep = keep
        self._approve = approve
        self._records = records
        self._clock = clock

    async def act(self, request: AlarmActionRequest, session: Session) -> AcknowledgeReport:
        """Do what can be done, alarm by alarm; the report comes when it is kept (or the database is away)."""
        approver, denied = "", None
        if request.approver:
            try:
                approver = await self._approve(request.approver, request.approver_password, APPROVER, session)
            except AccessDenied as error:
                denied = error.text
        done: list[AlarmTransition] = []
        audit: list[AuditEntry] = []
        accepted: list[str] = []
        refused: list[AcknowledgeRefusal] = []
        for alarm, event in request.alarms:
            before = self._engine.snapshot(alarm)
            try:
                self._check(request, alarm, session, denied)
                transitions = self._do(request, alarm, event, session, approver)
            except AlarmRefused as refusal:
                refused.append(AcknowledgeRefusal(alarm, refusal.text))
                if refusal.reason is AlarmRefusal.NO_PERMISSION:
                    audit.append(self._entry(request, session, alarm, before, before, approver, refusal.text.en))
                continue
            done += transitions
            accepted.append(alarm)
            audit.append(self._entry(request, session, alarm, before, transitions[0].snapshot, approver, "success"))
        if done or audit:
            await self._keep(done, audit)
        last = {each.snapshot.id: each.snapshot for each in done}
        return AcknowledgeReport(tuple(last[alarm] for alarm in dict.fromkeys(accepted)), tuple(refused))

    def _check(self, request: AlarmActionRequest, alarm: str, session: Session, denied: LocalText | None) -> None:
        definition = self._engine.definition(alarm)
        if definition is None:
            raise refusals.unknown_alarm(alarm)
        if request.action is AlarmAction.CONFIRM:
            text = LocalText(_CONFIRM.en.format(alarm), _CONFIRM.zh.format(alarm))
            raise AlarmRefused(alarm, AlarmRefusal.NOT_REQUIRED, text)
        for written, longest in ((request.comment, COMMENT_LENGTH), (request.permit, PERMIT_LENGTH)):
            if len(written) > longest:
                raise refusals.too_long(alarm, longest)
        role = required_role(request.action, definition)
        if session.role < role:
            raise refusals.no_permission(alarm, role, session.user, session.role)
        if denied is not None and needs_approver(request.action, definition):
            raise refusals.not_approved(alarm, denied)

    def _do(
        self, request: AlarmActionRequest, alarm: str, event: str, session: Session, approver: str
    ) -> list[AlarmTransition]:
        do: OperatorActions = self._engine.actions
        by = By(self._clock.now_ns(), session.user, session.desk, request.comment)
        match request.action:
            case AlarmAction.ACKNOWLEDGE:
                return do.acknowledge(alarm, event, by)
            case AlarmAction.RESET:
                return do.reset(alarm, event, by)
            case AlarmAction.COMMENT:
                return do.comment(alarm, event, by)
            case AlarmAction.SHELVE:
                return do.shelve(alarm, event, by, request.duration_s)
            case AlarmAction.SHELVE_ONCE:
                return do.shelve(alarm, event, by, None)
            case AlarmAction.UNSHELVE:
                return do.unshelve(alarm, by)
            case AlarmAction.REMOVE_FROM_SERVICE:
                return do.remove_from_service(alarm, event, by, request.permit, approver)
            case AlarmAction.RETURN_TO_SERVICE:
                return do.return_to_service(alarm, by)
            case AlarmAction.CONFIRM:
                raise AssertionError("refused before")

    def _entry(
        self,
        request: AlarmActionRequest,
        session: Session,
        alarm: str,
        before: AlarmSnapshot | None,
        after: AlarmSnapshot | None,
        approver: str,
        result: str,
    ) -> AuditEntry:
        reason = request.comment
        if request.action is AlarmAction.REMOVE_FROM_SERVICE:
            reason = f"{reason}; permit {request.permit}" + (f"; approved by {approver}" if approver else "")
        return self._records.entry(
            request.action.value, session, object=alarm, old=before.code if before else "",
            new=after.code if after else "", reason=reason, result=result,
            correlation=before.event_id if before else "",
        )  # fmt: skip
