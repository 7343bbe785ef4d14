"""Substitutions at run time: who may set them, their end, and that no console can miss them."""

import asyncio
import logging
import math
from collections.abc import Callable, Mapping
from typing import Final

from app.engine.conditioning import Conditioning
from app.engine.database import DatabaseWorker
from app.engine.records import Records, text_of
from app.link.messages import SubstituteRequest, SubstitutionChanged, SubstitutionRemoval
from app.model import status as st
from app.model.clock import SECOND_NS, Clock
from app.model.columns import EXACT
from app.model.command import RefusalReason
from app.model.errors import AccessDenied, DatabaseError, EnvironmentProblem
from app.model.journal import JournalKind, JournalRow
from app.model.sample import Sample, Value
from app.model.substitution import MAX_REASON, MAX_SUBSTITUTION_S, ActiveSubstitution, Substitution, with_end
from app.model.tag import DataType, Tag
from app.model.text import LocalText
from app.model.user import Role, Session
from app.security.audit import AuditEntry

log = logging.getLogger(__name__)

LOOK_S: Final = 0.5
RESTORE_RETRY_S: Final = 2.0
_MEASURED: Final = frozenset({DataType.FLOAT, DataType.INT})


class SubstitutionService:
    """Keeps the substitutions in force. Belongs to the event loop.

    One is on disk, in journal and audit, before it takes effect; then every desk is told. It ends at its time whatever
    the database does.
    """

    def __init__(
        self,
        database: DatabaseWorker,
        records: Records,
        tags: Mapping[str, Tag],
        conditioning: Conditioning,
        announce: Callable[[SubstitutionChanged], None],
        clock: Clock,
    ) -> None:
        self._database, self._records = database, records
        self._tags = tags
        self._conditioning = conditioning
        self._announce = announce
        self._clock = clock
        self._active: dict[str, Substitution] = {}
        self._one_at_a_time = asyncio.Lock()
        self._restored = False

    def redefine(self, tags: Mapping[str, Tag]) -> None:
        """Take other tags, when conditioning has them; what is of tags that are gone, or of another type, ends."""
        for each in [one for one in self._active.values() if not _is_still(self._tags[one.tag], tags.get(one.tag))]:
            self._record_end(each)
            self._end(each)
        self._tags = tags

    def __len__(self) -> int:
        return len(self._active)

    def active(self) -> tuple[ActiveSubstitution, ...]:
        """Return those in force, the one that ends first at the front."""
        found = sorted(self._active.values(), key=lambda each: (each.until_ns, each.tag))
        return tuple(ActiveSubstitution(each, self._conditioning.hidden(each.tag)) for each in found)

    async def set(self, request: SubstituteRequest, session: Session) -> Substitution:
        """Substitute a tag for a time, in the place of the substitution that it has.

        Raises:
            AccessDenied: the role is too low. EnvironmentProblem: it cannot be as it is.
            DatabaseError: nothing was done.

        """
        tag = self._tags.get(request.tag)
        if tag is None:
            raise EnvironmentProblem(_unknown(request.tag))
        self._check_role(tag, session, request.value)
        value, reason = _fitting(tag, request.value), request.reason.strip()
        if problem := _problem(reason, request.duration_s):
            raise EnvironmentProblem(problem)
        async with self._one_at_a_time:
            now_ns, device = self._clock.now_ns(), self._conditioning.device(tag.name)
            substitution = Substitution(
                tag.name, value, reason, session.user, session.desk, now_ns,
                now_ns + round(request.duration_s * SECOND_NS), None if device is None else device.value,
            )  # fmt: skip
            row = self._row("set", substitution, session, reason)
            entry = self._entry("substitute", substitution, session)
            try:
                await self._database.call(lambda database: database.substitutions.put(substitution, row, entry))
            except DatabaseError:  # it may be done yet, too late: an engine that starts must not find it
                self._database.submit(lambda database: database.substitutions.discard(substitution))
                raise
            if not _is_still(tag, self._tags.get(tag.name)):  # the project was changed meanwhile
                self._record_end(substitution)
                raise EnvironmentProblem(_unknown(tag.name))
            self._active[tag.name] = substitution
            self._conditioning.substitute(tag.name, value)
        self._announce(SubstitutionChanged(substitution))
        return substitution

    async def clear(self, request: SubstitutionRemoval, session: Session) -> Substitution:
        """End a substitution: the device's value counts again at once. Raises as ``set`` does."""
        async with self._one_at_a_time:
            substitution = self._active.get(request.tag)
            if substitution is None:
                name = request.tag[:80]
                raise EnvironmentProblem(LocalText(f"tag '{name}' is not substituted", f"位号“{name}”未被人工置数"))
            self._check_role(self._tags[request.tag], session, None)
            words = request.reason.strip()[:MAX_REASON] or substitution.reason
            row = self._row("clear", substitution, session, words)
            entry = self._entry("substitute-clear", substitution, session)
            await self._database.call(lambda database: database.substitutions.remove(request.tag, row, entry))
            if self._active.get(request.tag) is substitution:  # else it ended by itself meanwhile
                self._end(substitution)
        return substitution

    async def restore(self) -> None:
        """Take over those of the run before, before the first sample; ``run`` tries again where this fails.

        Raises:
            DatabaseError: they cannot be read now.

        """
        found: list[Substitution] = await self._database.call(lambda database: database.substitutions.load())
        self._restored = True
        now_ns = self._clock.now_ns()
        for each in found:
            if each.tag in self._active:
                continue
            if each.tag not in self._tags or each.until_ns <= now_ns:
                self._record_end(each)
                continue
            self._active[each.tag] = each
            status = st.BAD_WAITING_FOR_INITIAL_DATA if each.device_value is None else st.BAD_NO_COMMUNICATION
            device = Sample(each.device_value, status, each.since_ns, each.since_ns)
            self._conditioning.substitute(each.tag, each.value, device)
            self._announce(SubstitutionChanged(each))
        if self._active:
            log.warning("%d tags are substituted from the run before", len(self._active))

    async def run(self) -> None:
        """End substitutions at their time. Runs until cancelled."""
        retry_s = self._clock.monotonic()
        while True:
            await asyncio.sleep(LOOK_S)
            self.end_due()
            if not self._restored and self._clock.monotonic() >= retry_s:
                retry_s = self._clock.monotonic() + RESTORE_RETRY_S
                try:
                    await self.restore()
                except DatabaseError as error:
                    log.debug("substitutions of the last run cannot be restored yet: %s", error)

    def end_due(self) -> None:
        """End those whose time is over."""
        now_ns = self._clock.now_ns()
        for each in [one for one in self._active.values() if one.until_ns <= now_ns]:
            self._record_end(each)
            self._end(each)

    def _end(self, substitution: Substitution) -> None:
        self._active.pop(substitution.tag, None)
        self._conditioning.release(substitution.tag)
        self._announce(SubstitutionChanged(substitution, ended=True))

    def _record_end(self, substitution: Substitution) -> None:
        """Record the end of one that ends by itself; both records wait on disk where the database is away."""
        self._records.journal(self._row("expire", substitution, None, substitution.reason))
        self._records.audit(self._entry("substitute-end", substitution, None))
        self._database.submit(lambda database: database.substitutions.discard(substitution))

    def _check_role(self, tag: Tag, session: Session, value: Value) -> None:
        """Let operators substitute what is measured; states, setpoints and outputs are for engineers.

        Who tries it all the same is in audit and journal, as with commands.
        """
        if session.role >= Role.ENGINEER or (tag.data_type in _MEASURED and not tag.writable):
            return
        refusal = LocalText(
            f"'{tag.name}' is no measured value; an engineer may substitute it",
            f"“{tag.name}”不是测量值，只有工程师可以人工置数",
        )
        now_ns, wanted = self._clock.now_ns(), text_of(value)[:128]
        self._records.audit(
            self._records.entry("refused", session, object=tag.name, new=wanted, reason=f"substitute: {refusal.en}")
        )
        self._records.journal(
            JournalRow(
                0, JournalKind.SUBSTITUTION, "refused", tag.name, now_ns, now_ns, now_ns, tag=tag.name, area=tag.area,
                new=RefusalReason.NO_PERMISSION.value, user=session.user, desk=session.desk,
                text=tag.description.en, text_zh=tag.description.zh, comment=refusal.en, comment_zh=refusal.zh,
            )
        )  # fmt: skip
        raise AccessDenied(refusal)

    def _entry(self, action: str, substitution: Substitution, session: Session | None) -> AuditEntry:
        old, new = text_of(substitution.device_value), text_of(substitution.value)
        return self._records.entry(
            action, session, object=substitution.tag, old=old, new=new, result="success",
            reason=with_end(substitution.reason, substitution.until_ns),
        )  # fmt: skip

    def _row(self, event: str, substitution: Substitution, session: Session | None, reason: str) -> JournalRow:
        now_ns, tag = self._clock.now_ns(), self._tags.get(substitution.tag)
        value: Value = substitution.value
        old, new = text_of(substitution.device_value), text_of(value)
        if event != "set":
            device = self._conditioning.hidden(substitution.tag)
            value = None if device is None else device.value
            old, new = new, text_of(value)
        return JournalRow(
            0, JournalKind.SUBSTITUTION, event, substitution.tag, now_ns, now_ns, now_ns,
            tag=substitution.tag, area=tag.area if tag else "", old=old, new=new, value=value,
            status=st.UNCERTAIN_SUBSTITUTE if event == "set" else st.GOOD,
            user=session.user if session else "", desk=session.desk if session else "",
            text=tag.description.en if tag else "", text_zh=tag.description.zh if tag else "",
            comment=with_end(reason, substitution.until_ns),
        )  # fmt: skip


