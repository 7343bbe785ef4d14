"""Judging and replacing of what devices say; in columns as one by one."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as some

from app.engine.conditioning import Conditioning
from app.model import status as st
from app.model.batch import SampleBatch
from app.model.clock import SECOND_NS, ManualClock
from app.model.columns import one_by_one
from app.model.sample import PastSamples, Sample, Samples, Value
from app.model.tag import DataType, Tag

T0 = 1_700_000_000 * SECOND_NS
TAGS = (
    Tag("PLAIN"),
    Tag("RANGE", valid_low=-1.0, valid_high=11.0),
    Tag("STILL", frozen_s=10.0),
    Tag("BAND", frozen_s=5.0, deadband=1.0, valid_high=11.0),
    Tag("COUNT", data_type=DataType.INT, frozen_s=3.0),
)
SLOT = {tag.name: slot for slot, tag in enumerate(TAGS)}
TYPES = [tag.data_type for tag in TAGS]


class Bench:
    def __init__(self) -> None:
        self.clock = ManualClock(T0)
        self.current: dict[int, Sample] = {}
        self.out: list[tuple[int, Sample]] = []
        self.changes: list[tuple[str, int, bool]] = []
        self.conditioning = Conditioning(TAGS, self._sink, lambda name: self.current.get(SLOT[name]), self.clock)

    def _sink(self, samples: Samples) -> None:
        rows = one_by_one(samples, TYPES) if isinstance(samples, SampleBatch) else samples
        assert len(rows), "an empty delivery"
        for slot, sample in rows:
            self.current[slot] = sample
            self.out.append((slot, sample))

    def put(self, tag: str, value: Value, status: int = st.GOOD) -> None:
        self.conditioning.take([(SLOT[tag], Sample(value, status, self.clock.ns, self.clock.ns))])

    def last(self, tag: str) -> tuple[Value, int]:
        sample = self.current[SLOT[tag]]
        return sample.value, sample.status

    def wait(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.changes += [(one.tag, one.sample.status, one.is_frozen) for one in self.conditioning.look()]


def test_a_value_outside_the_instruments_range_is_bad_and_keeps_the_last_valid_one() -> None:
    bench = Bench()
    bench.put("RANGE", 5.0)
    bench.put("RANGE", 11.5)
    assert bench.last("RANGE") == (5.0, st.BAD_OUT_OF_RANGE)
    hidden = bench.conditioning.hidden("RANGE")
    assert hidden is not None
    assert (hidden.value, hidden.status) == (11.5, st.GOOD)
    bench.put("RANGE", 11.0)
    assert bench.last("RANGE") == (11.0, st.GOOD)
    assert bench.conditioning.hidden("RANGE") is None


def test_a_value_outside_the_range_before_any_valid_one_is_not_shown() -> None:
    bench = Bench()
    bench.put("RANGE", -2.0)
    assert bench.last("RANGE") == (None, st.BAD_OUT_OF_RANGE)


def test_a_value_that_stands_still_becomes_uncertain_and_good_with_the_next_change() -> None:
    bench = Bench()
    bench.put("STILL", 5.0)
    bench.wait(9.9)
    assert bench.last("STILL") == (5.0, st.GOOD)
    bench.put("STILL", 5.0)  # a new time is no sign of life
    bench.wait(0.2)
    assert bench.last("STILL") == (5.0, st.UNCERTAIN_LAST_USABLE)
    assert bench.conditioning.frozen == 1
    count = len(bench.out)
    bench.put("STILL", 5.0)
    assert len(bench.out) == count
    bench.put("STILL", 5.1)
    assert bench.last("STILL") == (5.1, st.GOOD)
    assert bench.conditioning.frozen == 0


def test_what_is_lost_is_not_frozen_and_its_time_begins_with_the_return() -> None:
    bench = Bench()
    bench.put("STILL", 5.0)
    bench.put("STILL", 5.0, st.BAD_NO_COMMUNICATION)
    bench.wait(100)
    assert bench.last("STILL") == (5.0, st.BAD_NO_COMMUNICATION)
    bench.put("STILL", 5.0)
    bench.wait(9)
    assert bench.last("STILL") == (5.0, st.GOOD)
    bench.wait(2)
    assert bench.last("STILL") == (5.0, st.UNCERTAIN_LAST_USABLE)


def test_a_loss_ends_a_frozen_state() -> None:
    bench = Bench()
    bench.put("STILL", 5.0)
    bench.wait(11)
    bench.put("STILL", 5.0, st.BAD_NO_COMMUNICATION)
    assert bench.last("STILL") == (5.0, st.BAD_NO_COMMUNICATION)
    bench.put("STILL", 5.0)
    assert bench.last("STILL") == (5.0, st.GOOD)


def test_what_freezes_and_moves_again_is_told_once() -> None:
    bench = Bench()
    bench.put("STILL", 5.0)
    bench.put("COUNT", 3)
    bench.wait(11)
    bench.wait(1)
    frozen = st.UNCERTAIN_LAST_USABLE
    assert sorted(bench.changes) == [("COUNT", frozen, True), ("STILL", frozen, True)]
    bench.changes.clear()
    bench.conditioning.substitute("COUNT", 9)
    bench.put("COUNT", 4)
    _columns(bench, [(SLOT["STILL"], 5.0, st.BAD_NO_COMMUNICATION)])
    bench.wait(1)
    bench.wait(1)
    assert sorted(bench.changes) == [("COUNT", st.GOOD, False), ("STILL", st.BAD_NO_COMMUNICATION, False)]


def test_a_substitute_stands_for_the_device_until_it_ends() -> None:
    bench = Bench()
    bench.put("PLAIN", 5.0)
    bench.conditioning.substitute("PLAIN", 7.0)
    assert bench.last("PLAIN") == (7.0, st.UNCERTAIN_SUBSTITUTE)
    bench.put("PLAIN", 6.0)
    assert bench.last("PLAIN") == (7.0, st.UNCERTAIN_SUBSTITUTE)
    device = bench.conditioning.device("PLAIN")
    assert device is not None
    assert device.value == 6.0
    assert bench.conditioning.hidden("PLAIN") == device
    bench.put("PLAIN", None, st.BAD_NO_COMMUNICATION)
    bench.conditioning.release("PLAIN")
    assert bench.last("PLAIN") == (6.0, st.BAD_NO_COMMUNICATION)
    assert bench.conditioning.hidden("PLAIN") is None
    bench.put("PLAIN", 8.0)
    assert bench.last("PLAIN") == (8.0, st.GOOD)


def test_rules_go_on_beneath_a_substitute() -> None:
    bench = Bench()
    bench.put("BAND", 5.0)
    bench.conditioning.substitute("BAND", 7.0)
    bench.wait(6)
    assert bench.last("BAND") == (7.0, st.UNCERTAIN_SUBSTITUTE)
    bench.conditioning.release("BAND")
    assert bench.last("BAND") == (5.0, st.UNCERTAIN_LAST_USABLE)
    bench.conditioning.substitute("BAND", 7.0)
    bench.put("BAND", 12.0)
    hidden = bench.conditioning.hidden("BAND")
    assert hidden is not None
    assert hidden.value == 12.0
    bench.conditioning.release("BAND")
    assert bench.last("BAND") == (5.0, st.BAD_OUT_OF_RANGE)


def test_a_second_substitute_does_not_take_the_first_one_for_the_device() -> None:
    bench = Bench()
    bench.put("PLAIN", 5.0)
    bench.conditioning.substitute("PLAIN", 7.0)
    bench.conditioning.substitute("PLAIN", 8.0)
    bench.conditioning.release("PLAIN")
    assert bench.last("PLAIN") == (5.0, st.GOOD)


def test_other_rules_judge_what_is_known_anew() -> None:
    bench = Bench()
    for tag, value in (("RANGE", 5.0), ("STILL", 5.0), ("BAND", 5.0), ("COUNT", 3)):
        bench.put(tag, value)
    bench.put("RANGE", 11.5)
    bench.wait(10.0)
    assert bench.last("RANGE") == (5.0, st.BAD_OUT_OF_RANGE)
    assert bench.last("STILL") == (5.0, st.UNCERTAIN_LAST_USABLE)
    wider = {"RANGE": {"valid_high": 12.0}, "STILL": {"frozen_s": 0.0}, "BAND": {"valid_high": 4.0}}
    bench.conditioning.redefine([replace(tag, **wider.get(tag.name, {})) for tag in TAGS])  # type: ignore[arg-type]
    assert bench.last("RANGE") == (11.5, st.GOOD)
    assert bench.conditioning.hidden("RANGE") is None
    assert bench.last("STILL") == (5.0, st.GOOD)
    assert bench.last("BAND")[1] == st.BAD_OUT_OF_RANGE
    assert bench.last("COUNT") == (3, st.UNCERTAIN_LAST_USABLE)
    bench.wait(100.0)
    assert bench.last("STILL") == (5.0, st.GOOD)
    count = len(bench.out)
    bench.put("COUNT", 3)
    assert len(bench.out) == count


def test_a_rule_that_is_new_counts_from_then_on_without_another_sample() -> None:
    bench = Bench()
    bench.put("PLAIN", 5.0)
    bench.conditioning.redefine([replace(tag, frozen_s=4.0) if tag.name == "PLAIN" else tag for tag in TAGS])
    bench.wait(3.9)
    assert bench.last("PLAIN") == (5.0, st.GOOD)
    bench.wait(0.2)
    assert bench.last("PLAIN") == (5.0, st.UNCERTAIN_LAST_USABLE)


def test_other_rules_do_not_end_a_substitute() -> None:
    bench = Bench()
    bench.put("RANGE", 5.0)
    bench.conditioning.substitute("RANGE", 7.0)
    bench.put("RANGE", 11.5)
    bench.conditioning.redefine([replace(tag, valid_high=12.0) if tag.name == "RANGE" else tag for tag in TAGS])
    assert bench.last("RANGE") == (7.0, st.UNCERTAIN_SUBSTITUTE)
    bench.conditioning.release("RANGE")
    assert bench.last("RANGE") == (11.5, st.GOOD)


class Reference:
    """The rules of one tag, said plainly."""

    def __init__(self, tag: Tag) -> None:
        self.tag = tag
        self.shown: tuple[Value, int] | None = None
        self.last: Value = None
        self.base: float | None = None
        self.since = 0.0
        self.frozen = False
        self.substituted = False

    def expected(self) -> tuple[Value, int] | None:
        return (9.0, st.UNCERTAIN_SUBSTITUTE) if self.substituted else self.shown

    def act(self, act: str) -> None:
        if act == "set":
            self.shown = self.shown or (None, st.BAD_NO_DATA)
        self.substituted = act == "set"

    def deliver(self) -> None:
        self.last = self.shown[0] if self.shown else None

    def hear(self, value: float, status: int, now: float) -> None:
        low = -math.inf if self.tag.valid_low is None else self.tag.valid_low
        high = math.inf if self.tag.valid_high is None else self.tag.valid_high
        shown: Value = value
        if status < st.BAD and not low <= value <= high:
            shown, status = self.last, st.BAD_OUT_OF_RANGE
        self.last = shown  # within a delivery also of a sample that tells nothing new
        if status >= st.UNCERTAIN:
            self.base, self.frozen = None, False
        elif self.base is None or abs(value - self.base) > self.tag.deadband:
            self.base, self.since, self.frozen = value, now, False
        elif self.frozen:
            return
        self.shown = (shown, status)

    def look(self, now: float) -> None:
        if self.tag.frozen_s and self.base is not None and now - self.since >= self.tag.frozen_s and not self.frozen:
            self.frozen = True
            assert self.shown is not None
            self.shown = (self.shown[0], st.UNCERTAIN_LAST_USABLE)


Row = tuple[int, float, int]
"""Slot, value, status."""

ROWS = some.lists(
    some.tuples(
        some.integers(0, len(TAGS) - 1),
        some.sampled_from([0.0, 1.0, 1.5, 2.0, 11.0, 12.0, -2.0]),
        some.sampled_from([st.GOOD] * 5 + [st.UNCERTAIN_SUBSTITUTE, st.BAD_NO_COMMUNICATION]),
    ),
    max_size=8,
)


def _columns(bench: Bench, rows: Sequence[Row]) -> None:
    now = bench.clock.ns
    count = len(rows)
    bench.conditioning.take(
        SampleBatch(
            np.array([slot for slot, *_ in rows], np.uint32), np.array([value for _, value, _ in rows], np.float64),
            np.array([status for *_, status in rows], np.uint32), np.full(count, now, np.int64), now,
        )
    )  # fmt: skip


ACTS = some.sampled_from([None] * 3 + [(act, slot) for act in ("set", "end") for slot in (0, 1, 3)])
"""Substitution of a tag, by slot, or its end."""


@example([([(3, 1.0, 0)], None, 6.0), ([(3, 0.0, 0), (3, 12.0, 0)], None, 0.0)])
@given(some.lists(some.tuples(ROWS, ACTS, some.sampled_from([0.0, 1.0, 3.0, 6.0])), max_size=12))
def test_columns_and_objects_end_as_the_plain_rules_say(
    rounds: list[tuple[list[Row], tuple[str, int] | None, float]],
) -> None:
    objects, columns = Bench(), Bench()
    plain = [Reference(tag) for tag in TAGS]
    for given_rows, act, pause in rounds:
        rows = [(slot, float(int(value)) if slot == SLOT["COUNT"] else value, code) for slot, value, code in given_rows]
        if rows:
            _columns(columns, rows)
            now = objects.clock.ns
            objects.conditioning.take(
                [(slot, Sample(int(v) if slot == SLOT["COUNT"] else v, code, now, now)) for slot, v, code in rows]
            )
            for reference in plain:
                reference.deliver()
            for slot, value, code in rows:
                plain[slot].hear(value, code, objects.clock.monotonic())
        if act is not None:
            for bench in (objects, columns):
                if act[0] == "set":
                    bench.conditioning.substitute(TAGS[act[1]].name, 9.0)
                else:
                    bench.conditioning.release(TAGS[act[1]].name)
            plain[act[1]].act(act[0])
        objects.wait(pause)
        columns.wait(pause)
        for reference in plain:
            reference.look(objects.clock.monotonic())
        assert objects.out == columns.out
        for slot, reference in enumerate(plain):
            sample = objects.current.get(slot)
            assert (None if sample is None else (sample.value, sample.status)) == reference.expected()
        for tag in TAGS:
            assert objects.conditioning.hidden(tag.name) == columns.conditioning.hidden(tag.name)


def test_other_rules_hold_from_the_next_sample_and_a_tag_that_stands_still_goes_on_doing_so() -> None:
    bench = Bench()
    bench.put("STILL", 3.0)
    bench.wait(11.0)
    tags = list(TAGS)
    tags[SLOT["RANGE"]] = Tag("RANGE", valid_high=100.0)
    bench.conditioning.redefine(tags)
    bench.put("RANGE", 50.0)
    assert bench.last("RANGE") == (50.0, st.GOOD)
    bench.put("STILL", 3.0)
    assert bench.last("STILL") == (3.0, st.UNCERTAIN_LAST_USABLE)


def test_samples_of_the_past_are_judged_by_their_range_and_stay_past() -> None:
    bench = Bench()
    out: list[Samples] = []
    conditioning = Conditioning(TAGS, out.append, lambda name: bench.current.get(SLOT[name]), bench.clock)
    conditioning.substitute("RANGE", 3.0)
    past = [Sample(value, st.GOOD, T0 - SECOND_NS, T0) for value in (5.0, 12.0)]
    conditioning.take(PastSamples((SLOT["RANGE"], each) for each in past))
    (samples,) = out[1:]
    assert isinstance(samples, PastSamples)
    assert [(each.value, each.status) for _, each in samples] == [(5.0, st.GOOD), (None, st.BAD_OUT_OF_RANGE)]
    beneath = conditioning.device("RANGE")
    assert beneath is not None
    assert beneath.value is None, "what is now is not what was"
