"""Rows of alarms for tests, in short: each a time in seconds, an alarm and what happened."""

from zoneinfo import ZoneInfo

from app.alarms.kpi import AlarmRows, KpiBasis, StatRow
from app.model.alarm_kpi import DAY_NS
from app.model.clock import SECOND_NS

ZONE = ZoneInfo("Asia/Shanghai")
START_NS = 1_700_000_400 * SECOND_NS
"""A whole ten minutes of the clock: 06:20 in Shanghai."""
STATES = {
    "ALM": ("NORM", "UNACK"), "ACK": ("UNACK", "ACKED"), "RTN": ("UNACK", "RTNUN"), "RTN-ACKED": ("ACKED", "NORM"),
    "ACK-RTN": ("RTNUN", "NORM"),
}  # fmt: skip


def at(seconds: float) -> int:
    """Return a time so many seconds after START_NS."""
    return START_NS + round(seconds * SECOND_NS)


def stat(
    number: int, seconds: float, alarm: str, what: str, *, old: str = "", new: str = "", priority: int = 2,
    area: str = "UF", user: str = "", delay_s: float = 0.0, shelved_s: float | None = None,
) -> StatRow:  # fmt: skip
    """Return a row; ``what`` is an event, or a key of STATES."""
    states = STATES.get(what, ("", ""))
    return StatRow(
        number, what.split("-")[0], alarm, at(seconds), at(seconds + delay_s), priority,
        old or states[0], new or states[1], area, user or ("li" if what.startswith("ACK") else ""), shelved_s,
    )  # fmt: skip


def columns(*rows: StatRow) -> AlarmRows:
    """Return rows as they are computed with."""
    made = AlarmRows()
    made.add(rows)
    return made


def happened(*events: tuple[float, str, str]) -> AlarmRows:
    """Return rows of (seconds, alarm, event)."""
    return columns(*(stat(number, *event) for number, event in enumerate(events, 1)))


def basis(length_s: float, back_s: float = 7 * 86400, **more: object) -> KpiBasis:
    """Return a period of so many seconds from START_NS on."""
    assert back_s * SECOND_NS <= 7 * DAY_NS
    return KpiBasis(START_NS, at(length_s), at(-back_s), ZONE, **more)  # type: ignore[arg-type]  # what a test names