def _is_still(before: Tag, tag: Tag | None) -> bool:
    """Tell whether a tag is there, with the type that it had."""
    return tag is not None and tag.data_type is before.data_type


def _unknown(tag: str) -> LocalText:
    return LocalText(f"tag '{tag[:80]}' is unknown", f"位号“{tag[:80]}”不存在")


def _problem(reason: str, duration_s: float) -> LocalText | None:
    if not reason:
        return LocalText("a substitute needs a reason", "人工置数必须填写原因")
    if len(reason) > MAX_REASON:
        return LocalText(f"a reason has at most {MAX_REASON} characters", f"原因最多 {MAX_REASON} 个字符")
    if not 1 <= duration_s <= MAX_SUBSTITUTION_S:  # NaN too
        return LocalText(
            "a substitute lasts from 1 s to 24 h; set it anew then", "人工置数时长为 1 秒至 24 小时，到期后可重新设置"
        )
    return None


def _fitting(tag: Tag, value: Value) -> Value:
    """Return a value as its tag has it. Raises EnvironmentProblem with what is allowed."""
    if tag.data_type is DataType.STRING:
        raise EnvironmentProblem(LocalText("a text cannot be substituted", "文本位号不能人工置数"))
    if isinstance(value, bool) or not isinstance(value, int | float):
        number = float(value) if isinstance(value, bool) and tag.data_type is DataType.BOOL else math.nan
    else:
        number = float(value) if abs(value) <= EXACT else math.nan
    if not math.isfinite(number) or (tag.data_type is not DataType.FLOAT and not number.is_integer()):
        raise EnvironmentProblem(
            LocalText("the value is not a number that this tag can have", "数值与位号的数据类型不符")
        )
    if tag.data_type in _MEASURED:
        if not tag.low <= number <= tag.high:
            low, high = f"{tag.low:g}", f"{tag.high:g}"
            raise EnvironmentProblem(
                LocalText(
                    f"{number:g} is out of range; allowed: {low} to {high}",
                    f"{number:g} 超出范围；允许 {low} 至 {high}",
                )
            )
        return number if tag.data_type is DataType.FLOAT else int(number)
    known = [state for state, _ in tag.states] or [0, 1]
    if int(number) not in known:
        listed = ", ".join(map(str, known))
        raise EnvironmentProblem(
            LocalText(f"state {number:g} is unknown; allowed: {listed}", f"状态 {number:g} 不存在；允许 {listed}")
        )
    return bool(number) if tag.data_type is DataType.BOOL else int(number)
