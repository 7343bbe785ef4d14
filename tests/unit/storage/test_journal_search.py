"""Any filter finds the same rows as a look at each of them, whichever way it is searched, in both directions."""

import fnmatch
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.model.alarm import AlarmKind
from app.model.errors import DatabaseError
from app.model.journal import JournalCount, JournalKind, JournalPage, JournalQuery, JournalRow
from app.storage import Database, journalsearch
from app.storage.journalcount import count
from tests.unit.storage.conftest import fresh_database
from tests.unit.storage.rows import row

SECOND = 10**9
WORDS = ["pump", "Pump high", "浊度高", "泵", "100%", "a_b", ""]
STATES = ["NORM", "UNACK", "ACKED+DSUPR", "NORM+SHLVD"]
USERS = ["", "", "", "wang", "li"]
KINDS = [AlarmKind.HIGH, AlarmKind.LOW_LOW, AlarmKind.CONDITION]


def made_rows() -> list[JournalRow]:
    """Return rows with many equal times, some that are late, and texts that stand in every place.

    Every third is of one of few alarms, which have many rows each and were busy at different times.
    """
    chance = random.Random(5)
    rows = []
    for n in range(400):
        tag = chance.choice(["LZ.UF.R1.T", "LZ.UF.R2.T", "LZ.HL.P1.ST", "lz.hl.p1x", "RARE"][: 5 if n < 9 else 4])
        at = chance.randrange(60) * SECOND
        kind = chance.choice([JournalKind.ALARM, JournalKind.ALARM, JournalKind.COMMAND, JournalKind.NOTE])
        alarm = chance.choice(KINDS) if kind is JournalKind.ALARM else None
        if n % 3 == 0:
            busy = n // 3 % 14
            at = (busy * 4 + chance.randrange(20)) * SECOND
            rows.append(row(at, object=f"B{busy}.H", tag=f"B{busy}", area="UF", user="wang", comment="pump seen"))
            continue
        rows.append(
            JournalRow(
                0, kind, chance.choice(["ALM", "RTN", "result"]), f"{tag}.{alarm or kind}",
                at, at + (2 * 3600 * SECOND if n % 50 == 0 else chance.randrange(3)), at + 3,
                tag=tag, area=chance.choice(["UF", "HL", ""]), priority=chance.choice([None, 1, 2, 3]),
                old=chance.choice(STATES), new=chance.choice(STATES), value=n, user=chance.choice(USERS), desk="d",
                text=chance.choice(WORDS), text_zh=chance.choice(WORDS),
                comment=chance.choice([*WORDS, "", "", f"note {n // 40}"]), comment_zh=chance.choice(WORDS),
                correlation=str(n), alarm_kind=alarm,
            )
        )  # fmt: skip
    return rows


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def journal(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    folder: Path = tmp_path_factory.mktemp("journal")
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{folder / 'haihe.db'}" if sqlite else fresh_database(request.getfixturevalue("server"))
    with Database(url) as opened:
        rows = made_rows()
        for begin in range(0, len(rows), 90):
            opened.journal.append(rows[begin : begin + 90])
        yield opened


QUERIES = st.builds(
    JournalQuery,
    from_ns=st.none() | st.integers(0, 60).map(lambda n: n * SECOND),
    to_ns=st.none() | st.integers(0, 9000).map(lambda n: n * SECOND),
    kinds=st.just(()) | st.just((JournalKind.ALARM,)) | st.just((JournalKind.NOTE, JournalKind.COMMAND)),
    tag=st.sampled_from(["", "", "RARE", "LZ.UF.R1.T", "lz.uf.r?.t", "*HL*", "B*", "none"]),
    area=st.sampled_from(["", "", "UF", "none"]),
    area_objects=st.just(()) | st.just(("LZ.HL.P1.ST.LL",)),
    priorities=st.just(()) | st.just((1,)) | st.just((2, 3)),
    user=st.sampled_from(["", "", "wang", "nobody"]),
    text=st.sampled_from(["", "", "PUMP", "浊度", "泵", "0%", "_", "p*gh", "note 3", "nothing"]),
    limit=st.sampled_from([9, 40, 150]),
    at_ns=st.none() | st.integers(0, 60).map(lambda n: n * SECOND),
    oldest_first=st.booleans(),
    alarm_kinds=st.just(()) | st.just((AlarmKind.HIGH,)) | st.just((AlarmKind.LOW_LOW, AlarmKind.CONDITION)),
    states=st.just(()) | st.just(("DSUPR",)) | st.just(("NORM", "UNACK")),
    events=st.just(()) | st.just(("ALM",)) | st.just(("result", "RTN")),
    objects=st.just(()) | st.just(("LZ.HL.P1.ST.LL", "LZ.UF.R1.T.H")),
)
WAYS = st.sampled_from(["as it is", "by keys", "along the line"])


def asked_for(query: JournalQuery, row: JournalRow) -> bool:
    at = row.counts_ns
    words = "\n".join([row.object, row.text, row.text_zh, row.comment, row.comment_zh]).casefold()
    shared = row.area == "" and row.object in query.area_objects
    wild = "*" in query.tag or "?" in query.tag
    tag = fnmatch.fnmatchcase(row.tag.lower(), query.tag.lower()) if wild else row.tag == query.tag
    ended = row.kind is JournalKind.COMMAND and row.event == "result"
    whole = row.new if row.kind is JournalKind.ALARM or ended else ""
    return all([
        query.from_ns is None or at >= query.from_ns,
        query.to_ns is None or at < query.to_ns,
        query.at_ns is None or at <= query.at_ns,
        not query.kinds or row.kind in query.kinds,
        not query.tag or tag,
        not query.area or row.area == query.area or shared,
        not query.priorities or row.priority in query.priorities,
        not query.user or row.user == query.user,
        not query.text or fnmatch.fnmatchcase(words, f"*{query.text.casefold()}*"),
        not query.alarm_kinds or row.alarm_kind in query.alarm_kinds,
        not query.states or any(state in whole.split("+") for state in query.states),
        not query.events or row.event in query.events,
        not query.objects or row.object in query.objects,
    ])  # fmt: skip


def read(journal: Database, query: JournalQuery) -> list[int]:
    """Follow the pages to the end; returns ids, newest first."""
    found: list[int] = []
    while True:
        page = journal.journal.page(query)
        ids = [row.id for row in page.rows]
        assert len(ids) <= query.limit
        if query.ascends:
            found = ids + found
            following, query = page.next_after_id, replace(query, after_id=page.next_after_id, at_ns=None)
        else:
            found += ids
            following, query = page.next_before_id, replace(query, before_id=page.next_before_id, at_ns=None)
        if following is None:
            return found
        assert len(ids) == query.limit or page.searched_ns is not None


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(query=QUERIES, way=WAYS)
def test_every_filter_finds_what_a_look_at_each_row_finds(journal: Database, query: JournalQuery, way: str) -> None:
    rows = [replace(row, id=n) for n, row in enumerate(made_rows(), 1)]
    if query.oldest_first:
        query = replace(query, at_ns=None)  # a later page would have no such bound
    key = {row.id: (row.counts_ns, row.id) for row in rows}
    wanted = sorted((row.id for row in rows if asked_for(query, row)), key=key.__getitem__, reverse=True)
    with pytest.MonkeyPatch.context() as patch:
        if way != "as it is":
            patch.setattr(journalsearch, "FIRST_ROWS", 5)
        if way == "along the line":
            patch.setattr(journalsearch, "MOST_KEYS", -1)
            patch.setattr(journalsearch, "MORE_ROWS", 11)
            patch.setattr(journal.journal, "_budget_s", 0.0 if query.limit > 9 else 1.0)
        assert read(journal, query) == wanted


def test_pages_before_and_after_a_time_meet(journal: Database) -> None:
    there = journal.journal.page(JournalQuery(at_ns=30 * SECOND, limit=20))
    newer = journal.journal.page(JournalQuery(after_id=there.next_after_id, limit=500))
    older = journal.journal.page(JournalQuery(before_id=there.next_before_id, limit=500))
    everything = [row.id for row in journal.journal.page(JournalQuery(limit=500)).rows]
    assert [row.id for page in (newer, there, older) for row in page.rows] == everything
    assert there.rows[0].counts_ns <= 30 * SECOND
    nearest = journal.journal.page(JournalQuery(after_id=there.next_after_id, limit=2))
    assert [row.id for row in nearest.rows] == [row.id for row in newer.rows][-2:]


def test_a_row_that_is_gone_begins_no_page(journal: Database) -> None:
    assert journal.journal.page(JournalQuery(before_id=10**6)) == JournalPage()
    with pytest.raises(DatabaseError, match="removed by its age limit; read it anew"):
        journal.journal.page(JournalQuery(after_id=10**6))


def test_few_rows_are_counted_and_many_are_judged(journal: Database) -> None:
    rare = JournalQuery(tag="RARE")
    whole = sum(asked_for(rare, row) for row in made_rows())
    assert journal.journal.count(rare) == journal.journal.count(replace(rare, before_id=3)) == JournalCount(whole)
    assert journal.journal.count(JournalQuery()) == JournalCount(400)
    assert journal.journal.count(JournalQuery(text="stands nowhere")) == JournalCount(0)
    with journal._link.read() as connection:
        few = count(connection, JournalQuery(), 1.0, bound=150)
        assert (few.rows, few.exact) == (150, False)
        assert few.estimate is not None
        assert few.estimate >= 150
