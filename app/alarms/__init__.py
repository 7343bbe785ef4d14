"""Alarms after ISA-18.2 / IEC 62682: conditions, annunciation states, suppression. Pure logic, no I/O."""

from app.alarms.by import By
from app.alarms.definitions import with_connection_alarms
from app.alarms.engine import AlarmEngine
from app.alarms.errors import AlarmRefusal, AlarmRefused
from app.alarms.journal import journal_row

__all__ = ["AlarmEngine", "AlarmRefusal", "AlarmRefused", "By", "journal_row", "with_connection_alarms"]
