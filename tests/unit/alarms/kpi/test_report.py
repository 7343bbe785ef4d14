"""The figures, each by an example that was worked out by hand."""

import pytest

from app.alarms.kpi import Band, Figure, judge, make_report, measure
from app.model.alarm import AlarmDefinition, AlarmKind, Priority
from app.model.alarm_kpi import (
    AlarmCount,
    AlarmKpiReport,
    ChatteringAlarm,
    DayFigures,
    FloodSpan,
    OverdueShelving,
    PriorityCount,
    ResponseTimes,
    ShelvingFault,
    StaleAlarm,
)
from app.model.text import LocalText
from tests.unit.alarms.kpi.rows import START_NS, at, basis, columns, happened, stat

HOUR = 3600.0
DAY = 24 * HOUR


def burst(count: int, first_s: float, name: str = "A") -> list[tuple[float, str, str]]:
    """Return so many different alarms, one a second."""
    return [(first_s + n, f"{name}{n}", "ALM") for n in range(count)]


def test_nothing_happened() -> None:
    report = make_report(columns(), basis(HOUR))
    assert report.annunciated == report.most == report.rows == 0
    assert report.bins == (0,) * 6
    assert report.hours == 2  # 06:20 to 07:20 touches two hours of the clock
    assert report.per_day == report.flood_share == report.top_share == 0.0
    assert report.responses == (ResponseTimes(None, 0, 0),)
    assert judge(Figure.PER_DAY, report) is Band.ACCEPTABLE
    assert judge(Figure.TOP_TEN, report) is Band.NONE


def test_only_what_begins_is_counted() -> None:
    report = make_report(
        happened((0, "A", "ALM"), (5, "A", "ACK"), (900, "A", "RTN-ACKED"), (1200, "A", "ALM"), (1500, "A", "RTN")),
        basis(HOUR),
    )
    assert report.annunciated == 2
    assert report.bins == (1, 0, 1, 0, 0, 0)
    assert (report.per_hour, report.per_ten_minutes, report.per_day) == pytest.approx((2, 1 / 3, 48))


def test_a_suppressed_alarm_is_not_counted_until_it_annunciates_anew() -> None:
    rows = columns(
        stat(1, 0, "A", "ALM", old="NORM", new="NORM+SHLVD"),
        stat(2, 60, "A", "UNSHELVE", old="NORM", new="NORM", user="li"),
        stat(3, 60, "A", "ALM"),
        stat(4, 90, "B", "UNSUPPRESS", old="UNACK", new="UNACK"),
        stat(5, 120, "C", "UNSUPPRESS", old="ACKED", new="ACKED"),
        stat(6, 150, "D", "ALM", new="ACKED"),
        stat(7, 180, "D", "CHANGE", old="ACKED", new="ACKED"),
        stat(8, 200, "E", "SOMETHING-NEW", old="NORM", new="UNACK"),
        stat(9, 220, "F", "REALARM", old="ACKED", new="UNACK"),
        stat(10, 230, "G", "ALM", new="UNACK+SHLVD"),
    )
    report = make_report(rows, basis(HOUR))
    assert {each.alarm for each in report.top} == {"A", "B", "D", "F"}
    assert report.annunciated == 4
    assert report.response.required == 3  # D needs no acknowledgement


def test_a_flood_begins_with_more_than_ten_and_ends_before_fewer_than_five() -> None:
    # ten minutes each:         4                       11                10              5                  4
    counts = [4, 11, 10, 5, 4, 11]
    events = [event for n, count in enumerate(counts) for event in burst(count, n * 600, f"W{n}.")]
    report = make_report(happened(*events), basis(HOUR))
    assert report.bins == tuple(counts)
    assert report.floods == (FloodSpan(at(600), at(2400), 26, 11), FloodSpan(at(3000), at(3600), 11, 11))
    assert report.flood_share == pytest.approx(4 / 6)
    assert measure(Figure.CROWDED, report) == pytest.approx(2 / 6)
    assert judge(Figure.FLOOD, report) is Band.BEYOND


