"""Conditions of every kind do as a plain reading of their rules, second by second, and their bands keep their word."""

import math
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from app.alarms.conditions import Change, Condition, condition_of
from app.alarms.conditions.rate import RESOLUTION, RateOfChange
from app.model import status as st
from app.model.alarm import AlarmDefinition, AlarmKind, Priority
from app.model.clock import SECOND_NS
from app.model.sample import Sample
from app.model.text import LocalText

T0 = 1_700_000_000 * SECOND_NS
Event = tuple[int, str, float | None]
"""Second, tag, number; None: a bad sample."""


def definition(kind: AlarmKind, **more: object) -> AlarmDefinition:
    return AlarmDefinition(f"T.{kind}", "T", kind, Priority.LOW, LocalText("x"), **more)  # type: ignore[arg-type]


class Reading:
    """The rules read plainly: looks through everything heard so far at every second."""

    def __init__(self, rules: AlarmDefinition) -> None:
        self.rules = rules
        self.heard: list[Event] = []
        self.changes: list[Change] = []
        self.active = False
        self._unlike_since: int | None = None
        self._was_true = self._counts = False
        self._rises: list[int] = []

    def _last(self, tag: str) -> float | None:
        return next((value for _, name, value in reversed(self.heard) if name == tag), None)

    def judge(self, now: int) -> bool | None:
        rules = self.rules
        latched = self.active if rules.count == 1 else self._was_true
        slack = rules.deadband if latched else 0.0
        own = self._last("T")
        limit = self._last(rules.limit_tag) if rules.limit_tag else rules.limit
        if own is None or (limit is None and rules.kind not in {AlarmKind.FROZEN, AlarmKind.DISCRETE}):
            return None
        if rules.kind is AlarmKind.DISCRETE:
            return own in rules.states
        if rules.kind is AlarmKind.FROZEN:
            return self._frozen(now)
        assert limit is not None
        match rules.kind:
            case AlarmKind.HIGH:
                return own > limit - slack
            case AlarmKind.LOW:
                return own < limit + slack
            case AlarmKind.DEVIATION:
                other = self._last(rules.reference)
                return None if other is None else abs(own - other) > limit - slack
            case _:
                return self._rate(now, own, limit - slack)

    def _own_since_gap(self) -> list[tuple[int, float]]:
        own = [(at, value) for at, name, value in self.heard if name == "T"]
        gaps = [place for place, (_, value) in enumerate(own) if value is None]
        return [(at, value) for at, value in own[gaps[-1] + 1 if gaps else 0 :] if value is not None]

    def _rate(self, now: int, own: float, limit: float) -> bool | None:
        known = self._own_since_gap()
        begin = now - round(self.rules.rate_s)
        before = [value for at, value in known if at <= begin]
        if abs(own - (before[-1] if before else known[0][1])) > limit:
            return True
        return False if before else None

    def _frozen(self, now: int) -> bool:
        """Go through what was heard: a move ends a standstill, a gap stops the time of one that is not over."""
        base: float | None = None
        since, stood, bad = 0, False, True
        for at, _, value in self.heard:
            if value is None:
                stood = stood or (not bad and at - since >= self.rules.frozen_s)
            elif base is None or abs(value - base) > self.rules.deadband:
                base, since, stood = value, at, False
            elif bad and not stood:
                since = at
            bad = value is None
        return stood or now - since >= self.rules.frozen_s

    def second(self, now: int, samples: Sequence[Event]) -> None:
        self._judged(now, timed=True)
        for event in samples:
            self.heard.append(event)
            self._judged(now, timed=False)

    def _judged(self, now: int, *, timed: bool) -> None:
        met = self.judge(now)
        if self.rules.count > 1 and met is not None:
            if met and not self._was_true:
                self._rises.append(now)
                last = self._rises[-self.rules.count :]
                self._counts = len(last) == self.rules.count and now - last[0] <= self.rules.count_s
            self._was_true = met
            met = met and self._counts
        if met is None or met == self.active:
            self._unlike_since = None
        elif self._unlike_since is None:
            self._unlike_since = now
        if self._unlike_since is not None:
            began = self._unlike_since
            if now - began >= (self.rules.off_delay_s if self.active else self.rules.on_delay_s):
                self.active = not self.active
                self.changes.append(Change(self.active, T0 + began * SECOND_NS))
                self._unlike_since = None
                if timed:
                    self._judged(now, timed=True)


