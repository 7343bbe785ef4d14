"""What an alarm is called where nobody wrote it."""

from collections.abc import Sequence
from typing import Final

from app.model.alarm import AlarmKind
from app.model.tag import Tag
from app.model.text import LocalText
from app.project.checks import phrase

_KINDS: Final = {
    AlarmKind.LOW_LOW: LocalText("very low", "过低"),
    AlarmKind.LOW: LocalText("low", "偏低"),
    AlarmKind.HIGH: LocalText("high", "偏高"),
    AlarmKind.HIGH_HIGH: LocalText("very high", "过高"),
    AlarmKind.DEVIATION: LocalText("deviates", "偏差大"),
    AlarmKind.RATE_OF_CHANGE: LocalText("changes fast", "变化过快"),
    AlarmKind.DISCREPANCY: LocalText("does not follow its command", "与指令不符"),
    AlarmKind.BAD_QUALITY: LocalText("bad quality", "数据异常"),
    AlarmKind.FROZEN: LocalText("stands still", "数值不变"),
}
_ABNORMAL: Final = LocalText("abnormal", "异常")


def text_of(tag: Tag, kind: AlarmKind, states: Sequence[int]) -> LocalText:
    """Return the title of the tag and what is wrong with it; of a discrete alarm its first abnormal state."""
    state = tag.state_text(states[0]) if states else None
    return phrase(tag.description, _KINDS.get(kind) or state or _ABNORMAL)
