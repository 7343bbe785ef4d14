"""The journal of the former schema becomes narrow rows with dictionaries, and says the same as before."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from app.model.alarm import AlarmKind
from app.model.journal import JournalKind, JournalQuery, JournalRow
from app.storage import Database, migrate
from app.storage.connect import Link
from tests.unit.storage.rows import row

HOUR = 3_600 * 10**9
SAID = {"area": "UF", "priority": 2, "user": "wang", "desk": "d1", "text_zh": "浊度高", "status": 0x80310000}
ROWS = [
    row(10, object="A.T.HH", tag="A.T", old="NORM", new="UNACK", value=0.5, limit=0.3, comment="看到", **SAID),
    row(9, object="A.T.HH", tag="A.T", old="UNACK", new="ACKED+DSUPR", comment="看到", **SAID),
    row(8, object="uf/ns=2;s=X", text="level 7.2 is high", text_zh="液位 7.2"),
    row(7, object="uf.COMM", tag="", text="connection lost", source_ns=9 * HOUR, receive_ns=20 * HOUR),
    row(6, kind=JournalKind.COMMAND, event="operate", object="A.P.START", old="0", new="1", value=True),
    row(5, kind=JournalKind.COMMAND, event="result", object="A.P.START", new="success", comment="ok", comment_zh="好"),
    row(4, kind=JournalKind.CONNECTION, event="state", object="uf", old="connected", new="lost", text=""),
    row(
        3, kind=JournalKind.SYSTEM, event="start", object="engine", new="0.9.1", value=77, text="engine 0.9.1, process"
    ),
    row(2, kind=JournalKind.SUBSTITUTION, event="set", object="A.T", old="0.51", new="0.4", text="turbidity"),
]


def migrated(url: str) -> Database:
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
    link = Link(url)
    with link.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0007")
        for number, each in enumerate(ROWS, 1):
            columns = {name: getattr(each, name) for name in JournalRow.__slots__ if name != "alarm_kind"}
            columns |= {"id": 3 * number, "kind": each.kind.value, "value": value_text(each.value)}
            names = ", ".join(f'"{name}"' for name in columns)
            places = ", ".join(f":{name}" for name in columns)
            connection.execute(text(f"INSERT INTO journal ({names}) VALUES ({places})"), columns)
    link.close()
    return Database(url)


def value_text(value: Any) -> str | None:
    return {0.5: "0.5", True: "true", 77: "77", None: None}[value]


def test_rows_of_the_former_journal_say_what_they_said(either_url: str) -> None:
    with migrated(either_url) as database:
        rows = {each.id: each for each in database.journal.page(JournalQuery()).rows}
        kinds = dict.fromkeys((3, 6), AlarmKind.HIGH_HIGH) | {9: AlarmKind.CONDITION, 12: AlarmKind.CONNECTION}
        for number, former in enumerate(ROWS, 1):
            there = rows[3 * number]
            assert there.alarm_kind is kinds.get(3 * number)
            for name in JournalRow.__slots__:
                if name not in {"id", "alarm_kind"}:
                    assert getattr(there, name) == getattr(former, name), name
        order = [each.id // 3 for each in database.journal.page(JournalQuery()).rows]
        assert order == [4, 1, 2, 3, 5, 6, 7, 8, 9]  # by source; the one that came eleven hours late, by its receipt


def test_it_goes_on_where_it_was_and_finds_both(either_url: str) -> None:
    with migrated(either_url) as database:
        database.journal.append([row(11, object="A.T.HH", tag="A.T", alarm_kind=AlarmKind.HIGH_HIGH, comment="看到")])
        rows = database.journal.page(JournalQuery(tag="A.T", alarm_kinds=(AlarmKind.HIGH_HIGH,))).rows
        assert [each.id for each in rows] == [3 * len(ROWS) + 1, 3, 6]
        assert [each.id for each in database.journal.page(JournalQuery(text="看到")).rows] == [28, 3, 6]
        with database._link.read() as connection:
            assert connection.execute(text("SELECT count(*) FROM journal_text WHERE text = '看到'")).scalar() == 1


def test_other_tools_read_it_flat(either_url: str) -> None:
    wanted = text(
        'SELECT time, object, priority, alarm_kind, old, new, value, "limit", "user", text_zh, comment '
        "FROM journal_rows WHERE id = 3"
    )
    with migrated(either_url) as database, database._link.read() as connection:
        assert tuple(connection.execute(wanted).one()) == (
            "1970-01-01T00:00:00.000000Z", "A.T.HH", 2, "HH", "NORM", "UNACK", "0.5", 0.3, "wang", "浊度高", "看到",
        )  # fmt: skip
        assert connection.execute(text("SELECT count(*) FROM journal_rows")).scalar() == len(ROWS)
