"""Rows of alarms for tests, in short: each a time in seconds, an alarm and what happened."""

from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.alarms.kpi import AlarmRows, KpiBasis, StatRow, StatStep
from app.model.alarm_kpi import DAY_NS
from app.model.clock import SECOND_NS

ZONE = ZoneInfo("Asia/Shanghai")
START_NS = 1_700_000_400 * SECOND_NS
"""A whole ten minutes of the clock: 06:20 in Shanghai."""
STATES = {
    "ALM": ("NORM", "UNACK"), "ACK": ("UNACK", "ACKED"), "RTN": ("UNACK", "RTNUN"), "RTN-ACKED": ("ACKED", "NORM"),
    "ACK-RTN": ("RTNUN", "NORM"),
}  # fmt: skip


class Row(NamedTuple):
    """A row of the journal, as far as it matters here."""

    id: int
    event: str
    object: str
    time_ns: int
    receive_ns: int
    priority: int | None
    old: str
    new: str
    area: str
    user: str
    shelved_s: float | None = None


def at(seconds: float) -> int:
    """Return a time so many seconds after START_NS."""
    return START_NS + round(seconds * SECOND_NS)


def stat(
    number: int, seconds: float, alarm: str, what: str, *, old: str = "", new: str = "", priority: int = 2,
    area: str = "UF", user: str = "", delay_s: float = 0.0, shelved_s: float | None = None,
) -> Row:  # fmt: skip
    """Return a row; ``what`` is an event, or a key of STATES."""
    states = STATES.get(what, ("", ""))
    return Row(
        number, what.split("-")[0], alarm, at(seconds), at(seconds + delay_s), priority,
        old or states[0], new or states[1], area, user or ("li" if what.startswith("ACK") else ""), shelved_s,
    )  # fmt: skip


def columns(*rows: Row) -> AlarmRows:
    """Return rows as they are computed with: numbers, and a dictionary of what can happen."""
    keys = [(row.event, row.object, row.area, row.priority, row.old, row.new) for row in rows]
    steps = {key: number for number, key in enumerate(dict.fromkeys(keys), 7)}
    made = AlarmRows(StatStep(number, *key) for key, number in steps.items())
    made.add(
        [
            StatRow(row.id, steps[key], row.time_ns, row.receive_ns, int(bool(row.user)))
            for row, key in zip(rows, keys, strict=True)
        ]
    )
    made.shelved_s.update({row.id: row.shelved_s for row in rows if row.shelved_s is not None})
    return made


def happened(*events: tuple[float, str, str]) -> AlarmRows:
    """Return rows of (seconds, alarm, event)."""
    return columns(*(stat(number, *event) for number, event in enumerate(events, 1)))


def basis(length_s: float, back_s: float = 7 * 86400, **more: object) -> KpiBasis:
    """Return a period of so many seconds from START_NS on."""
    assert back_s * SECOND_NS <= 7 * DAY_NS
    return KpiBasis(START_NS, at(length_s), at(-back_s), ZONE, **more)  # type: ignore[arg-type]  # what a test names
