"""What is acceptable: the figures of ISA-18.2, IEC 62682 and EEMUA 191 as bands."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.alarms.kpi.definitions import FLOOD_BEGINS_ABOVE
from app.model.alarm import Priority
from app.model.alarm_kpi import AlarmKpiReport


class Figure(StrEnum):
    """The single figures of a report."""

    PER_DAY = "per_day"
    PER_HOUR = "per_hour"
    PER_TEN_MINUTES = "per_ten_minutes"
    MOST = "most"
    BUSY_HOURS = "busy_hours"
    CROWDED = "crowded"
    FLOOD = "flood"
    TOP_TEN = "top_ten"
    CHATTERING = "chattering"
    FLEETING = "fleeting"
    STALE = "stale"
    PRIORITIES = "priorities"
    ACKNOWLEDGED = "acknowledged"
    SHELVED = "shelved"


class Band(StrEnum):
    """How a figure is to be judged."""

    ACCEPTABLE = "acceptable"
    MANAGEABLE = "manageable"
    BEYOND = "beyond"
    NONE = "none"
    """There is no target, or nothing to judge."""


@dataclass(frozen=True, slots=True)
class Target:
    """Bounds of the bands, both included unless ``below``; no ``manageable`` one: what is not acceptable is beyond."""

    acceptable: float
    manageable: float | None = None
    below: bool = False

    def judge(self, value: float) -> Band:
        """Return the band of a value."""
        if value < self.acceptable or (value == self.acceptable and not self.below):
            return Band.ACCEPTABLE
        if self.manageable is not None and value <= self.manageable:
            return Band.MANAGEABLE
        return Band.BEYOND


TARGETS: Final[dict[Figure, Target]] = {
    Figure.PER_DAY: Target(150, 300),
    Figure.PER_HOUR: Target(6, 12),
    Figure.PER_TEN_MINUTES: Target(1, 2),
    Figure.MOST: Target(10),
    Figure.BUSY_HOURS: Target(0.01, below=True),
    Figure.CROWDED: Target(0.01, below=True),
    Figure.FLOOD: Target(0.01, below=True),
    Figure.TOP_TEN: Target(0.01, 0.05),
    Figure.CHATTERING: Target(0),
    Figure.FLEETING: Target(0),
    Figure.STALE: Target(5, below=True),
    Figure.PRIORITIES: Target(0.06),
    Figure.SHELVED: Target(0),
}
PRIORITY_SHARES: Final = {1: 0.01, 2: 0.05, 3: 0.15, 4: 0.80}
"""Share that the alarms of each priority should have, as configured and as annunciated."""


JUDGED_FROM: Final = 200
"""So many annunciated alarms must there be before a share of them says anything: of fewer, ten that came once are more
than 5 %."""


def measure(figure: Figure, report: AlarmKpiReport) -> float | None:
    """Return the value of a figure (shares from 0 to 1, times in s); None where there is nothing to tell."""
    if figure in _OF_ALARMS and not report.annunciated:
        return None
    return _VALUES[figure](report)


def judge(figure: Figure, report: AlarmKpiReport) -> Band:
    """Return the band of a figure."""
    value, target = measure(figure, report), TARGETS.get(figure)
    if value is None or target is None or (figure in _OF_ALARMS and report.annunciated < JUDGED_FROM):
        return Band.NONE
    return target.judge(value)


def _crowded(report: AlarmKpiReport) -> float:
    return sum(count > FLOOD_BEGINS_ABOVE for count in report.bins) / len(report.bins) if report.bins else 0.0


def _urgent(report: AlarmKpiReport) -> float:
    return sum(each.annunciated for each in report.priorities if each.priority <= Priority.HIGH) / report.annunciated


_OF_ALARMS: Final = frozenset({Figure.TOP_TEN, Figure.PRIORITIES, Figure.ACKNOWLEDGED})
_VALUES: Final[dict[Figure, Callable[[AlarmKpiReport], float | None]]] = {
    Figure.PER_DAY: lambda report: report.per_day,
    Figure.PER_HOUR: lambda report: report.per_hour,
    Figure.PER_TEN_MINUTES: lambda report: report.per_ten_minutes,
    Figure.MOST: lambda report: report.most,
    Figure.BUSY_HOURS: lambda report: report.busy_hour_share,
    Figure.CROWDED: _crowded,
    Figure.FLOOD: lambda report: report.flood_share,
    Figure.TOP_TEN: lambda report: report.top_share,
    Figure.CHATTERING: lambda report: len(report.chattering),
    Figure.FLEETING: lambda report: sum(each.count for each in report.fleeting),
    Figure.STALE: lambda report: report.most_stale,
    Figure.PRIORITIES: _urgent,
    Figure.ACKNOWLEDGED: lambda report: report.response.median_s,
    Figure.SHELVED: lambda report: len(report.shelved),
}