DELAYS = some.sampled_from((0.0, 0.0, 3.0))
COUNTS = some.sampled_from(((1, 0.0), (1, 0.0), (2, 10.0), (3, 20.0)))


@some.composite
def rules(draw: some.DrawFn) -> AlarmDefinition:
    bound = draw(some.booleans())
    limit: dict[str, object] = {"limit_tag": "Y"} if bound else {"limit": 3.0}
    kind = draw(some.sampled_from((
        AlarmKind.HIGH, AlarmKind.LOW, AlarmKind.DEVIATION, AlarmKind.RATE_OF_CHANGE, AlarmKind.DISCRETE,
        AlarmKind.FROZEN,
    )))  # fmt: skip
    special: dict[AlarmKind, dict[str, object]] = {
        AlarmKind.DEVIATION: {**limit, "reference": "R"},
        AlarmKind.RATE_OF_CHANGE: {**limit, "rate_s": draw(some.sampled_from((1.0, 5.0, 9.0)))},
        AlarmKind.DISCRETE: {"states": (2, 5)},
        AlarmKind.FROZEN: {"frozen_s": 4.0},
    }
    count, count_s = draw(COUNTS) if kind is not AlarmKind.FROZEN else (1, 0.0)
    return definition(
        kind, deadband=draw(some.sampled_from((0.0, 1.0))), on_delay_s=draw(DELAYS), off_delay_s=draw(DELAYS),
        count=count, count_s=count_s, **special.get(kind, limit),
    )  # fmt: skip


VALUES = some.one_of(*[some.sampled_from((0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 9.0))] * 9, some.none())
EVENTS = some.lists(
    some.tuples(some.sampled_from((0, 0, 1, 1, 2, 5)), some.sampled_from("TTTTYR"), VALUES), min_size=1, max_size=25
)


def timed(gaps: Sequence[tuple[int, str, float | None]], names: Sequence[str]) -> list[Event]:
    events, now = [], 0
    for gap, tag, value in gaps:
        now += gap
        if tag in names:
            events.append((now, tag, value))
    return events


def sample(now: int, value: float | None) -> Sample:
    at = T0 + now * SECOND_NS
    return Sample(value, st.BAD_SENSOR_FAILURE if value is None else st.GOOD, at, at)


def expired(condition: Condition, now: int) -> list[Change]:
    changes = []
    while (change := condition.expire(T0 + now * SECOND_NS)) is not None:
        changes.append(change)
    return changes


@settings(max_examples=300)
@given(rules(), EVENTS, some.sets(some.integers(0, 140)))
def test_a_condition_changes_as_its_rules_say(
    rule: AlarmDefinition, gaps: list[tuple[int, str, float | None]], ticks: set[int]
) -> None:
    condition, reading = condition_of(rule), Reading(rule)
    events = timed(gaps, condition.inputs)
    changes: list[Change] = []
    end = (events[-1][0] if events else 0) + 20
    for now in range(end):
        samples = [event for event in events if event[0] == now]
        reading.second(now, samples)
        if samples or now in ticks:
            changes += expired(condition, now)
        for _, tag, value in samples:
            change = condition.hear(tag, sample(now, value), T0 + now * SECOND_NS)
            changes += [] if change is None else [change]
    changes += expired(condition, end - 1)
    assert changes == reading.changes


@settings(max_examples=300)
@given(rules(), EVENTS)
def test_what_lies_in_the_band_changes_nothing(
    rule: AlarmDefinition, gaps: list[tuple[int, str, float | None]]
) -> None:
    everything, sifted = condition_of(rule), condition_of(rule)
    skipped: dict[str, Sample] = {}
    for now, tag, value in timed(gaps, everything.inputs):
        each = sample(now, value)
        assert expired(everything, now) == expired(sifted, now)
        change = everything.hear(tag, each, each.receive_ns)
        band = sifted.band(tag)
        if band is not None and value is not None and band[0] <= value <= band[1]:
            assert change is None
            skipped[tag] = each
        else:
            for name in list(skipped):
                sifted.note(name, skipped.pop(name))
            assert sifted.hear(tag, each, each.receive_ns) == change
        assert (sifted.active, sifted.due_ns) == (everything.active, everything.due_ns)