def test_a_flood_that_began_before_the_period_goes_on_in_it() -> None:
    events = [*burst(12, -600), *burst(6, 0, "B"), *burst(4, 600, "C")]
    report = make_report(happened(*events), basis(HOUR))
    assert report.floods == (FloodSpan(START_NS, at(600), 6, 6),)
    assert report.annunciated == 10


def test_ten_in_a_window_are_no_flood() -> None:
    report = make_report(happened(*burst(10, 0)), basis(HOUR))
    assert report.floods == ()
    assert (report.most, judge(Figure.MOST, report)) == (10, Band.ACCEPTABLE)


def test_the_most_in_any_ten_minutes_does_not_heed_the_clock() -> None:
    report = make_report(happened(*burst(8, 595), (1195, "Z", "ALM")), basis(HOUR))
    assert report.bins[:3] == (5, 4, 0)
    assert (report.most, report.most_ns) == (8, at(595))  # 1195 s is not within ten minutes of 595 s, end excluded


def test_hours_with_more_than_thirty() -> None:
    # 06:20 to 08:20: three hours of the clock; 30 before 07:00, 31 after.
    report = make_report(happened(*burst(30, 0), *burst(31, 2400, "B")), basis(2 * HOUR))
    assert (report.hours, report.busy_hours) == (3, 1)


def test_the_top_ten_and_their_share() -> None:
    events = [(float(n * 100 + k), f"T{n:02}", "ALM") for n in range(12) for k in range(12 - n)]
    report = make_report(happened(*events), basis(HOUR))
    assert report.top[0] == AlarmCount("T00", 12)
    assert [each.alarm for each in report.top] == [f"T{n:02}" for n in range(10)]
    assert report.top_share == pytest.approx(75 / 78)


def test_chattering_is_three_within_a_minute() -> None:
    chatters = [(0, "C", "ALM"), (30, "C", "ALM"), (60, "C", "ALM"), (110, "C", "ALM"), (600, "C", "ALM")]
    again = [(1000, "C", "ALM"), (1001, "C", "ALM"), (1002, "C", "ALM")]
    dense = [(20.0 * n, "E", "ALM") for n in range(9)]
    calm = [(0, "D", "ALM"), (30, "D", "ALM"), (60.001, "D", "ALM")]
    report = make_report(happened(*chatters, *again, *dense, *calm), basis(HOUR))
    assert report.chattering == (
        ChatteringAlarm("E", 1, 9, START_NS, at(160)), ChatteringAlarm("C", 2, 6, START_NS, at(1002)),
    )  # fmt: skip


def test_fleeting_went_within_ten_seconds_by_itself_and_did_not_chatter() -> None:
    report = make_report(
        happened(
            (0, "A", "ALM"), (9.9, "A", "RTN"),  # fleeting
            (100, "A", "ALM"), (110, "A", "RTN"),  # ten seconds are not
            (0, "B", "ALM"), (3, "B", "ACK"), (5, "B", "RTN-ACKED"),  # an operator acted
            (200, "B", "ALM"), (204, "B", "RTN"), (206, "B", "ACK-RTN"),  # afterwards only
            (0, "C", "ALM"), (1, "C", "RTN"), (2, "C", "ALM"), (3, "C", "RTN"), (4, "C", "ALM"), (5, "C", "RTN"),
        ),
        basis(HOUR),
    )  # fmt: skip
    assert report.fleeting == (AlarmCount("A", 1), AlarmCount("B", 1))
    assert measure(Figure.FLEETING, report) == 2


def test_what_hides_an_alarm_is_no_return() -> None:
    rows = columns(stat(1, 0, "A", "ALM"), stat(2, 3, "A", "SUPPRESS", old="UNACK", new="NORM+DSUPR"))
    assert make_report(rows, basis(HOUR)).fleeting == ()


