"""Why an acknowledgement was refused."""

from enum import StrEnum

from app.model.errors import HaiheError
from app.model.text import LocalText


class AlarmRefusal(StrEnum):
    """Reason of a refusal."""

    UNKNOWN_ALARM = "unknown-alarm"
    STALE_EVENT = "stale-event"
    ALREADY_ACKNOWLEDGED = "already-acknowledged"
    NOT_REQUIRED = "not-required"


class AlarmRefused(HaiheError):
    """An action on an alarm was refused; nothing changed. ``text`` says why, in both languages."""

    def __init__(self, alarm_id: str, reason: AlarmRefusal, text: LocalText) -> None:
        super().__init__(text)
        self.alarm_id = alarm_id
        self.reason = reason
