"""The figures of alarm management of one period (ISA-18.2 / IEC 62682, EEMUA 191), as the engine reports them.

How each is computed stands in docs/alarm-kpis.md. Times are ns since the epoch, UTC.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.model.clock import SECOND_NS

TEN_MINUTES_NS: Final = 600 * SECOND_NS
HOUR_NS: Final = 3600 * SECOND_NS
DAY_NS: Final = 24 * HOUR_NS
LONGEST_PERIOD_NS: Final = 366 * DAY_NS


@dataclass(frozen=True, slots=True)
class AlarmKpiRequest:
    """Ask for the figures of a period (``to_ns`` excluded) of an operating position; empty: the whole plant."""

    from_ns: int
    to_ns: int
    position: str = ""


@dataclass(frozen=True, slots=True)
class AlarmCount:
    """An alarm, and how often."""

    alarm: str
    count: int


@dataclass(frozen=True, slots=True)
class FloodSpan:
    """A flood within the period: the alarms of it, and the most in one window of it."""

    from_ns: int
    to_ns: int
    annunciated: int
    peak: int


@dataclass(frozen=True, slots=True)
class ChatteringAlarm:
    """An alarm that chattered: how often it began to, its annunciations in that, and when."""

    alarm: str
    episodes: int
    annunciated: int
    first_ns: int
    last_ns: int


@dataclass(frozen=True, slots=True)
class StaleAlarm:
    """An alarm that stood for more than a day.

    Attributes:
        since_ns: when it came; where not ``since_known``, it came before this.
        to_ns: when it ended; None: it still stood at the end of the period.

    """

    alarm: str
    since_ns: int
    to_ns: int | None
    since_known: bool = True


class ShelvingFault(StrEnum):
    """What is wrong with how an alarm was shelved."""

    OVER_TIME = "over-time"
    REPEATED = "repeated"


@dataclass(frozen=True, slots=True)
class OverdueShelving:
    """An alarm that stayed shelved beyond its longest time, or was shelved again and again (``count`` in a day)."""

    alarm: str
    fault: ShelvingFault
    since_ns: int
    to_ns: int | None
    count: int = 1


@dataclass(frozen=True, slots=True)
class ResponseTimes:
    """How fast operators acknowledged; ``priority`` None: all of them.

    Attributes:
        required: annunciations that wanted to be acknowledged. acknowledged: those that were, within the period.
        median_s, p95_s: seconds from annunciation to acknowledgement; None where none was acknowledged.

    """

    priority: int | None
    required: int
    acknowledged: int
    median_s: float | None = None
    p95_s: float | None = None


@dataclass(frozen=True, slots=True)
class PriorityCount:
    """Alarms of a priority: as configured, and as annunciated."""

    priority: int
    configured: int
    annunciated: int


@dataclass(frozen=True, slots=True)
class DayFigures:
    """One day of the plant, as far as it is in the period."""

    from_ns: int
    annunciated: int
    stale: int


@dataclass(frozen=True, slots=True)
class AlarmKpiReport:
    """The figures of a period.

    Attributes:
        from_ns, to_ns: the period, on whole ten minutes of the plant's clock, and not beyond now.
        position: operating position; empty: the whole plant.
        rows: rows of the journal that were looked at. alarms: different alarms that annunciated.
        bins: annunciated in each ten minutes from ``from_ns`` on; the last may be shorter.
        hours, busy_hours: hours of the clock in the period, and those with more than 30.
        most, most_ns: the most within any ten minutes, and when these began.
        top: the ten that annunciated most.

    """

    from_ns: int
    to_ns: int
    position: str = ""
    rows: int = 0
    annunciated: int = 0
    alarms: int = 0
    bins: tuple[int, ...] = ()
    hours: int = 0
    busy_hours: int = 0
    most: int = 0
    most_ns: int = 0
    floods: tuple[FloodSpan, ...] = ()
    top: tuple[AlarmCount, ...] = ()
    chattering: tuple[ChatteringAlarm, ...] = ()
    fleeting: tuple[AlarmCount, ...] = ()
    stale: tuple[StaleAlarm, ...] = ()
    shelved: tuple[OverdueShelving, ...] = ()
    days: tuple[DayFigures, ...] = ()
    priorities: tuple[PriorityCount, ...] = ()
    responses: tuple[ResponseTimes, ...] = ()

    @property
    def length_ns(self) -> int:
        """Length of the period."""
        return self.to_ns - self.from_ns

    @property
    def per_ten_minutes(self) -> float:
        """Annunciated in ten minutes, on average."""
        return self.annunciated * TEN_MINUTES_NS / self.length_ns if self.length_ns > 0 else 0.0

    @property
    def per_hour(self) -> float:
        """Annunciated in an hour, on average."""
        return 6 * self.per_ten_minutes

    @property
    def per_day(self) -> float:
        """Annunciated in a day, on average."""
        return 144 * self.per_ten_minutes

    @property
    def flood_share(self) -> float:
        """Share of the period in flood, 0 to 1."""
        flood_ns = sum(each.to_ns - each.from_ns for each in self.floods)
        return flood_ns / self.length_ns if self.length_ns > 0 else 0.0

    @property
    def busy_hour_share(self) -> float:
        """Share of the hours that had more than 30, 0 to 1."""
        return self.busy_hours / self.hours if self.hours else 0.0

    @property
    def top_share(self) -> float:
        """Share of all annunciations that the ten most frequent alarms brought, 0 to 1."""
        return sum(each.count for each in self.top) / self.annunciated if self.annunciated else 0.0

    @property
    def most_stale(self) -> int:
        """The most stale alarms on any day of the period."""
        return max((each.stale for each in self.days), default=0)

    @property
    def response(self) -> ResponseTimes:
        """The times to acknowledge, all priorities together."""
        return next((each for each in self.responses if each.priority is None), ResponseTimes(None, 0, 0))