def test_stale_is_in_alarm_for_more_than_a_day() -> None:
    report = make_report(
        happened(
            (-20 * HOUR, "OLD", "ALM"), (4 * HOUR + 1, "OLD", "RTN"),  # 24 h and a second
            (-20 * HOUR, "DAY", "ALM"), (4 * HOUR, "DAY", "RTN"),  # a day, not more
            (-90 * HOUR, "OVER", "ALM"), (-30, "OVER", "RTN"),  # stale, but before the period
            (-30 * HOUR, "ACKED", "ALM"), (-29 * HOUR, "ACKED", "ACK"),  # acknowledged, still there
        ),
        basis(2 * DAY),
    )  # fmt: skip
    assert report.stale == (
        StaleAlarm("ACKED", at(-30 * HOUR), None), StaleAlarm("OLD", at(-20 * HOUR), at(4 * HOUR + 1)),
    )  # fmt: skip
    assert [each.stale for each in report.days] == [2, 1, 1]  # 06:20 to 06:20: three days of the plant
    assert report.days[1] == DayFigures(at(17 * HOUR + 2400), 0, 1)
    assert report.most_stale == 2


def test_a_shelved_alarm_does_not_stand() -> None:
    rows = columns(
        stat(1, -30 * HOUR, "A", "ALM"), stat(2, -10, "A", "SHELVE", old="UNACK", new="NORM+SHLVD", user="li")
    )
    assert make_report(rows, basis(DAY)).stale == ()


def test_what_stood_before_the_rows_begin_is_known_by_its_end_or_by_the_present() -> None:
    rows = happened((100, "ENDED", "RTN"), (200, "SOFT", "ACK"))
    known = {"SILENT": at(-9 * DAY), "SOFT": at(-9 * DAY), "NEW": at(1)}
    report = make_report(rows, basis(HOUR, back_s=7 * DAY, still_standing=known))
    began = at(-7 * DAY)
    assert report.stale == (
        StaleAlarm("SILENT", at(-9 * DAY), None),
        StaleAlarm("ENDED", began, at(100), since_known=False),
        StaleAlarm("SOFT", began, None, since_known=False),
    )


def test_shelved_for_longer_than_allowed() -> None:
    rows = columns(
        stat(1, 0, "A", "SHELVE", old="UNACK", new="NORM+SHLVD", user="li"),
        stat(2, 0, "B", "SHELVE", old="UNACK", new="NORM+SHLVD", user="li"),
        stat(3, 0, "P1", "SHELVE", old="UNACK", new="NORM+SHLVD", user="li"),
        stat(4, 0, "HOUR", "SHELVE", old="UNACK", new="NORM+SHLVD", user="li", shelved_s=HOUR),
        stat(5, 7 * HOUR, "B", "SHELVE", old="NORM", new="NORM+SHLVD", user="li"),
        stat(6, 8 * HOUR + 61, "A", "UNSHELVE", old="NORM", new="NORM"),
        stat(7, 1000, "P1", "UNSHELVE", old="NORM", new="NORM"),
        stat(8, HOUR + 61, "HOUR", "UNSHELVE", old="NORM", new="NORM"),
        stat(9, 14 * HOUR, "B", "UNSHELVE", old="NORM", new="NORM"),
    )
    first = AlarmDefinition("P1", "T", AlarmKind.HIGH, Priority.CRITICAL, LocalText("x"))
    report = make_report(rows, basis(DAY, definitions=(first,)))
    assert report.shelved == (
        OverdueShelving("A", ShelvingFault.OVER_TIME, START_NS, at(8 * HOUR + 61)),
        OverdueShelving("HOUR", ShelvingFault.OVER_TIME, START_NS, at(HOUR + 61)),
        OverdueShelving("P1", ShelvingFault.OVER_TIME, START_NS, at(1000)),
    )


def test_shelved_more_than_twice_in_a_day() -> None:
    def shelve(number: int, hours: float, name: str) -> list[object]:
        return [
            stat(number, hours * HOUR, name, "SHELVE", old="UNACK", new="NORM+SHLVD", user="li"),
            stat(number + 1, hours * HOUR + 60, name, "UNSHELVE", old="NORM", new="NORM"),
        ]

    rows = [*shelve(1, -5, "A"), *shelve(3, 2, "A"), *shelve(5, 10, "A")]
    rows += [*shelve(7, -5, "B"), *shelve(9, 2, "B"), *shelve(11, 19, "B")]  # the first is 24 h away from the last
    report = make_report(columns(*rows), basis(DAY))  # type: ignore[arg-type]  # rows all
    assert report.shelved == (OverdueShelving("A", ShelvingFault.REPEATED, at(-5 * HOUR), at(10 * HOUR), 3),)


