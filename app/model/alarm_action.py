"""What an operator can do about an alarm."""

from enum import StrEnum


class AlarmAction(StrEnum):
    """What can be asked of whoever judges an alarm: the engine, or a device."""

    ACKNOWLEDGE = "acknowledge"
    CONFIRM = "confirm"
    """Of alarms that a device judges only."""
    COMMENT = "comment"
    SHELVE = "shelve"
    SHELVE_ONCE = "shelve-once"
    UNSHELVE = "unshelve"
    RESET = "reset"
    """End a latched alarm. This and what follows: of alarms that the engine judges only."""
    REMOVE_FROM_SERVICE = "remove-from-service"
    RETURN_TO_SERVICE = "return-to-service"

    @property
    def is_shelving(self) -> bool:
        """Whether it keeps an alarm silent, or ends that."""
        return self in {AlarmAction.SHELVE, AlarmAction.SHELVE_ONCE, AlarmAction.UNSHELVE}

    @property
    def needs_reason(self) -> bool:
        """Whether a comment, the reason, is mandatory for alarms that the engine judges."""
        return self in {AlarmAction.SHELVE, AlarmAction.SHELVE_ONCE, AlarmAction.REMOVE_FROM_SERVICE}
