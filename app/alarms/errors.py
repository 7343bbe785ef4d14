"""Why something was not done to an alarm."""

from enum import StrEnum

from app.model.errors import HaiheError
from app.model.text import LocalText


class AlarmRefusal(StrEnum):
    """Reason of a refusal."""

    UNKNOWN_ALARM = "unknown-alarm"
    STALE_EVENT = "stale-event"
    ALREADY_ACKNOWLEDGED = "already-acknowledged"
    NOT_REQUIRED = "not-required"
    ACKNOWLEDGE_FIRST = "acknowledge-first"
    NOT_LATCHED = "not-latched"
    COMMENT_MISSING = "comment-missing"
    TOO_LONG = "too-long"
    NOT_SHELVABLE = "not-shelvable"
    BAD_DURATION = "bad-duration"
    ALREADY_SHELVED = "already-shelved"
    NOT_SHELVED = "not-shelved"
    OUT_OF_SERVICE = "out-of-service"
    IN_SERVICE = "in-service"
    PERMIT_MISSING = "permit-missing"
    APPROVER_MISSING = "approver-missing"
    NO_PERMISSION = "no-permission"


class AlarmRefused(HaiheError):
    """An action on an alarm was refused; nothing changed. ``text`` says why, in both languages."""

    def __init__(self, alarm_id: str, reason: AlarmRefusal, text: LocalText) -> None:
        super().__init__(text)
        self.alarm_id = alarm_id
        self.reason = reason
