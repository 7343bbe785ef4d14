"""Substitutions: who may set what for how long; kept, told, ended, and there after a restart."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.engine.conditioning import Conditioning
from app.engine.database import DatabaseWorker
from app.engine.records import Records
from app.engine.stores import Stores
from app.engine.substitutionservice import SubstitutionService
from app.link.messages import SubstituteRequest, SubstitutionChanged, SubstitutionRemoval
from app.model import status as st
from app.model.batch import SampleBatch
from app.model.clock import SECOND_NS, ManualClock
from app.model.errors import AccessDenied, DatabaseError, EnvironmentProblem
from app.model.journal import JournalKind, JournalQuery
from app.model.plant import HistorySettings
from app.model.sample import Sample, Samples, Value
from app.model.tag import DataType, Tag
from app.model.text import LocalText
from app.model.user import Role, Session
from app.storage import Database, JournalItem

T0 = 1_700_000_000 * SECOND_NS
TAGS = {
    tag.name: tag
    for tag in (
        Tag("FLOW", low=0.0, high=50.0),
        Tag("COUNT", data_type=DataType.INT),
        Tag("STATE", data_type=DataType.ENUM, states=((0, LocalText("off")), (2, LocalText("on")))),
        Tag("RUNS", data_type=DataType.BOOL),
        Tag("SETPOINT", writable=True),
        Tag("TEXT", data_type=DataType.STRING),
    )
}
NAMES = list(TAGS)
ANNA = Session("s1", "anna", Role.OPERATOR, "desk 1", 0, 2**62)
WANG = Session("s2", "wang", Role.ENGINEER, "desk 2", 0, 2**62)


class Run:
    """One run of an engine, as far as substitutions concern it."""

    def __init__(self, folder: Path, clock: ManualClock) -> None:
        self.url = f"sqlite:///{folder / 'test.db'}"
        self.away = False
        self.clock = clock
        self.told: list[SubstitutionChanged] = []
        self.current: dict[str, Sample] = {}
        self.database = DatabaseWorker(self._open)
        self.stores = Stores(self.database, self._open, folder / "spool", HistorySettings())
        self.conditioning = Conditioning(list(TAGS.values()), self._sink, self.current.get, clock)
        records = Records(self.database, self.stores.journal, clock)
        self.service = SubstitutionService(self.database, records, TAGS, self.conditioning, self.told.append, clock)
        self.stores.start()

    async def settled(self) -> None:
        """Wait until everything is kept."""
        await asyncio.wrap_future(self.stores.journal.offer([JournalItem()]))  # they are stored in their order
        await self.database.call(lambda _: None)

    async def stop(self) -> None:
        await asyncio.to_thread(self.stores.close)

    def _open(self) -> Database:
        return Database("sqlite:////nowhere/at/all.db" if self.away else self.url)

    def _sink(self, samples: Samples) -> None:
        assert not isinstance(samples, SampleBatch)
        for slot, sample in samples:
            self.current[NAMES[slot]] = sample

    def measure(self, tag: str, value: Value) -> None:
        now = self.clock.now_ns()
        self.conditioning.take([(NAMES.index(tag), Sample(value, st.GOOD, now, now))])

    async def set(self, tag: str, value: Value, seconds: float = 3600.0, session: Session = ANNA) -> None:
        await self.service.set(SubstituteRequest(tag, value, " sensor fouled ", seconds), session)

    def shown(self, tag: str) -> tuple[Value, int]:
        return self.current[tag].value, self.current[tag].status


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(T0)


@pytest.fixture
async def run(tmp_path: Path, clock: ManualClock) -> AsyncIterator[Run]:
    run = Run(tmp_path, clock)
    run.measure("FLOW", 12.0)
    yield run
    await run.stop()


async def test_a_substitute_stands_for_the_device_and_is_kept_told_journalled_and_audited(run: Run) -> None:
    await run.set("FLOW", 20)
    assert run.shown("FLOW") == (20.0, st.UNCERTAIN_SUBSTITUTE)
    run.measure("FLOW", 13.0)
    assert run.shown("FLOW") == (20.0, st.UNCERTAIN_SUBSTITUTE)
    (active,) = run.service.active()
    substitution = active.substitution
    assert run.told == [SubstitutionChanged(substitution)]
    assert (substitution.value, substitution.reason, substitution.user, substitution.desk) == (
        20.0, "sensor fouled", "anna", "desk 1",
    )  # fmt: skip
    assert (substitution.since_ns, substitution.until_ns) == (T0, T0 + 3600 * SECOND_NS)
    assert active.device is not None
    assert active.device.value == 13.0
    with Database(run.url) as database:
        assert database.substitutions.load() == [substitution]
        row = database.journal.page(JournalQuery()).rows[0]
        assert (row.kind, row.event, row.tag, row.old, row.new, row.user, row.comment) == (
            JournalKind.SUBSTITUTION, "set", "FLOW", "12", "20", "anna", "until 2023-11-14T23:13:20Z: sensor fouled",
        )  # fmt: skip
        (kept,) = database.audit.tail()
        assert (kept.entry.action, kept.entry.object, kept.entry.old, kept.entry.new) == (
            "substitute",
            "FLOW",
            "12",
            "20",
        )
        assert kept.entry.reason == "until 2023-11-14T23:13:20Z: sensor fouled"


async def test_it_ends_by_itself_and_the_device_counts_at_once(run: Run, clock: ManualClock) -> None:
    await run.set("FLOW", 20.0, 60.0)
    run.measure("FLOW", 13.0)
    clock.advance(59)
    run.service.end_due()
    assert run.shown("FLOW") == (20.0, st.UNCERTAIN_SUBSTITUTE)
    clock.advance(1)
    run.service.end_due()
    assert run.shown("FLOW") == (13.0, st.GOOD)
    assert run.told[-1].ended
    assert run.service.active() == ()
    await run.settled()
    with Database(run.url) as database:
        assert database.substitutions.load() == []
        row = database.journal.page(JournalQuery()).rows[0]
        assert (row.event, row.old, row.new, row.user) == ("expire", "20", "13", "")
        assert row.comment == "until 2023-11-14T22:14:20Z: sensor fouled"


async def test_whoever_may_set_it_may_end_it_before(run: Run) -> None:
    await run.set("FLOW", 20.0)
    await run.service.clear(SubstitutionRemoval("FLOW", "new sensor"), WANG)
    assert run.shown("FLOW") == (12.0, st.GOOD)
    assert run.told[-1].ended
    with Database(run.url) as database:
        assert database.substitutions.load() == []
        row = database.journal.page(JournalQuery()).rows[0]
        assert (row.event, row.user, row.comment) == ("clear", "wang", "until 2023-11-14T23:13:20Z: new sensor")
    with pytest.raises(EnvironmentProblem, match="not substituted"):
        await run.service.clear(SubstitutionRemoval("FLOW"), WANG)


async def test_a_renewal_takes_the_place_of_the_one_before(run: Run, clock: ManualClock) -> None:
    await run.set("FLOW", 20.0, 60.0)
    clock.advance(30)
    await run.set("FLOW", 21.0, 60.0)
    clock.advance(45)
    run.service.end_due()
    assert run.shown("FLOW") == (21.0, st.UNCERTAIN_SUBSTITUTE)
    clock.advance(15)
    run.service.end_due()
    assert run.shown("FLOW") == (12.0, st.GOOD)


async def test_a_restart_goes_on_with_it_and_does_not_take_it_for_the_device(
    run: Run, tmp_path: Path, clock: ManualClock
) -> None:
    await run.set("FLOW", 20.0, 60.0)
    later = Run(tmp_path, clock)
    later.current["FLOW"] = Sample(None, st.BAD_WAITING_FOR_INITIAL_DATA, 0, 0)
    await later.service.restore()
    assert later.shown("FLOW") == (20.0, st.UNCERTAIN_SUBSTITUTE)
    clock.advance(60)
    later.service.end_due()
    assert later.shown("FLOW") == (12.0, st.BAD_NO_COMMUNICATION)
    await later.stop()


async def test_one_that_ended_while_no_engine_ran_is_over(run: Run, tmp_path: Path, clock: ManualClock) -> None:
    await run.set("FLOW", 20.0, 60.0)
    clock.advance(61)
    later = Run(tmp_path, clock)
    await later.service.restore()
    assert later.service.active() == ()
    assert "FLOW" not in later.current
    await later.stop()
    with Database(later.url) as database:
        assert database.substitutions.load() == []
        assert database.journal.page(JournalQuery()).rows[0].event == "expire"


@pytest.mark.parametrize(
    ("tag", "value", "said"),
    [
        ("NONE", 1, "unknown"),
        ("FLOW", 50.1, "0 to 50"),
        ("FLOW", float("nan"), "not a number"),
        ("FLOW", None, "not a number"),
        ("FLOW", True, "not a number"),
        ("FLOW", "7", "not a number"),
        ("COUNT", 1.5, "not a number"),
        ("STATE", 1, "allowed: 0, 2"),
        ("RUNS", 2, "allowed: 0, 1"),
        ("TEXT", "x", "text"),
    ],
)
async def test_what_the_tag_cannot_have_is_refused(run: Run, tag: str, value: Value, said: str) -> None:
    with pytest.raises(EnvironmentProblem, match=said):
        await run.set(tag, value, session=WANG)
    assert run.service.active() == ()


@pytest.mark.parametrize(("tag", "value", "kept"), [("COUNT", 3.0, 3), ("STATE", 2, 2), ("RUNS", 1, True)])
async def test_a_value_has_the_type_of_its_tag(run: Run, tag: str, value: Value, kept: Value) -> None:
    await run.set(tag, value, session=WANG)
    assert run.current[tag].value is kept or run.current[tag].value == kept
    assert type(run.current[tag].value) is type(kept)


@pytest.mark.parametrize("seconds", [0.5, 86_401.0, float("nan")])
async def test_a_time_without_end_is_refused(run: Run, seconds: float) -> None:
    with pytest.raises(EnvironmentProblem, match="24 h"):
        await run.set("FLOW", 20.0, seconds)


@pytest.mark.parametrize(("reason", "said"), [("  ", "needs a reason"), ("x" * 201, "at most 200")])
async def test_a_reason_is_needed(run: Run, reason: str, said: str) -> None:
    with pytest.raises(EnvironmentProblem, match=said):
        await run.service.set(SubstituteRequest("FLOW", 20.0, reason, 60.0), ANNA)


@pytest.mark.parametrize(("tag", "value"), [("STATE", 2), ("RUNS", True), ("SETPOINT", 5.0)])
async def test_states_and_setpoints_are_for_engineers(run: Run, tag: str, value: Value) -> None:
    with pytest.raises(AccessDenied, match="engineer"):
        await run.set(tag, value)
    await run.set(tag, value, session=WANG)
    with pytest.raises(AccessDenied, match="engineer"):
        await run.service.clear(SubstitutionRemoval(tag), ANNA)


async def test_who_may_not_do_it_is_in_journal_and_audit(run: Run) -> None:
    with pytest.raises(AccessDenied, match="engineer"):
        await run.set("SETPOINT", 5.0)
    await run.settled()
    with Database(run.url) as database:
        (row,) = database.journal.page(JournalQuery()).rows
        assert (row.kind, row.event, row.tag, row.user, row.new) == (
            JournalKind.SUBSTITUTION, "refused", "SETPOINT", "anna", "no-permission",
        )  # fmt: skip
        (kept,) = database.audit.tail()
        assert (kept.entry.action, kept.entry.object, kept.entry.new) == ("refused", "SETPOINT", "5")
        assert "an engineer may substitute it" in kept.entry.reason


async def test_nothing_is_substituted_that_cannot_be_kept(run: Run) -> None:
    run.away = True
    with pytest.raises(DatabaseError):
        await run.set("FLOW", 20.0)
    assert run.shown("FLOW") == (12.0, st.GOOD)
    assert run.service.active() == ()
    assert run.told == []


async def test_it_ends_at_its_time_without_the_database(run: Run, clock: ManualClock) -> None:
    await run.set("FLOW", 20.0, 60.0)
    await run.database.call(lambda database: database.close())
    clock.advance(60)
    run.service.end_due()
    assert run.shown("FLOW") == (12.0, st.GOOD)
