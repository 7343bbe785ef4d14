"""What an operator can ask about alarms: which of them it fits, and what is asked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication

from app.model.alarm import AnnunciationState, Priority, Suppression
from app.model.alarm_action import AlarmAction
from widgets.alarms.row import AlarmRow

Pairs = tuple[tuple[str, str], ...]
"""Alarm id and event id, as they were seen."""


@dataclass(frozen=True, slots=True)
class AlarmAsk:
    """A request about alarms; whoever judges them decides.

    Attributes:
        comment: the reason, where the action needs one.
        duration_s: of SHELVE.
        permit, approver, approver_password: of REMOVE_FROM_SERVICE.

    """

    action: AlarmAction
    pairs: Pairs
    comment: str = ""
    duration_s: float = 0.0
    permit: str = ""
    approver: str = ""
    approver_password: str = field(default="", repr=False)


def pairs_of(rows: Iterable[AlarmRow]) -> Pairs:
    """Return what names the occurrences that the operator saw."""
    return tuple((row.snapshot.id, row.snapshot.event_id) for row in rows)


def fits(action: AlarmAction, row: AlarmRow) -> bool:
    """Tell whether an action makes sense for an alarm as it is now."""
    shot, external = row.snapshot, row.snapshot.external
    shelved = Suppression.SHELVED in shot.suppression
    out_of_service = Suppression.OUT_OF_SERVICE in shot.suppression
    match action:
        case AlarmAction.ACKNOWLEDGE:
            return shot.unacknowledged
        case AlarmAction.CONFIRM:
            return external is not None and external.to_confirm
        case AlarmAction.COMMENT:
            return True
        case AlarmAction.SHELVE | AlarmAction.SHELVE_ONCE:
            can = external.can_shelve if external is not None else row.definition.longest_shelving_s > 0
            return can and not shelved and not out_of_service
        case AlarmAction.UNSHELVE:
            return shelved
        case AlarmAction.RESET:
            return external is None and shot.state is AnnunciationState.LATCHED_ACKNOWLEDGED
        case AlarmAction.REMOVE_FROM_SERVICE:
            return external is None and not out_of_service
        case AlarmAction.RETURN_TO_SERVICE:
            return external is None and out_of_service


def fitting(action: AlarmAction, rows: Sequence[AlarmRow]) -> list[AlarmRow]:
    """Return those of some alarms that an action makes sense for."""
    return [row for row in rows if fits(action, row)]


def words(action: AlarmAction) -> str:
    """Return what a button or an entry of a menu says."""
    translate = QCoreApplication.translate
    return {
        AlarmAction.ACKNOWLEDGE: translate("AlarmAction", "Acknowledge"),
        AlarmAction.CONFIRM: translate("AlarmAction", "Confirm"),
        AlarmAction.COMMENT: translate("AlarmAction", "Add the comment"),
        AlarmAction.SHELVE: translate("AlarmAction", "Shelve…"),
        AlarmAction.SHELVE_ONCE: translate("AlarmAction", "Shelve until it returns"),
        AlarmAction.UNSHELVE: translate("AlarmAction", "Unshelve"),
        AlarmAction.RESET: translate("AlarmAction", "Reset"),
        AlarmAction.REMOVE_FROM_SERVICE: translate("AlarmAction", "Out of service…"),
        AlarmAction.RETURN_TO_SERVICE: translate("AlarmAction", "Return to service"),
    }[action]


def longest_shelving_s(rows: Iterable[AlarmRow]) -> float:
    """Return the longest time (s) for which all of some alarms may be shelved; of what devices judge, they decide."""
    own = [row.definition.longest_shelving_s for row in rows if row.snapshot.external is None]
    return min(own, default=8 * 3600.0)


def needs_approver(rows: Iterable[AlarmRow]) -> bool:
    """Tell whether a second person has to agree to take some alarms out of service."""
    return any(row.definition.priority is Priority.CRITICAL for row in rows)
