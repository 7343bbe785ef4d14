"""The checks before a command, in the order of their importance; each becomes a line that the operator reads."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from app.model import status as st
from app.model.command import Check, CommandDefinition, CommandKind, Interlock, RefusalReason
from app.model.expressions import Expression
from app.model.sample import Sample, Value
from app.model.tag import Tag
from app.model.text import LocalText
from app.model.user import Role, Session

REMOTE = 1.0
"""Value of a local/remote switch that permits remote control."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A check with what a refusal by it would say."""

    check: Check
    reason: RefusalReason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Situation:
    """All that the checks look at."""

    definition: CommandDefinition
    value: Value
    session: Session | None
    now_ns: int
    busy_with: str
    """Command or user that holds the target; empty where none does."""
    tags: Mapping[str, Tag]
    read: Callable[[str], Sample | None]
    connection_up: Callable[[str], bool]
    interlocks: tuple[tuple[Interlock, Expression], ...]


def run_checks(situation: Situation) -> tuple[tuple[Check, ...], Finding | None]:
    """Return every check, and the one that refuses (None: permitted).

    The first that fails refuses; only a lost link goes before bad quality, since it is its cause.
    """
    findings = list(_all(situation))
    failed = [each for each in findings if not each.check.passed]
    refusing = failed[0] if failed else None
    if refusing is not None and refusing.reason is RefusalReason.BAD_QUALITY:
        refusing = next((each for each in failed if each.reason is RefusalReason.LINK_DOWN), refusing)
    return tuple(each.check for each in findings), refusing


def session_problem(session: Session | None, now_ns: int) -> bool:
    """Tell whether there is no session, or it has expired."""
    return session is None or now_ns >= session.expires_ns


def _all(situation: Situation) -> Iterator[Finding]:
    definition = situation.definition
    yield from _authority(situation)
    yield _finding(
        "in-progress",
        "Nothing else under way",
        "无其他命令执行中",
        RefusalReason.IN_PROGRESS,
        LocalText(
            f"{situation.busy_with} holds {definition.target}", f"{situation.busy_with} 正在占用 {definition.target}"
        )
        if situation.busy_with
        else None,
        situation.busy_with,
    )
    if definition.local_remote:
        yield _local_remote(situation)
    yield _link(situation)
    for tag in dict.fromkeys((definition.target, definition.feedback or definition.target)):
        yield _quality(situation, tag)
    for interlock, expression in situation.interlocks:
        yield _interlock(situation, interlock, expression)
    yield from _range(situation)


def _finding(
    check: str, en: str, zh: str, reason: RefusalReason, problem: LocalText | None, detail: str = ""
) -> Finding:
    passed = problem is None
    return Finding(Check(check, LocalText(en, zh), passed, problem or LocalText()), reason, "" if passed else detail)


def _authority(situation: Situation) -> Iterator[Finding]:
    session = situation.session
    problem = LocalText("Log in first", "请先登录") if session_problem(session, situation.now_ns) else None
    yield _finding("session", "Logged in", "已登录", RefusalReason.NO_SESSION, problem)
    needed = Role.parse(situation.definition.role)
    problem = None
    if session is None or session.role < needed:
        name = needed.name.lower()
        problem = LocalText(f"Needs the role {name} or higher", f"需要 {name} 或更高权限")
    yield _finding("role", "Permitted by role", "权限允许", RefusalReason.NO_PERMISSION, problem, needed.name.lower())


def _local_remote(situation: Situation) -> Finding:
    tag = situation.definition.local_remote
    sample = situation.read(tag)
    en, zh = "Switch in REMOTE", "转换开关在远程位"
    if sample is None or not sample.is_good:
        return _finding("local-remote", en, zh, RefusalReason.BAD_QUALITY, _unreadable(tag, sample), tag)
    problem = None
    if sample.number != REMOTE:
        problem = LocalText("In LOCAL: controlled at the equipment", "就地控制：只能在设备旁操作")
    return _finding("local-remote", en, zh, RefusalReason.LOCAL_CONTROL, problem, tag)


def _link(situation: Situation) -> Finding:
    definition = situation.definition
    for name in (definition.target, definition.feedback or definition.target):
        tag = situation.tags.get(name)
        connection = "" if tag is None else tag.connection
        if not connection or not situation.connection_up(connection):
            where = connection or name
            problem = LocalText(
                f"Connection {where} is down; nothing is sent later", f"通信 {where} 中断，命令不会补发"
            )
            return _finding("link", "Connected", "通信正常", RefusalReason.LINK_DOWN, problem, where)
    return _finding("link", "Connected", "通信正常", RefusalReason.LINK_DOWN, None)


def _quality(situation: Situation, tag: str) -> Finding:
    sample = situation.read(tag)
    problem = None if sample is not None and sample.is_good else _unreadable(tag, sample)
    return _finding(f"quality:{tag}", f"{tag} good", f"{tag} 质量良好", RefusalReason.BAD_QUALITY, problem, tag)


def _interlock(situation: Situation, interlock: Interlock, expression: Expression) -> Finding:
    outcome = expression.evaluate(situation.read)
    title = interlock.title
    problem: LocalText | None = None
    if not outcome.is_good:
        name = st.status_name(outcome.status)
        problem = LocalText(
            f"{title.get('en')}: cannot be judged, an input is {name}", f"{title.get('zh')}：无法判断，输入为 {name}"
        )
    elif outcome.is_true:
        problem = title or LocalText(interlock.id)
    return _finding(
        f"interlock:{interlock.id}",
        f"Interlock clear: {title.get('en') or interlock.id}",
        f"联锁解除：{title.get('zh') or interlock.id}",
        RefusalReason.INTERLOCK,
        problem,
        interlock.id,
    )


def _range(situation: Situation) -> Iterator[Finding]:
    definition, value = situation.definition, situation.value
    en, zh = "Value in range", "数值在允许范围内"
    reason = RefusalReason.OUT_OF_RANGE
    if definition.kind is CommandKind.ACTION:
        problem = None if value == definition.value else LocalText("This command takes no value", "该命令不带数值")
        yield _finding("range", en, zh, reason, problem)
        return
    if isinstance(value, str | None) or not math.isfinite(value):
        yield _finding("range", en, zh, reason, LocalText("A number is needed", "需要一个数值"))
        return
    problem, detail = None, ""
    if definition.low is not None and value < definition.low:
        detail = f"{definition.low:g}"
        problem = LocalText(f"Below the lowest value {detail}", f"低于下限 {detail}")
    elif definition.high is not None and value > definition.high:
        detail = f"{definition.high:g}"
        problem = LocalText(f"Above the highest value {detail}", f"高于上限 {detail}")
    yield _finding("range", en, zh, reason, problem, detail)
    if definition.max_step is None:
        return
    problem, detail = None, f"{definition.max_step:g}"
    current = situation.read(definition.target)
    number = None if current is None else current.number
    if number is None or not abs(value - number) <= definition.max_step + 1e-9:  # NaN: how far is not known
        problem = LocalText(f"Changes by more than {detail} at once", f"单次变化超过 {detail}")
    yield _finding("step", "Step allowed", "单次变化允许", RefusalReason.STEP_TOO_LARGE, problem, detail)


def _unreadable(tag: str, sample: Sample | None) -> LocalText:
    name = st.status_name(st.BAD_WAITING_FOR_INITIAL_DATA if sample is None else sample.status)
    return LocalText(f"{tag} is {name}", f"{tag} 质量为 {name}")
