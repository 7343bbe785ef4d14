"""Figures of alarm management from the journal's rows of alarms. Pure: no I/O, no clock; docs/alarm-kpis.md."""

from app.alarms.kpi.clock import plant_period
from app.alarms.kpi.definitions import LOOK_BACK_NS
from app.alarms.kpi.report import KpiBasis, make_report
from app.alarms.kpi.rows import AlarmRows, StatRow, StatStep
from app.alarms.kpi.targets import PRIORITY_SHARES, TARGETS, Band, Figure, Target, judge, measure

__all__ = [
    "LOOK_BACK_NS",
    "PRIORITY_SHARES",
    "TARGETS",
    "AlarmRows",
    "Band",
    "Figure",
    "KpiBasis",
    "StatRow",
    "StatStep",
    "Target",
    "judge",
    "make_report",
    "measure",
    "plant_period",
]
