"""Who may do what to which alarm."""

from app.model.alarm import AlarmDefinition, Priority
from app.model.alarm_action import AlarmAction
from app.model.user import Role

APPROVER = Role.SUPERVISOR
"""The role that the second person needs at least."""


def required_role(action: AlarmAction, definition: AlarmDefinition) -> Role:
    """Return the role that an action needs at least."""
    if action in {AlarmAction.REMOVE_FROM_SERVICE, AlarmAction.RETURN_TO_SERVICE}:
        return Role.SUPERVISOR
    if action.is_shelving and action is not AlarmAction.UNSHELVE and definition.priority is Priority.CRITICAL:
        return Role.SUPERVISOR
    return Role.OPERATOR


def needs_approver(action: AlarmAction, definition: AlarmDefinition) -> bool:
    """Tell whether a second person has to approve."""
    return action is AlarmAction.REMOVE_FROM_SERVICE and definition.priority is Priority.CRITICAL
