"""Every table against a real file."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from app.cli.accounts import add_user, set_password
from app.model.alarm import AnnunciationState, Suppression
from app.model.alarm_state import OutOfService, Shelved
from app.model.errors import DatabaseError, RowsRefused
from app.model.journal import JournalKind, JournalQuery, JournalRow
from app.model.sample import Value
from app.model.user import Role
from app.security import AuditEntry, UserRecord
from app.storage import Database, JournalItem, Mark, UserProblem, connect
from tests.unit.storage.rows import row, snapshot


def texts(database: Database, query: JournalQuery) -> list[str]:
    return [each.text for each in database.journal.page(query).rows]


def test_rows_come_back_as_they_were_newest_first(database: Database) -> None:
    values: list[Value] = [1.5, 7, True, "文本", None]
    rows = [
        row(n, value=value, priority=2, limit=0.3, status=0x80310000, text_zh="报警") for n, value in enumerate(values)
    ]
    database.journal.append(rows)
    stored = database.journal.page(JournalQuery()).rows
    assert [each.id for each in stored] == [5, 4, 3, 2, 1]
    assert [replace(each, id=0) for each in stored] == rows[::-1]
    assert [type(each.value) for each in stored] == [type(value) for value in reversed(values)]


def test_pages_are_cut_by_key(database: Database) -> None:
    database.journal.append([row(n) for n in range(25)])
    seen: list[JournalRow] = []
    before: int | None = None
    while True:
        page = database.journal.page(JournalQuery(before_id=before, limit=10))
        seen += page.rows
        before = page.next_before_id
        if before is None:
            break
    assert [each.source_ns for each in seen] == list(range(24, -1, -1))
    assert database.journal.page(JournalQuery(limit=25)).next_before_id is None


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (JournalQuery(from_ns=1, to_ns=3), ["c_1", "b"]),
        (JournalQuery(kinds=(JournalKind.COMMAND,)), ["c_1"]),
        (JournalQuery(tag="LZ.HL.P01.ST"), ["b"]),
        (JournalQuery(tag="LZ.HL.P01"), []),
        (JournalQuery(tag="lz.hl.*"), ["c_1", "b"]),
        (JournalQuery(tag="*.P0*.ST"), ["c_1", "b"]),
        (JournalQuery(area="UF"), ["a 100%"]),
        (JournalQuery(priorities=(1, 3)), ["c_1", "a 100%"]),
        (JournalQuery(user="wang"), ["c_1"]),
        (JournalQuery(text="0%"), ["a 100%"]),
        (JournalQuery(text="_"), ["c_1"]),
        (JournalQuery(text="浊度"), ["a 100%"]),
        (JournalQuery(text="B"), ["b"]),
        (JournalQuery(text="a*%"), ["a 100%"]),
        (JournalQuery(area="HL", priorities=(2,)), ["b"]),
        (JournalQuery(area="UF", area_objects=("uf.COMM",)), ["uf", "a 100%"]),
        (JournalQuery(area="HL", area_objects=("hl.COMM",), priorities=(2,)), ["b"]),
    ],
)
def test_filters(database: Database, query: JournalQuery, found: list[str]) -> None:
    database.journal.append(
        [
            row(0, text="a 100%", text_zh="浊度高", tag="LZ.UF.R01.PTURB", area="UF", priority=1, object=""),
            row(1, text="b", tag="LZ.HL.P01.ST", area="HL", priority=2, object=""),
            row(
                2,
                text="c_1",
                tag="LZ.HL.P02.ST",
                area="HL",
                priority=3,
                kind=JournalKind.COMMAND,
                user="wang",
                object="",
            ),
            row(3, text="uf", area="", priority=4, object="uf.COMM"),
        ]
    )
    assert texts(database, query) == found


@pytest.mark.parametrize("statement", ["UPDATE {} SET user = 'x'", "DELETE FROM {}"])
@pytest.mark.parametrize("table", ["journal", "audit"])
def test_the_database_itself_refuses_changes(database: Database, tmp_path: Path, table: str, statement: str) -> None:
    database.record([row(1)], audit=[AuditEntry(1, "login", user="wang")])
    other = sqlite3.connect(tmp_path / "haihe.db")
    try:
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            other.execute(statement.format(table))
    finally:
        other.close()


def test_alarm_states_are_kept_until_normal(database: Database) -> None:
    first = snapshot(1, value=3, comment="见", suppression=frozenset({Suppression.DESIGN, Suppression.SHELVED}))
    second = snapshot(
        2, value=None, time_out_ns=9, count=3, shelved=Shelved(7, False, "检修", "wang", "d1", 5), first_out=True,
        service=OutOfService("P-17", "calibrated", "li", "d2", "wang", 6), realarms=2, shelvings=(5, 7), escalated=True,
    )  # fmt: skip
    database.alarm_states.save([first, second])
    assert database.alarm_states.load() == [first, second]
    acked = replace(first, state=AnnunciationState.ACKNOWLEDGED, acknowledged_by="wang", time_ack_ns=5)
    normal = replace(second, state=AnnunciationState.NORMAL, active=False, shelvings=())
    database.alarm_states.save([first, acked, normal])
    assert database.alarm_states.load() == [acked]
    database.alarm_states.drop([acked.id])
    assert database.alarm_states.load() == []


def test_a_run_that_knows_nothing_of_the_one_before_takes_away_no_shelving(database: Database) -> None:
    shelved = snapshot(1, shelved=Shelved(7, False, "noise", "wang", "d1", 5))
    removed = snapshot(2, service=OutOfService("P-1", "worn", "li", "d2", "wang", 6))
    other = snapshot(3)
    database.alarm_states.save([shelved, removed, other])
    plain = [replace(shelved, shelved=None), replace(removed, service=None), replace(other, count=2)]
    database.store([JournalItem(snapshots=plain, blind=True)], Mark("run", 1))
    assert database.alarm_states.load() == [shelved, removed, plain[2]]
    database.store([JournalItem(snapshots=plain)], Mark("run", 2))
    assert database.alarm_states.load() == plain


def test_record_is_all_or_nothing(database: Database) -> None:
    broken = replace(row(2), text=None)  # type: ignore[arg-type]
    with pytest.raises(DatabaseError):
        database.record([row(1), broken], [snapshot(1)], [AuditEntry(1, "ack")])
    assert database.journal.page(JournalQuery()).rows == ()
    assert database.alarm_states.load() == []
    assert database.audit.verify().records == 0


def test_items_up_to_a_mark_are_stored_once(database: Database) -> None:
    items = [JournalItem([row(n)], [snapshot(n)], [AuditEntry(n, "login")]) for n in range(4)]
    database.store(items[:2], Mark("run", 2))
    database.store(items, Mark("run", 4))
    database.store(items[1:3], Mark("run", 3))
    assert [each.source_ns for each in database.journal.page(JournalQuery()).rows] == [3, 2, 1, 0]
    assert (database.audit.verify().records, len(database.alarm_states.load())) == (4, 4)
    broken = JournalItem([replace(row(5), text=None)])  # type: ignore[arg-type]
    with pytest.raises(RowsRefused):
        database.store([JournalItem([row(4)]), broken], Mark("run", 6))
    assert (len(database.journal.page(JournalQuery()).rows), database.marks.get("run")) == (4, 4)


def test_users(database: Database) -> None:
    wang = UserRecord("Wang", Role.OPERATOR, "hash", created_ns=5)
    database.users.add(wang)
    assert database.users.find("WANG") == wang
    assert database.users.find("li") is None
    with pytest.raises(UserProblem, match="exists already"):
        database.users.add(replace(wang, name="wang"))
    with pytest.raises(UserProblem):
        database.users.add(replace(wang, name=" "))
    database.users.set_password("wang", "other")
    database.users.set_role("wang", Role.SUPERVISOR)
    database.users.set_enabled("wang", False)
    assert database.users.list() == [UserRecord("Wang", Role.SUPERVISOR, "other", enabled=False, created_ns=5)]
    with pytest.raises(UserProblem, match="no user"):
        database.users.set_password("li", "x")


def test_accounts_change_with_their_audit_or_not_at_all(database: Database, tmp_path: Path) -> None:
    add_user(database, "wang", Role.OPERATOR, "correct-horse")
    before = database.users.find("wang")
    with sqlite3.connect(tmp_path / "haihe.db") as other:
        other.execute("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'disk full'); END")
    other.close()
    with pytest.raises(DatabaseError, match="disk full"):
        add_user(database, "li", Role.ENGINEER, "correct-horse")
    with pytest.raises(DatabaseError, match="disk full"):
        set_password(database, "wang", "battery-staple")
    assert database.users.list() == [before]
    assert [each.entry.action for each in database.audit.tail()] == ["user-add"]


def test_audit_chain_holds_and_shows_a_change(database: Database, tmp_path: Path) -> None:
    for n in range(5):
        database.audit.append([AuditEntry(n, "command", user="王", new=str(n)), AuditEntry(n, "result")])
    report = database.audit.verify()
    assert (report.records, report.broken_seq) == (10, None)
    assert database.audit.tail(1)[0].hash == report.head
    other = sqlite3.connect(tmp_path / "haihe.db")
    other.execute("DROP TRIGGER audit_no_update")
    other.execute("UPDATE audit SET new = '99' WHERE seq = 7")
    other.commit()
    other.close()
    broken = database.audit.verify()
    assert (broken.broken_seq, broken.records) == (7, 6)


def test_a_database_that_another_program_keeps_for_itself_is_named_with_a_remedy(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connect, "BUSY_S", 0.1)
    Database(url).close()
    other = sqlite3.connect(tmp_path / "haihe.db", isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(
        DatabaseError, match=r"haihe\.db is locked: another program has it open for itself; end that"
    ) as no:
        Database(url)
    assert "\n" not in str(no.value)
    assert "锁定" in no.value.text.zh
    other.close()
    with Database(url) as database:
        database.journal.append([row(1)])
        other = sqlite3.connect(tmp_path / "haihe.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseError, match="is locked"):
            database.journal.append([row(2)])
        other.close()
        assert texts(database, JournalQuery()) == [row(1).text]


def test_problems_of_the_environment_are_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("this is not a database, though it is long enough to be taken for one" * 50)
    for url in (
        f"sqlite:///{tmp_path / 'missing' / 'haihe.db'}",
        f"sqlite:///{tmp_path / 'text.db'}",
        "nonsense",
        "nonsense://host/db",
    ):
        with pytest.raises(DatabaseError) as caught:
            Database(url)
        assert "\n" not in str(caught.value)
        assert caught.value.text.zh.startswith("数据库")
