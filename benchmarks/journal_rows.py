"""A journal of many rows, made in the database itself: what a plant would have written over five years.

5,000 alarms whose frequencies fall as 1/rank, with four transitions each; ten users of whom two acknowledge hardly
anything; comments that repeat, and 20,000 that do not; an alarm that occurred five times long ago.
"""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Connection, text

from app.model.alarm import AlarmKind
from app.model.clock import SECOND_NS
from app.model.journal import JournalKind, JournalRow
from app.storage import Database

ALARMS: Final = 5_000
DAY_NS: Final = 86_400 * SECOND_NS
SPAN_NS: Final = 5 * 365 * DAY_NS
END_NS: Final = 1_760_000_000 * SECOND_NS
START_NS: Final = END_NS - SPAN_NS
AREAS: Final = ("RW", "CG", "SD", "UF", "CL", "CW", "HL", "NW")
KINDS: Final = tuple(AlarmKind)[:6]

_STEPS: Final = (
    ("ALM", "NORM", "UNACK"),
    ("ACK", "UNACK", "ACKED"),
    ("RTN", "ACKED", "NORM"),
    ("RTN", "UNACK", "RTNUN"),
)
_USERS: Final = ("wang", "li", "zhang", "liu", "chen", "yang", "zhao", "huang")
_COMMENTS: Final = tuple(f"checked on site, round {n}; 已现场确认 {n}" for n in range(400))
_ONCE: Final = tuple(f"valve {n} replaced, order 2026-{n:05d}" for n in range(20_000))


def alarm_row(at_ns: int, tag: str, priority: int, number: int, event: str = "ALM", **more: Any) -> JournalRow:
    """Return a row of an alarm."""
    kind = KINDS[number % len(KINDS)]
    return JournalRow(
        0, JournalKind.ALARM, event, f"{tag}.{kind}", at_ns, at_ns + 1, at_ns + 2, tag=tag,
        area=AREAS[number % len(AREAS)], priority=priority, old="NORM", new="UNACK", value=0.5, limit=0.3,
        text=f"alarm {number} of {tag}", text_zh=f"报警 {number}", alarm_kind=kind, **more,
    )  # fmt: skip


def fill(database: Database, rows: int) -> None:
    """Make rows without indexes, then these."""
    with database._link.write() as connection:
        sqlite = connection.dialect.name == "sqlite"
        _dictionaries(connection)
        indexes = connection.execute(text(_INDEXES_SQLITE if sqlite else _INDEXES_POSTGRESQL)).all()
        for name, _ in indexes:
            connection.execute(text(f"DROP INDEX {name}"))
        every = {"rows": rows, "start": START_NS, "every": SPAN_NS // rows}
        connection.execute(text(_statement(sqlite=sqlite)), every)
        for _, made_by in indexes:
            connection.execute(text(made_by))
    old = [alarm_row(START_NS + n * DAY_NS, "OLD.PV", 1, 9_999) for n in range(5)]
    at_ns = START_NS + 300 * DAY_NS
    seldom = [alarm_row(at_ns + n * SECOND_NS, f"T{n:05}.PV", 2, n, "SUPPRESS") for n in range(500)]
    database.journal.append(old + seldom)


def _statement(*, sqlite: bool) -> str:
    """Return the statement that makes the rows: who acknowledged, and what was said of it, falls by a die."""
    numbers = "SELECT 0 UNION ALL SELECT n + 1 FROM s WHERE n + 1 < :rows" if sqlite else _SERIES
    chance, power = ("abs(random() % 1000000) / 1e6", "pow") if sqlite else ("random()", "power")
    die = "abs(random() % 1000000)" if sqlite else "CAST(random() * 999999 AS integer)"
    users = " ".join(f"WHEN {n} THEN '{name}'" for n, name in enumerate(_USERS))
    comment = (
        f"CASE WHEN die < 20000 THEN die % {len(_ONCE)} + {len(_COMMENTS) + 1} "
        f"WHEN die % 3 = 0 THEN die % {len(_COMMENTS)} + 1 END"
    )
    return (
        'INSERT INTO journal (transition_id, time_ns, source_ns, receive_ns, journal_ns, value, "limit", status, '
        f'"user", desk, comment_id, correlation) WITH {"RECURSIVE " if sqlite else ""}s(n) AS ({numbers}), '
        # A rank that is ALARMS to the power of an even chance: frequencies fall as 1/rank.
        f"r AS (SELECT n, CAST({power}({ALARMS}, {chance}) AS integer) - 1 AS alarm, n % 4 AS step, {die} AS die "
        "FROM s) "
        "SELECT alarm * 4 + step + 1, :start + n * :every, :start + n * :every, :start + n * :every + 1000000, "
        ":start + n * :every + 2000000, '0.5', 0.3, 0, "
        "CASE WHEN step <> 1 THEN '' WHEN die = 0 THEN 'rare1' WHEN die = 1 THEN 'rare2' "
        f"ELSE CASE die % {len(_USERS)} {users} END END, CASE WHEN step = 1 THEN 'desk' ELSE '' END, "
        f"CASE WHEN step = 1 THEN {comment} END, '00000000-0000-0000-0000-' || n FROM r"
    )


def _dictionaries(connection: Connection) -> None:
    rows = [alarm_row(0, f"T{n:05}.PV", 1 + min(3, (n * 7919) % 100 // 5), n) for n in range(ALARMS)]
    objects = [
        {
            "id": n, "kind": "alarm", "object": row.object, "tag": row.tag, "area": row.area, "priority": row.priority,
            "alarm_kind": row.alarm_kind, "text": row.text, "text_zh": row.text_zh,
            "words": f"{row.object}\n{row.text}\n{row.text_zh}".casefold(),
        }
        for n, row in enumerate(rows, 1)
    ]  # fmt: skip
    steps = [
        {"id": n * len(_STEPS) + m + 1, "object_id": n + 1, "event": event, "old": old, "new": new}
        for n in range(ALARMS)
        for m, (event, old, new) in enumerate(_STEPS)
    ]
    said = [
        {"id": n, "digest": n, "text": each, "text_zh": "", "words": each.casefold()}
        for n, each in enumerate(_COMMENTS + _ONCE, 1)
    ]
    tables: Iterable[tuple[str, list[dict[str, Any]]]] = (("object", objects), ("transition", steps), ("text", said))
    for table, entries in tables:
        places = ", ".join(f":{name}" for name in entries[0])
        connection.execute(text(f"INSERT INTO journal_{table} ({', '.join(entries[0])}) VALUES ({places})"), entries)
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SELECT setval('journal_{table}_id_seq', {len(entries)})"))


_SERIES: Final = "SELECT * FROM generate_series(0, :rows - 1)"
_INDEXES_SQLITE: Final = (
    "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'journal' AND sql <> ''"
)
_INDEXES_POSTGRESQL: Final = (
    "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'journal' AND indexname LIKE 'ix%'"
)
