"""Samples in columns follow the same rules as samples one by one."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from hypothesis import given
from hypothesis import strategies as some

from app.model import status as st
from app.model.batch import SampleBatch
from app.model.clock import SECOND_NS, ManualClock
from app.model.columns import one_by_one, typed
from app.model.connection import Binding
from app.model.sample import Samples, SlotSample, Value
from app.model.tag import DataType, Tag
from connectors.ledger import Ledger

TYPES = (DataType.FLOAT, DataType.INT, DataType.BOOL, DataType.STRING)
SLOTS = (5, 9, 2, 70_000)
TYPE_BY_SLOT = [TYPES[SLOTS.index(slot)] if slot in SLOTS else DataType.FLOAT for slot in range(max(SLOTS) + 1)]
T0 = 1_700_000_000 * SECOND_NS

Act = Callable[["Books"], None]


@dataclass
class Books:
    """Two ledgers: what one gets in columns, the other gets one by one."""

    clock: ManualClock = field(default_factory=lambda: ManualClock(T0))
    columnar_out: list[SlotSample] = field(default_factory=list)
    plain_out: list[SlotSample] = field(default_factory=list)
    batches: int = 0

    def __post_init__(self) -> None:
        bindings = [Binding(slot, Tag(f"T{slot}", data_type=kind)) for slot, kind in zip(SLOTS, TYPES, strict=True)]
        self.columnar = Ledger(bindings, self._take, self.clock)
        self.plain = Ledger(bindings, self._take_plain, self.clock)

    def _take(self, samples: Samples) -> None:
        if isinstance(samples, SampleBatch):
            self.batches += 1
            self.columnar_out += one_by_one(samples, TYPE_BY_SLOT)
        else:
            self.columnar_out += samples

    def _take_plain(self, samples: Samples) -> None:
        assert not isinstance(samples, SampleBatch)
        self.plain_out += samples

    def put_columns(self, rows: list[tuple[int, float | None, int, int | None]]) -> None:
        receive_ns = self.clock.ns
        for index, number, status, source_ns in rows:
            value = None if number is None else typed(number, TYPES[index])
            self.plain.put(index, value, status, source_ns, receive_ns)
        self.columnar.put_columns(
            np.array([index for index, *_ in rows], np.uint32),
            np.array([math.nan if number is None else number for _, number, *_ in rows]),
            np.array([status for _, _, status, _ in rows], np.uint32),
            np.array([receive_ns if at is None else at for *_, at in rows], np.int64),
            receive_ns,
        )


BAD = (st.BAD_SENSOR_FAILURE, st.BAD_NO_COMMUNICATION, st.BAD_COMMUNICATION_ERROR, st.BAD_OUT_OF_RANGE)
STATUSES = some.sampled_from((st.GOOD, st.GOOD, st.UNCERTAIN, *BAD))
SOURCES = some.one_of(some.none(), some.integers(T0 - 100, T0 - 1))
NUMBERS = some.sampled_from((0.0, 1.0, 2.0, -3.5, 2.0**53, 1e300))
VALUES: some.SearchStrategy[Value] = some.sampled_from((None, True, False, 3, 2**60, 1.5, math.inf, "text"))


@some.composite
def rows(draw: some.DrawFn) -> tuple[int, float | None, int, int | None]:
    status = draw(STATUSES)
    number = draw(some.one_of(some.none(), NUMBERS)) if st.is_bad(status) else draw(NUMBERS)
    return draw(some.integers(0, 3)), number, status, draw(SOURCES)


def _put(index: int, value: Value, status: int, source_ns: int | None) -> Act:
    def act(books: Books) -> None:
        for each in (books.columnar, books.plain):
            each.put(index, value, status, source_ns, books.clock.ns)

    return act


def _spoil(index: int, status: int) -> Act:
    def act(books: Books) -> None:
        for each in (books.columnar, books.plain):
            each.spoil(index, status)

    return act


def _columns(many: list[tuple[int, float | None, int, int | None]]) -> Act:
    return lambda books: books.put_columns(many)


def _flush(books: Books) -> None:
    books.columnar.flush()
    books.plain.flush()
    books.clock.advance(1)


def _doubt(books: Books) -> None:
    for each in (books.columnar, books.plain):
        each.doubt(st.UNCERTAIN_NO_COMMUNICATION_LAST_USABLE)


def _trust(books: Books) -> None:
    for each in (books.columnar, books.plain):
        each.trust()


ACTS = some.one_of(
    some.builds(_put, some.integers(0, 3), VALUES, STATUSES, SOURCES),
    some.builds(_columns, some.lists(rows(), max_size=6)),
    some.builds(_spoil, some.integers(0, 3), some.sampled_from(BAD)),
    some.sampled_from((_flush, _doubt, _trust)),
)


@given(some.lists(ACTS, max_size=12))
def test_columns_are_delivered_and_kept_as_samples_one_by_one_would_be(acts: list[Act]) -> None:
    books = Books()
    books.columnar.watch(1)
    books.plain.watch(1)
    books.columnar.announce()
    books.plain.announce()
    for act in (*acts, _flush):
        act(books)
        for index in range(len(SLOTS)):
            assert repr(books.columnar.last(index)) == repr(books.plain.last(index))  # types count, and so does NaN
        assert books.columnar.changes == books.plain.changes
        assert books.columnar.bad_tags == books.plain.bad_tags
        assert books.columnar.lag_ms() == books.plain.lag_ms()
    assert repr(books.columnar_out) == repr(books.plain_out)
    assert books.columnar.updates == books.plain.updates
    assert books.columnar.rate() == books.plain.rate()


def test_numbers_go_on_as_one_batch_between_what_came_before_and_after_them() -> None:
    books = Books()
    books.columnar.put(3, "on", st.GOOD, None, T0)
    books.put_columns([(0, 1.5, st.GOOD, T0 - 5), (1, None, st.BAD_SENSOR_FAILURE, None), (0, 2.5, st.GOOD, T0 - 4)])
    books.put_columns([(0, None, st.BAD_SENSOR_FAILURE, T0 - 3)])
    books.columnar.spoil(0, st.BAD_NO_COMMUNICATION)
    assert books.columnar_out == []
    books.columnar.flush()
    assert books.batches == 1  # one in which a tag without a value comes twice is taken apart
    assert [(slot, sample.value) for slot, sample in books.columnar_out] == [
        (70_000, "on"), (5, 1.5), (9, None), (5, 2.5), (5, 2.5), (5, 2.5),
    ]  # fmt: skip
    assert books.columnar.lag_ms() == 4 / 1e6