def test_a_fast_signal_is_remembered_with_bounded_memory() -> None:
    judge = RateOfChange(definition(AlarmKind.RATE_OF_CHANGE, limit=50.0, rate_s=10.0))
    for step in range(20_000):
        at = T0 + step * SECOND_NS // 1000
        met = judge.hear("T", Sample(step * 0.001, st.GOOD, at, at), at, latched=False)
    assert met is False
    assert len(judge._points) <= RESOLUTION + 2
    at += SECOND_NS
    assert judge.hear("T", Sample(70.5, st.GOOD, at, at), at, latched=False) is True


def test_rate_of_change_ends_by_time_alone_and_survives_a_gap() -> None:
    condition = condition_of(definition(AlarmKind.RATE_OF_CHANGE, limit=5.0, rate_s=10.0))
    condition.hear("T", sample(0, 1.0), T0)
    assert condition.hear("T", sample(3, 9.0), T0 + 3 * SECOND_NS) == Change(True, T0 + 3 * SECOND_NS)
    assert expired(condition, 12) == []
    assert condition.hear("T", sample(12, None), T0 + 12 * SECOND_NS) is None
    assert expired(condition, 40) == []  # it is not known: it stands
    condition.hear("T", sample(40, 9.0), T0 + 40 * SECOND_NS)
    assert expired(condition, 49) == []
    assert expired(condition, 50) == [Change(False, T0 + 50 * SECOND_NS)]


def test_rate_of_change_begins_anew_where_the_sources_clock_is_set_back() -> None:
    condition = condition_of(definition(AlarmKind.RATE_OF_CHANGE, limit=5.0, rate_s=10.0))
    for at_s, value in ((30, 1.0), (31, 2.0), (2, 20.0), (3, 21.0)):
        assert condition.hear("T", sample(at_s, value), T0 + 31 * SECOND_NS) is None
    assert condition.hear("T", sample(5, 26.0), T0 + 34 * SECOND_NS) == Change(True, T0 + 5 * SECOND_NS)


@pytest.mark.parametrize(
    ("command", "feedback", "met"),
    [(1, 2, False), (1, 1, False), (1, 0, True), (2, 0, False), (2, 2, True), (0, 2, False), (None, 2, None)],
)
def test_a_command_asks_for_states(command: int | None, feedback: int, met: bool | None) -> None:
    rule = definition(AlarmKind.DISCREPANCY, reference="C", expected=((1, (1, 2)), (2, (0,))))
    condition = condition_of(rule)
    assert condition.inputs == ("T", "C")
    condition.hear("C", sample(0, command), T0)
    condition.hear("T", sample(0, feedback), T0)
    assert condition.met is met


def test_a_discrepancy_without_states_is_any_difference_beyond_the_limit() -> None:
    for limit, feedback, met in ((None, 1.0, False), (None, 1.1, True), (0.5, 1.4, False), (0.5, 1.6, True)):
        condition = condition_of(definition(AlarmKind.DISCREPANCY, reference="C", limit=limit, on_delay_s=9.0))
        condition.hear("C", sample(0, 1.0), T0)
        condition.hear("T", sample(0, feedback), T0)
        assert (condition.met, condition.is_pending, condition.active) == (met, met, False)


def test_an_uncertain_limit_is_none_and_nothing_follows_from_it() -> None:
    condition = condition_of(definition(AlarmKind.HIGH, limit_tag="Y"))
    condition.hear("Y", replace(sample(0, 5.0), status=st.UNCERTAIN_LAST_USABLE), T0)
    assert condition.hear("T", sample(0, 9.0), T0) is None
    assert condition.hear("Y", sample(1, 5.0), T0 + SECOND_NS) == Change(True, T0 + SECOND_NS)
    assert condition.hear("Y", replace(sample(2, 50.0), status=st.UNCERTAIN), T0 + 2 * SECOND_NS) is None


@pytest.mark.parametrize("value", [math.nan, "text", True])
def test_what_is_no_number_raises_nothing(value: float | str) -> None:
    for kind in (AlarmKind.HIGH, AlarmKind.RATE_OF_CHANGE, AlarmKind.FROZEN, AlarmKind.DISCRETE):
        condition = condition_of(definition(kind, limit=5.0, frozen_s=1.0, states=(7,)))
        assert condition.hear("T", Sample(value, st.GOOD, T0, T0), T0) is None


def test_kinds_that_devices_judge_have_no_condition() -> None:
    with pytest.raises(ValueError, match="not judged here"):
        condition_of(definition(AlarmKind.CONDITION))
