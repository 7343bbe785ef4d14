"""Conditions of alarms: whether what an alarm watches is abnormal. Pure: time is an argument.

A file a subject: what one kind of condition looks at (a ``Judge``), how often it must be met, and its delays. Room for
another kind is a further judge in ``kinds.py``.
"""

from app.alarms.conditions.condition import Condition
from app.alarms.conditions.delay import Change
from app.alarms.conditions.joint import Joint
from app.alarms.conditions.kinds import condition_of

__all__ = ["Change", "Condition", "Joint", "condition_of"]
