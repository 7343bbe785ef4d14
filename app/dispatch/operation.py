"""One command under way: written once, then verified by its feedback. Pure; the engine does the I/O."""

import uuid
from collections.abc import Callable
from enum import Enum, auto

from app.model import status as st
from app.model.clock import SECOND_NS, Clock
from app.model.command import CommandDefinition, CommandKind, CommandOutcome, CommandResult, RefusalReason
from app.model.connection import WriteResult
from app.model.sample import Sample, Value
from app.model.text import LocalText

SETTLE_S = 5.0
"""How long a command whose feedback already showed the wanted state is watched before it counts as done."""


class Phase(Enum):
    """Where a command stands."""

    WRITING = auto()
    VERIFYING = auto()
    DONE = auto()


def satisfied(definition: CommandDefinition, value: Value, sample: Sample | None) -> bool:
    """Tell whether a feedback sample is good and shows what the command wants."""
    if sample is None or not sample.is_good or sample.number is None:
        return False
    if definition.kind is CommandKind.ACTION:
        return sample.number in definition.expect
    return isinstance(value, int | float) and abs(sample.number - float(value)) <= definition.tolerance + 1e-9


class Operation:
    """A command from the moment it is sent until its result.

    Order of calls: ``sending`` right before the write, ``written`` with the connector's answer, ``feedback`` for
    each sample of the feedback tag, ``expire`` at ``deadline_ns``. The first of them that returns a result ends it;
    afterwards each returns that result again.

    Attributes:
        correlation: uuid that ties audit and journal rows together.
        deadline_ns: when ``expire`` is due (ns since the epoch, UTC); None until written.

    """

    def __init__(
        self,
        definition: CommandDefinition,
        value: Value,
        before: Sample | None,
        read: Callable[[str], Sample | None],
        clock: Clock,
        on_done: Callable[["Operation"], None],
    ) -> None:
        self.definition = definition
        self.command = definition.id
        self.tag = definition.target
        self.feedback_tag = definition.feedback or definition.target
        self.value = value
        self.correlation = str(uuid.uuid4())
        self.phase = Phase.WRITING
        self.result: CommandResult | None = None
        self.deadline_ns: int | None = None
        self._already = satisfied(definition, value, before)
        self._read = read
        self._clock = clock
        self._on_done = on_done
        self._started = clock.monotonic()
        self._sent_ns = clock.now_ns()
        self._device_status = 0

    def sending(self) -> None:
        """Mark that the write goes out now: older feedback does not count."""
        self._sent_ns = self._clock.now_ns()

    def written(self, answer: WriteResult) -> CommandResult | None:
        """Take the device's answer; None: accepted, wait for the feedback."""
        if self.result is not None:
            return self.result
        self._device_status = answer.status
        if not answer.known:
            return self._finish(
                CommandOutcome.UNKNOWN,
                "No answer from the device: it may or may not have been carried out. Read before acting again.",
                "设备无应答：命令可能已执行也可能未执行，请核实后再操作。",
                answer.message,
            )
        if st.is_stale(answer.status):  # known, and yet of the link: it never went out
            return self._finish(
                CommandOutcome.REJECTED,
                "Not sent: there is no connection to the device.",
                "未发送：与设备无连接。",
                answer.message,
            )
        if not st.is_good(answer.status):
            name = st.status_name(answer.status)
            return self._finish(
                CommandOutcome.REJECTED, f"The device refused: {name}.", f"设备拒绝：{name}。", answer.message
            )
        self.phase = Phase.VERIFYING
        now = self._clock.now_ns()
        wait_s = min(self.definition.timeout_s, SETTLE_S) if self._already else self.definition.timeout_s
        self.deadline_ns = now + round(wait_s * SECOND_NS)
        sample = self._read(self.feedback_tag)
        return None if sample is None else self.feedback(self.feedback_tag, sample, now)

    def feedback(self, tag: str, sample: Sample, now_ns: int) -> CommandResult | None:
        """Take a sample of the feedback tag; it counts when it is good and was received after the write went out."""
        if self.result is not None:
            return self.result
        if self.phase is not Phase.VERIFYING or tag != self.feedback_tag:
            return None
        if self.deadline_ns is not None and now_ns > self.deadline_ns:
            return self.expire(now_ns)
        if sample.receive_ns < self._sent_ns or not satisfied(self.definition, self.value, sample):
            return None
        return self._finish(CommandOutcome.SUCCESS, "Confirmed by the feedback.", "反馈已确认。", feedback=sample)

    def expire(self, now_ns: int) -> CommandResult:
        """End the command: its time is over."""
        if self.result is not None:
            return self.result
        sample = self._read(self.feedback_tag)
        if self.phase is Phase.WRITING:
            return self._finish(
                CommandOutcome.UNKNOWN,
                "No answer from the device in time: it may or may not have been carried out.",
                "设备未及时应答：命令可能已执行也可能未执行。",
            )
        if sample is None or not sample.is_good:
            return self._finish(
                CommandOutcome.UNKNOWN,
                f"The device accepted, but the feedback {self.feedback_tag} cannot be read.",
                f"设备已接受，但反馈 {self.feedback_tag} 无法读取。",
                feedback=sample,
            )
        if self._already and satisfied(self.definition, self.value, sample):
            return self._finish(
                CommandOutcome.SUCCESS,
                "The feedback showed the wanted state before the command, and still does.",
                "命令前反馈已处于目标状态，且保持不变。",
                feedback=sample,
            )
        return self._finish(
            CommandOutcome.DISCREPANCY,
            f"The device accepted, but the feedback {self.feedback_tag} did not follow in time.",
            f"设备已接受，但反馈 {self.feedback_tag} 未在规定时间内到位。",
            feedback=sample,
        )

    def supersede(self, command: str) -> CommandResult:
        """End the verification, because another command was given to the same target."""
        return self.result or self._finish(
            CommandOutcome.DISCREPANCY,
            f"Superseded by {command} before the feedback confirmed it.",
            f"反馈确认前已被 {command} 取代。",
            command,
            feedback=self._read(self.feedback_tag),
        )

    def refuse(self, reason: RefusalReason, text: LocalText) -> CommandResult:
        """End the command before anything was sent (for example when the audit cannot be written)."""
        return self.result or self._finish(CommandOutcome.REFUSED, text.en, text.zh, reason=reason)

    def _finish(
        self,
        outcome: CommandOutcome,
        en: str,
        zh: str,
        detail: str = "",
        feedback: Sample | None = None,
        reason: RefusalReason | None = None,
    ) -> CommandResult:
        self.phase = Phase.DONE
        self.result = CommandResult(
            command=self.command,
            correlation=self.correlation,
            outcome=outcome,
            message=LocalText(en, zh),
            value=self.value,
            device_status=self._device_status,
            feedback=None if feedback is None else feedback.value,
            reason=reason,
            detail=detail,
            elapsed_ms=(self._clock.monotonic() - self._started) * 1000.0,
        )
        self._on_done(self)
        return self.result
