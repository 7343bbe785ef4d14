"""A flood begins with more than ten alarms within ten minutes, and ends with fewer than five."""

from app.alarms.flood import FloodDetector, annunciates
from app.model.clock import SECOND_NS
from app.model.flood import FloodState
from app.model.sample import Sample
from tests.unit.alarms.site import T0, Site, high

MINUTE = 60 * SECOND_NS


def test_it_begins_with_the_eleventh_and_ends_when_four_are_left_in_the_window() -> None:
    flood = FloodDetector()
    for number in range(10):
        assert flood.take(1, T0 + number * MINUTE // 2) is None
    waiting = flood.next_due_ns
    assert waiting is None
    now = T0 + 5 * MINUTE
    assert flood.take(1, now) == FloodState(True, now, 11, None)
    assert flood.next_due_ns == (ends := T0 + 3 * MINUTE + 10 * MINUTE)  # the seventh leaves the window then
    assert flood.take(0, ends - 1) is None
    assert flood.state(ends - 1).active
    assert flood.take(0, ends) == FloodState(False, now, 4, ends)
    assert flood.state(T0 + 60 * MINUTE) == FloodState(False, now, 0, ends)


def test_ten_within_ten_minutes_again_and_again_are_none() -> None:
    flood = FloodDetector()
    assert [flood.take(10, T0 + number * 10 * MINUTE) for number in range(5)] == [None] * 5


def test_many_at_once() -> None:
    flood = FloodDetector()
    assert flood.take(500, T0) == FloodState(True, T0, 500)
    assert flood.take(0, T0 + 10 * MINUTE) == FloodState(False, T0, 0, T0 + 10 * MINUTE)


def test_a_flood_goes_on_in_the_next_run_and_ends_there() -> None:
    flood = FloodDetector()
    flood.restore([T0 - number * MINUTE for number in range(6)], T0 - 8 * MINUTE)
    assert flood.state(T0) == FloodState(True, T0 - 8 * MINUTE, 6)
    assert flood.next_due_ns == T0 - 4 * MINUTE + 10 * MINUTE
    over = FloodDetector()
    over.restore([T0 - 20 * MINUTE] * 50, T0 - 20 * MINUTE)
    assert over.take(0, T0) == FloodState(False, T0 - 20 * MINUTE, 0, T0)


def test_what_counts_is_what_calls_for_the_operator() -> None:
    site = Site(high(realarm_s=10), high("Q", ack_required=False))
    counted = []

    def take(value: float, tag: str = "T") -> None:
        sample = Sample(value, 0, site.now, site.now)
        counted.append(sum(map(annunciates, site.engine.process(tag, sample, site.now))))

    take(11)
    take(9)
    take(11)
    site.acknowledge()
    take(11, "Q")
    counted.append(sum(map(annunciates, site.engine.tick(site.now + 10 * SECOND_NS))))
    site.shelve(60)
    take(9)
    take(11)
    counted.append(sum(map(annunciates, site.engine.actions.unshelve("T.H", site.by()))))
    assert counted == [1, 0, 1, 1, 1, 0, 0, 1]
