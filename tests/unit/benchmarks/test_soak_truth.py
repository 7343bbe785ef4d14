"""The judge of the soak test: a change that was owed and is missing is found, and no other."""

from pathlib import Path

import numpy as np

from benchmarks.process_health import constant, growth
from benchmarks.soak_truth import NEVER, SECOND_NS, ClockTruth, Fault, Owed, RecordTruth, Story, unwrapped

MARGIN_NS = SECOND_NS // 2
LAST = 60


def s(seconds: float) -> int:
    return round(seconds * SECOND_NS)


def judged(story: Story, missing: set[tuple[int, int]], *, polled: bool = False, until_s: float = LAST) -> Owed:
    """Judge two tags that count seconds, one of them half a second ahead; all but ``missing`` (tag, value) was seen."""
    owed = Owed(ClockTruth(2, 0, SECOND_NS), 2, MARGIN_NS, polled)
    for tag in range(2):
        owed.see(tag, np.array([value for value in range(1, LAST) if (tag, value) not in missing], np.int64))
    owed.judge(story, s(2), s(until_s))
    return owed


def test_a_change_missing_while_the_line_was_up_is_lost() -> None:
    owed = judged(Story(), {(1, 10)})
    assert (owed.lost, owed.gaps) == (1, [(10, 1, s(9.5), s(9.5))])
    assert owed.owed == 2 * (LAST - 3) - 1 + 1


def test_nothing_is_owed_from_a_noticed_fault_until_the_engine_is_connected() -> None:
    story = Story([Fault("cut", s(20.2), s(20.2))], [(s(1), True), (s(20.3), False), (s(23.4), True)])
    # made at 20 and at 22.5: less than the margin before the cut, and before the engine was connected
    assert judged(story, {(0, 20), (1, 23), (0, 23)}).lost == 0
    assert judged(story, {(1, 20)}).lost == 1  # made at 19.5, more than the margin before the cut
    assert judged(story, {(0, 24)}).lost == 1
    assert story.recoveries_s() == [3.2]


def test_a_fault_that_was_survived_excuses_a_polled_line_only() -> None:
    story = Story([Fault("delay", s(20.2), s(23.2))], [(s(1), True)])
    assert judged(story, {(0, 22)}).lost == 1
    assert judged(story, {(0, 22)}, polled=True).lost == 0
    assert story.recoveries_s() == []


def test_a_loss_that_follows_no_fault_excuses_nothing() -> None:
    story = Story([Fault("cut", s(5), s(5))], [(s(1), True), (s(30), False), (s(33), True)])
    assert story.unexplained() == 1
    assert judged(story, {(0, 31)}).lost == 1


def test_recovery_counts_from_the_last_fault_that_held_it_up() -> None:
    faults = [Fault("closed", s(10), s(12)), Fault("hold", s(13), s(16)), Fault("delay", s(40), s(41))]
    story = Story(faults, [(s(1), True), (s(10.1), False), (s(18), True)])
    assert story.recoveries_s() == [2.0]
    assert Story(faults[:1], [(s(1), True), (s(10.1), False)]).outages(polled=False) == [(s(10), NEVER)]


def test_what_is_judged_bit_by_bit_is_judged_once() -> None:
    owed = Owed(ClockTruth(1, 0, SECOND_NS), 1, MARGIN_NS, polled=False)
    for until in (10, 20, 30):
        owed.see(0, np.arange(max(1, until - 15), until + 1))
        owed.judge(Story(), s(2), s(until))
    assert (owed.lost, owed.owed) == (0, 27)


def test_the_record_of_the_server_tells_when_each_value_was_made(tmp_path: Path) -> None:
    record = tmp_path / "record"
    record.write_text("1000 2\n1005 3\n1010 7\n101")
    truth = RecordTruth(3, record)
    truth.read_on(0)
    assert truth.made_ns(1).tolist() == [1_000_000_000, 1_000_000_000, 1_005_000_000]
    assert truth.made_ns(3).tolist() == [1_010_000_000, NEVER, NEVER]
    with record.open("a") as more:
        more.write("5 9\n")
    truth.read_on(1_005_000_000)
    assert truth.made_ns(3).tolist() == [1_010_000_000, 1_015_000_000, 1_015_000_000]
    truth.close()


def test_registers_that_wrapped_are_taken_for_the_nearest_number() -> None:
    assert unwrapped(np.array([65_535.0, 2.0]), 65_537).tolist() == [65_535, 65_538]
    assert unwrapped(np.array([5.0]), 4).tolist() == [5]


def test_growth_is_that_of_the_line_and_files_opened_for_a_moment_do_not_count() -> None:
    at_s = np.arange(0.0, 600.0)
    percent, error = growth(at_s, 100.0 + at_s / 3600)
    assert abs(percent - 1.0) < 0.01
    assert error < 0.01
    assert constant(np.array([5, 6, 5, 5, 6, 5]))
    assert not constant(np.array([5, 6, 5, 6, 6, 6]))
