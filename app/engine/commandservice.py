"""Commands at run time: audit, write once, wait for the feedback. What was sent goes on when its client leaves."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from app.dispatch.dispatcher import Dispatcher
from app.dispatch.operation import Operation
from app.engine.records import Records, text_of
from app.engine.values import Values
from app.link.messages import SelectRequest, TokenRequest
from app.model.clock import SECOND_NS, Clock
from app.model.command import CommandDefinition, CommandRefused, CommandResult, RefusalReason, Selection
from app.model.connection import WriteResult
from app.model.errors import DatabaseError
from app.model.plant import Plant
from app.model.sample import Sample, Value
from app.model.tag import Tag
from app.model.text import LocalText
from app.model.user import Session
from app.security.audit import AuditEntry

log = logging.getLogger(__name__)

WRITE_TIMEOUT_S: Final = 5.0
NO_AUDIT: Final = LocalText(
    "The audit cannot be written, so nothing may be operated; see the system page.",
    "审计记录无法写入，禁止操作；请查看系统页面。",
)

Write = Callable[[Tag, Value, float], Awaitable[WriteResult]]


@dataclass(frozen=True, slots=True)
class _Verification:
    operation: Operation
    done: "asyncio.Future[CommandResult]"


class CommandService:
    """Carries out commands. Belongs to the event loop."""

    def __init__(
        self,
        plant: Plant,
        dispatcher: Dispatcher,
        values: Values,
        write: Write,
        records: Records,
        announce: Callable[[CommandResult], None],
        clock: Clock,
    ) -> None:
        self._plant = plant
        self._dispatcher = dispatcher
        self._values = values
        self._write = write
        self._records = records
        self._announce = announce
        self._clock = clock
        self._selected: dict[str, Selection] = {}
        self._verifying: dict[str, _Verification] = {}
        self._tasks: set[asyncio.Task[CommandResult]] = set()

    def redefine(self, plant: Plant) -> None:
        """Take the commands of another configuration."""
        self._plant = plant

    async def select(self, request: SelectRequest, session: Session | None) -> Selection:
        """Check and select; raises CommandRefused, also where the audit cannot be written."""
        definition = self._plant.commands.get(request.command)
        try:
            desk = session.desk if session else ""
            selection = self._dispatcher.select(session, request.command, request.value, desk)
        except CommandRefused as refusal:
            self._record_refusal(definition, request.command, request.value, session, refusal)
            raise
        new = text_of(selection.value)
        entry = self._records.entry("select", session, object=request.command, old=text_of(selection.current), new=new)
        try:
            await self._audited(entry)
        except BaseException as error:
            if session is not None:
                self._dispatcher.cancel(selection.token, session)
            if isinstance(error, CommandRefused):
                self._record_refusal(definition, request.command, request.value, session, error)
            raise
        self._records.command("select", definition, request.command, session, old=selection.current, new=new)
        self._forget_expired()
        self._selected[selection.token] = selection
        return selection

    def cancel(self, request: TokenRequest, session: Session | None) -> None:
        """Give up a selection."""
        selection = self._selected.pop(request.token, None)
        if session is not None and self._dispatcher.cancel(request.token, session) and selection is not None:
            definition = self._plant.commands.get(selection.command)
            self._records.audit(self._records.entry("cancel", session, object=selection.command))
            self._records.command("cancel", definition, selection.command, session)

    async def operate(self, request: TokenRequest, session: Session | None) -> CommandResult:
        """Carry out a selection; returns its verified end. Raises CommandRefused where nothing was sent."""
        selection = self._selected.pop(request.token, None)
        command = selection.command if selection else ""
        definition = self._plant.commands.get(command)
        try:
            operation = self._dispatcher.begin(request.token, session, request.issued_ns or None)
        except CommandRefused as refusal:
            self._record_refusal(definition, command, selection.value if selection else None, session, refusal)
            raise
        entry = self._entry("operate", operation, session, old=text_of(selection.current if selection else None))
        try:
            await self._audited(entry)
            self._dispatcher.release(operation)
        except CommandRefused as refusal:
            operation.refuse(refusal.reason, refusal.text)
            self._record_refusal(definition, command, operation.value, session, refusal, operation.correlation)
            raise
        except BaseException:  # cancelled, or a defect: nothing was sent, and the target must be free again
            operation.refuse(RefusalReason.AUDIT_UNAVAILABLE, NO_AUDIT)
            raise
        self._end_superseded()
        task = asyncio.create_task(self._carry_out(operation, session), name=f"command-{operation.command}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return await asyncio.shield(task)

    async def close(self) -> None:
        """End what is still being verified: the engine stops, so its outcome is recorded as it stands."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _audited(self, entry: AuditEntry) -> None:
        """Write what is about to be done; raises CommandRefused where it cannot be."""
        try:
            await self._records.audited(entry)
        except DatabaseError as error:
            raise CommandRefused(RefusalReason.AUDIT_UNAVAILABLE, NO_AUDIT, detail=str(error)) from error

    async def _carry_out(self, operation: Operation, session: Session | None) -> CommandResult:
        definition = operation.definition
        self._records.command(
            "operate", definition, operation.command, session,
            new=text_of(operation.value), value=operation.value, correlation=operation.correlation,
        )  # fmt: skip
        try:
            operation.sending()
            answer = await self._write(self._plant.tags[operation.tag], operation.value, WRITE_TIMEOUT_S)
            result = operation.written(answer) or await self._verify(operation)
        except Exception:  # a defect in a connector: what was sent is unknown, and the command must end
            log.exception("command %s failed", operation.command)
            result = operation.expire(self._clock.now_ns())
        except asyncio.CancelledError:
            self._record_result(operation, session, operation.expire(self._clock.now_ns()))
            raise
        self._record_result(operation, session, result)
        self._announce(result)
        return result

    async def _verify(self, operation: Operation) -> CommandResult:
        done: asyncio.Future[CommandResult] = asyncio.get_running_loop().create_future()

        def on_sample(tag: str, sample: Sample) -> None:
            result = operation.feedback(tag, sample, self._clock.now_ns())
            if result is not None and not done.done():
                done.set_result(result)

        stop = self._values.watch(operation.feedback_tag, on_sample)
        verification = _Verification(operation, done)
        self._verifying[operation.correlation] = verification
        deadline_ns = operation.deadline_ns or self._clock.now_ns()
        try:
            async with asyncio.timeout(max(0.0, (deadline_ns - self._clock.now_ns()) / SECOND_NS)):
                return await done
        except TimeoutError:
            return operation.expire(self._clock.now_ns())
        finally:
            stop()
            self._verifying.pop(operation.correlation, None)

    def _end_superseded(self) -> None:
        for each in self._verifying.values():
            if each.operation.result is not None and not each.done.done():
                each.done.set_result(each.operation.result)

    def _entry(self, action: str, operation: Operation, session: Session | None, **fields: str) -> AuditEntry:
        return self._records.entry(
            action, session, object=operation.command, new=text_of(operation.value),
            correlation=operation.correlation, **fields,
        )  # fmt: skip

    def _record_result(self, operation: Operation, session: Session | None, result: CommandResult) -> None:
        self._records.audit(
            self._entry("result", operation, session, result=result.outcome.value, reason=result.message.en)
        )
        self._records.command(
            "result", operation.definition, result.command, session,
            new=result.outcome.value, value=result.feedback, status=result.device_status,
            comment=result.message, correlation=result.correlation,
        )  # fmt: skip

    def _record_refusal(
        self,
        definition: CommandDefinition | None,
        command: str,
        value: Value,
        session: Session | None,
        refusal: CommandRefused,
        correlation: str = "",
    ) -> None:
        entry = self._records.entry(
            "refused", session, object=command[:128], new=text_of(value),
            reason=f"{refusal.reason.value}: {refusal}", correlation=correlation,
        )  # fmt: skip
        self._records.audit(entry)
        self._records.command(
            "refused", definition, command[:128], session,
            old=None, new=refusal.reason.value, value=value, comment=refusal.text, correlation=correlation,
        )  # fmt: skip

    def _forget_expired(self) -> None:
        now = self._clock.now_ns()
        self._selected = {token: each for token, each in self._selected.items() if each.expires_ns > now}