def test_acknowledge_times_run_from_the_annunciation() -> None:
    rows = columns(
        stat(1, 0, "A", "ALM", delay_s=60, priority=1),
        stat(2, 70, "A", "ACK", priority=1),
        *(stat(n, 100, f"B{n}", "ALM", priority=3) for n in range(3, 7)),
        *(stat(n + 10, 100 + 10 * (n - 2), f"B{n}", "ACK", priority=3) for n in range(3, 6)),
        stat(30, 500, "N", "ALM", new="ACKED", priority=4),
    )
    report = make_report(rows, basis(HOUR))
    whole, first, third = report.responses
    assert (whole.required, whole.acknowledged) == (5, 4)
    assert (whole.median_s, whole.p95_s) == pytest.approx((15.0, 28.5))
    assert first == ResponseTimes(1, 1, 1, 10.0, 10.0)
    assert (third.priority, third.required, third.acknowledged) == (3, 4, 3)
    assert (third.median_s, third.p95_s) == pytest.approx((20.0, 29.0))


def test_an_acknowledgement_counts_also_after_the_return() -> None:
    report = make_report(happened((0, "A", "ALM"), (20, "A", "RTN"), (50, "A", "ACK-RTN")), basis(HOUR))
    assert report.response == ResponseTimes(None, 1, 1, 50.0, 50.0)


def test_the_first_acknowledgement_counts() -> None:
    report = make_report(happened((0, "A", "ALM"), (20, "A", "ACK"), (50, "A", "ACK")), basis(HOUR))
    assert report.response == ResponseTimes(None, 1, 1, 20.0, 20.0)


def test_priorities_as_configured_and_as_annunciated() -> None:
    definitions = tuple(
        AlarmDefinition(f"D{n}", "T", AlarmKind.HIGH, Priority(priority), LocalText("x"))
        for n, priority in enumerate((1, 2, 4, 4))
    )
    rows = columns(stat(1, 0, "D0", "ALM", priority=1), stat(2, 1, "D2", "ALM", priority=4))
    report = make_report(rows, basis(HOUR, definitions=definitions))
    assert report.priorities == (
        PriorityCount(1, 1, 1), PriorityCount(2, 1, 0), PriorityCount(3, 0, 0), PriorityCount(4, 2, 1),
    )  # fmt: skip
    assert measure(Figure.PRIORITIES, report) == pytest.approx(0.5)


def test_rows_may_come_in_any_order() -> None:
    rows = [stat(1, 0, "A", "ALM"), stat(2, 5, "A", "RTN"), stat(3, 6, "A", "ALM"), stat(4, 9, "A", "ACK")]
    assert make_report(columns(*reversed(rows)), basis(HOUR)) == make_report(columns(*rows), basis(HOUR))


@pytest.mark.parametrize(
    ("figure", "value", "band"),
    [
        (Figure.PER_DAY, 150, Band.ACCEPTABLE), (Figure.PER_DAY, 151, Band.MANAGEABLE),
        (Figure.PER_DAY, 301, Band.BEYOND),
    ],
)  # fmt: skip
def test_bands(figure: Figure, value: int, band: Band) -> None:
    assert judge(figure, AlarmKpiReport(START_NS, at(DAY), annunciated=value)) is band


@pytest.mark.parametrize(("share", "band"), [(0.0099, Band.ACCEPTABLE), (0.01, Band.BEYOND)])
def test_a_band_below_does_not_include_its_bound(share: float, band: Band) -> None:
    flood = FloodSpan(START_NS, START_NS + round(share * (at(DAY) - START_NS)), 20, 20)
    assert judge(Figure.FLOOD, AlarmKpiReport(START_NS, at(DAY), floods=(flood,))) is band
