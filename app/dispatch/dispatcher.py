"""Select, check, operate, verify: who may command what, and when. Pure; the engine does the I/O.

One thread at a time (the engine's event loop). A command is never queued and never sent again by itself.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.dispatch.checks import Finding, Situation, run_checks, session_problem
from app.dispatch.operation import Operation, Phase
from app.model.clock import SECOND_NS, Clock
from app.model.command import (
    Check,
    CommandDefinition,
    CommandKind,
    CommandRefused,
    RefusalReason,
    Selection,
)
from app.model.expressions import Expression
from app.model.sample import Sample, Value
from app.model.tag import Tag
from app.model.text import LocalText
from app.model.user import Session

REQUEST_AGE_S = 5.0
"""A request that is older when it arrives is refused: the operator meant then, not now."""


@dataclass(frozen=True, slots=True)
class _Held:
    selection: Selection
    session_id: str
    definition: CommandDefinition


@dataclass(frozen=True, slots=True)
class _Begun:
    operation: Operation
    selection: Selection
    session: Session
    issued_ns: int | None


class Dispatcher:
    """Checks commands and keeps what is selected and under way.

    Raises:
        ExpressionError: an interlock does not parse (a checked project has none such).

    """

    def __init__(
        self,
        commands: Mapping[str, CommandDefinition],
        tags: Mapping[str, Tag],
        read: Callable[[str], Sample | None],
        connection_up: Callable[[str], bool],
        clock: Clock,
        select_s: float = 30.0,
    ) -> None:
        self._read = read
        self._connection_up = connection_up
        self._clock = clock
        self._select_ns = round(select_s * SECOND_NS)
        self._define(commands, tags)
        self._held: dict[str, _Held] = {}
        self._begun: dict[str, _Begun] = {}
        self._in_flight: dict[str, Operation] = {}

    def redefine(self, commands: Mapping[str, CommandDefinition], tags: Mapping[str, Tag]) -> None:
        """Take other commands, while none is under way (``is_busy``); selections of those that changed are dropped.

        Raises:
            ExpressionError: an interlock does not parse; nothing is changed.

        """
        before = self._tags
        self._define(commands, tags)
        self._drop(
            lambda held: (
                commands.get(held.definition.id) != held.definition
                or any(
                    before.get(name) != tags.get(name) for name in (held.definition.target, held.definition.feedback)
                )
            )
        )

    def _define(self, commands: Mapping[str, CommandDefinition], tags: Mapping[str, Tag]) -> None:
        self._interlocks = {
            name: tuple((each, Expression.parse(each.blocked_when)) for each in command.interlocks)
            for name, command in commands.items()
        }
        self._commands, self._tags = commands, tags

    @property
    def is_busy(self) -> bool:
        """Whether a command was begun or sent, and has no result yet."""
        return bool(self._begun or self._in_flight)

    @property
    def in_flight(self) -> tuple[Operation, ...]:
        """Commands that were sent and have no result yet."""
        return tuple(self._in_flight.values())

    def preview(self, session: Session | None, command_id: str, value: Value = None) -> tuple[Check, ...]:
        """Return every check as it stands now, for a faceplate; selects nothing.

        Raises:
            CommandRefused: there is no such command.

        """
        definition = self._definition(command_id)
        return run_checks(self._situation(definition, _wanted(definition, value), session))[0]

    def select(
        self, session: Session | None, command_id: str, value: Value, desk: str, issued_ns: int | None = None
    ) -> Selection:
        """Check a command and reserve its target for this session until the selection expires.

        Selecting again replaces the session's own selection of that target.

        Raises:
            CommandRefused: with the first check that failed.

        """
        if session is None or session_problem(session, self._clock.now_ns()):
            raise _refusal(RefusalReason.NO_SESSION, "Log in first.", "请先登录。")
        definition = self._definition(command_id)
        self._check_age(issued_ns)
        wanted = _wanted(definition, value)
        checks = self._permit(definition, wanted, session)
        self._drop(lambda held: held.session_id == session.id and held.definition.target == definition.target)
        now = self._clock.now_ns()
        selection = Selection(
            token=secrets.token_urlsafe(24),
            command=command_id,
            value=wanted,
            current=self._current(definition),
            checks=checks,
            user=session.user,
            desk=desk,
            selected_ns=now,
            expires_ns=now + self._select_ns,
        )
        self._held[selection.token] = _Held(selection, session.id, definition)
        return selection

    def cancel(self, token: str, session: Session) -> bool:
        """Give up a selection of this session; returns whether there was one."""
        held = self._held.get(token)
        if held is None or held.session_id != session.id:
            return False
        del self._held[token]
        return True

    def cancel_session(self, session_id: str) -> None:
        """Drop what a session selected, or began and did not send: it logged out, expired, or its desk is gone."""
        self._drop(lambda held: held.session_id == session_id)
        self._begun = {target: each for target, each in self._begun.items() if each.session.id != session_id}

    def connection_lost(self, connection_id: str) -> None:
        """Drop every selection whose target or feedback is reached by a connection that was lost."""
        self._drop(
            lambda held: any(
                name in self._tags and self._tags[name].connection == connection_id
                for name in (held.definition.target, held.definition.feedback)
            )
        )

    def begin(self, token: str, session: Session | None, issued_ns: int | None = None) -> Operation:
        """Check a selected command again, and take hold of its target until it is released or refused.

        The selection is used up, also by a refusal.

        Raises:
            CommandRefused: nothing was sent.

        """
        held = self._held.get(token)
        if held is None or session is None or held.session_id != session.id:
            raise _refusal(RefusalReason.NOT_SELECTED, "Select the command first.", "请先选择命令。")
        del self._held[token]
        selection, definition = held.selection, held.definition
        if self._clock.now_ns() >= selection.expires_ns:
            raise _refusal(
                RefusalReason.SELECTION_EXPIRED, "The selection has expired; select again.", "选择已超时，请重新选择。"
            )
        self._check_again(selection, definition, session, issued_ns)
        operation = Operation(
            definition, selection.value, self._read(definition.feedback or definition.target),
            self._read, self._clock, self._done,
        )  # fmt: skip
        self._begun[definition.target] = _Begun(operation, selection, session, issued_ns)
        return operation

    def release(self, operation: Operation) -> None:
        """Let a command that was begun go out: right before the write, all is checked once more.

        Its audit took time, in which the plant may have changed and the session may have ended. Only now does it take
        over from a command that is still being verified.

        Raises:
            CommandRefused: the operation has ended, nothing was sent.

        """
        begun = self._begun.get(operation.tag)
        try:
            if begun is None or begun.operation is not operation:
                raise _refusal(
                    RefusalReason.NO_SESSION,
                    "The session ended before the command went out; nothing was sent.",
                    "命令发出前登录已结束，命令未发送。",
                )
            del self._begun[operation.tag]
            self._check_again(begun.selection, operation.definition, begun.session, begun.issued_ns)
        except CommandRefused as refusal:
            operation.refuse(refusal.reason, refusal.text)
            raise
        earlier = self._in_flight.get(operation.tag)
        if earlier is not None:
            earlier.supersede(operation.command)
        self._in_flight[operation.tag] = operation

    def _check_again(
        self, selection: Selection, definition: CommandDefinition, session: Session, issued_ns: int | None
    ) -> None:
        self._check_age(issued_ns)
        self._permit(definition, selection.value, session)
        if self._moved(selection, definition):
            raise _refusal(
                RefusalReason.CHANGED_SINCE_SELECT,
                "The plant changed since the selection; look again and select anew.",
                "选择后现场状态已变化，请查看后重新选择。",
                definition.feedback,
            )

    def _definition(self, command_id: str) -> CommandDefinition:
        definition = self._commands.get(command_id)
        if definition is None:
            raise _refusal(
                RefusalReason.UNKNOWN_COMMAND,
                f"There is no command '{command_id}'.",
                f"没有命令“{command_id}”。",
                command_id,
            )
        return definition

    def _check_age(self, issued_ns: int | None) -> None:
        if issued_ns is not None and self._clock.now_ns() - issued_ns > REQUEST_AGE_S * SECOND_NS:
            raise _refusal(
                RefusalReason.STALE_REQUEST, "The request came too late; repeat it.", "请求已过时，请重新操作。"
            )

    def _permit(self, definition: CommandDefinition, value: Value, session: Session) -> tuple[Check, ...]:
        checks, refusing = run_checks(self._situation(definition, value, session))
        if refusing is not None:
            raise _refused_by(refusing)
        return checks

    def _situation(self, definition: CommandDefinition, value: Value, session: Session | None) -> Situation:
        now = self._clock.now_ns()
        self._drop(lambda held: now >= held.selection.expires_ns)
        return Situation(
            definition=definition,
            value=value,
            session=session,
            now_ns=now,
            busy_with=self._busy_with(definition, session),
            tags=self._tags,
            read=self._read,
            connection_up=self._connection_up,
            interlocks=self._interlocks[definition.id],
        )

    def _busy_with(self, definition: CommandDefinition, session: Session | None) -> str:
        """Return who holds the target, or an empty text.

        Another action may take over from one that is only being verified: a pump that starts can be stopped at once.
        """
        begun = self._begun.get(definition.target)
        if begun is not None:
            return begun.operation.command
        operation = self._in_flight.get(definition.target)
        if operation is not None:
            takes_over = definition.kind is CommandKind.ACTION and definition.id != operation.command
            if operation.phase is not Phase.VERIFYING or not takes_over:
                return operation.command
        for held in self._held.values():
            other = session is None or held.session_id != session.id
            if other and held.definition.target == definition.target:
                return held.selection.user
        return ""

    def _current(self, definition: CommandDefinition) -> Value:
        """What is shown as present: the state of an action's equipment, the present setpoint of a setpoint."""
        name = definition.feedback if definition.kind is CommandKind.ACTION else definition.target
        sample = self._read(name or definition.target)
        return None if sample is None else sample.value

    def _moved(self, selection: Selection, definition: CommandDefinition) -> bool:
        now, then = self._current(definition), selection.current
        if isinstance(now, str | None) or isinstance(then, str | None):
            return now != then
        return abs(float(now) - float(then)) > definition.tolerance + 1e-9

    def _drop(self, which: Callable[[_Held], bool]) -> None:
        for token in [token for token, held in self._held.items() if which(held)]:
            del self._held[token]

    def _done(self, operation: Operation) -> None:
        if self._in_flight.get(operation.tag) is operation:
            del self._in_flight[operation.tag]
        begun = self._begun.get(operation.tag)
        if begun is not None and begun.operation is operation:
            del self._begun[operation.tag]


def _wanted(definition: CommandDefinition, value: Value) -> Value:
    return definition.value if definition.kind is CommandKind.ACTION and value is None else value


def _refused_by(finding: Finding) -> CommandRefused:
    return CommandRefused(finding.reason, finding.check.detail, detail=finding.detail)


def _refusal(reason: RefusalReason, en: str, zh: str, detail: str = "") -> CommandRefused:
    return CommandRefused(reason, LocalText(en, zh), detail=detail)
