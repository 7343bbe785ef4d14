"""The words of every refusal, with what to do instead."""

from app.alarms.errors import AlarmRefusal, AlarmRefused
from app.model.alarm_state import AlarmSnapshot
from app.model.text import LocalText
from app.model.user import Role


def _refused(alarm_id: str, reason: AlarmRefusal, en: str, zh: str) -> AlarmRefused:
    return AlarmRefused(alarm_id, reason, LocalText(f"{alarm_id}: {en}", f"{alarm_id}：{zh}"))


def unknown_alarm(alarm_id: str) -> AlarmRefused:
    """Return that there is no such alarm."""
    text = LocalText(f"There is no alarm '{alarm_id}'.", f"没有报警“{alarm_id}”。")
    return AlarmRefused(alarm_id, AlarmRefusal.UNKNOWN_ALARM, text)


def stale_event(alarm_id: str) -> AlarmRefused:
    """Return that another occurrence began since it was looked at."""
    return _refused(
        alarm_id, AlarmRefusal.STALE_EVENT, "this occurrence is over; look at the alarm again first.",
        "该次报警已过期，请重新查看后再操作。",
    )  # fmt: skip


def cannot_acknowledge(snapshot: AlarmSnapshot) -> AlarmRefused:
    """Return who was first, or that there is nothing to acknowledge."""
    by = snapshot.acknowledged_by
    if by:
        return _refused(
            snapshot.id, AlarmRefusal.ALREADY_ACKNOWLEDGED, f"already acknowledged by {by}.", f"已由 {by} 确认。"
        )
    return _refused(snapshot.id, AlarmRefusal.NOT_REQUIRED, "there is nothing to acknowledge.", "无需确认。")


def cannot_reset(snapshot: AlarmSnapshot) -> AlarmRefused:
    """Return that it must be acknowledged first, or that there is nothing to reset."""
    if snapshot.unacknowledged:
        return _refused(
            snapshot.id, AlarmRefusal.ACKNOWLEDGE_FIRST, "acknowledge it first, then reset it.", "请先确认，再复位。"
        )
    if snapshot.active:
        return _refused(
            snapshot.id, AlarmRefusal.NOT_LATCHED, "it is still active; it can be reset once it has returned.",
            "报警仍然存在，恢复后才能复位。",
        )  # fmt: skip
    return _refused(snapshot.id, AlarmRefusal.NOT_LATCHED, "there is nothing to reset.", "无需复位。")


def comment_missing(alarm_id: str) -> AlarmRefused:
    """Return that a reason, or the comment itself, must be given."""
    return _refused(alarm_id, AlarmRefusal.COMMENT_MISSING, "give a reason.", "请填写原因。")


def too_long(alarm_id: str, characters: int) -> AlarmRefused:
    """Return how long a comment or the name of a permit may be."""
    return _refused(
        alarm_id, AlarmRefusal.TOO_LONG, f"the text is too long; up to {characters} characters are kept.",
        f"文字过长，最多 {characters} 个字符。",
    )  # fmt: skip


def not_shelvable(alarm_id: str) -> AlarmRefused:
    """Return that the project does not let it be shelved."""
    return _refused(
        alarm_id, AlarmRefusal.NOT_SHELVABLE, "this alarm cannot be shelved (its configuration says so).",
        "该报警不允许搁置（由组态规定）。",
    )  # fmt: skip


def bad_duration(alarm_id: str, longest_s: float) -> AlarmRefused:
    """Return how long it can be shelved."""
    minutes = f"{longest_s / 60:g}"
    return _refused(
        alarm_id, AlarmRefusal.BAD_DURATION, f"it can be shelved for up to {minutes} min.",
        f"搁置时间最长为 {minutes} 分钟。",
    )  # fmt: skip


def already_shelved(alarm_id: str, by: str) -> AlarmRefused:
    """Return by whom it is shelved already."""
    return _refused(
        alarm_id, AlarmRefusal.ALREADY_SHELVED, f"already shelved by {by}; unshelve it first.",
        f"已由 {by} 搁置，请先解除搁置。",
    )  # fmt: skip


def not_shelved(alarm_id: str) -> AlarmRefused:
    """Return that it is not shelved."""
    return _refused(alarm_id, AlarmRefusal.NOT_SHELVED, "it is not shelved (any more).", "该报警未被搁置或搁置已结束。")


def out_of_service(alarm_id: str, by: str) -> AlarmRefused:
    """Return by whom it is out of service already."""
    return _refused(alarm_id, AlarmRefusal.OUT_OF_SERVICE, f"already out of service by {by}.", f"已由 {by} 停用。")


def in_service(alarm_id: str) -> AlarmRefused:
    """Return that it is in service."""
    return _refused(alarm_id, AlarmRefusal.IN_SERVICE, "it is in service.", "该报警已在用。")


def permit_missing(alarm_id: str) -> AlarmRefused:
    """Return that a permit must be named."""
    return _refused(alarm_id, AlarmRefusal.PERMIT_MISSING, "name the work permit.", "请填写工作票编号。")


def approver_missing(alarm_id: str) -> AlarmRefused:
    """Return that a second person must approve."""
    return _refused(
        alarm_id, AlarmRefusal.APPROVER_MISSING,
        "a priority 1 alarm needs the approval of a second person, a supervisor or engineer.",
        "一级报警停用需第二人（值长或工程师）批准。",
    )  # fmt: skip


def not_approved(alarm_id: str, why: LocalText) -> AlarmRefused:
    """Return why the second person's approval does not count."""
    return _refused(
        alarm_id, AlarmRefusal.APPROVER_MISSING, f"it was not approved: {why.en}.", f"未获批准：{why.get('zh')}。"
    )


def no_permission(alarm_id: str, role: Role, user: str, has: Role) -> AlarmRefused:
    """Return the role that is needed."""
    return _refused(
        alarm_id, AlarmRefusal.NO_PERMISSION, f"this needs the role {role.title.en}; {user} is {has.title.en}.",
        f"需要“{role.title.zh}”权限；{user} 的权限为“{has.title.zh}”。",
    )  # fmt: skip
