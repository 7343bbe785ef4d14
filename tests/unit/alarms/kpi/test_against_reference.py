"""The figures of made-up journals against a reference that follows the definitions word by word, and slowly."""

import statistics
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.alarms.kpi import make_report
from app.model.alarm_kpi import DAY_NS, TEN_MINUTES_NS, AlarmKpiReport
from app.model.clock import SECOND_NS
from tests.unit.alarms.kpi.rows import START_NS, Row, at, basis, columns, stat

LENGTH_S = 30 * 3600
BACK_S = 40 * 3600
steps = st.tuples(
    st.one_of(st.integers(0, 15), st.integers(0, 400), st.integers(0, 40_000)),
    st.integers(0, 4),
    st.sampled_from(["turn", "turn", "turn", "turn", "ack", "shelve", "unshelve"]),
)


def journal(made: list[tuple[int, int, str]]) -> list[Row]:
    """Play a little alarm engine: five alarms that come and go, are acknowledged and shelved."""
    rows: list[Row] = []
    active, state, shelved = [False] * 5, ["NORM"] * 5, [False] * 5
    now = float(-BACK_S)

    def write(alarm: int, event: str, new: str, user: str = "") -> None:
        full = new + ("+SHLVD" if shelved[alarm] else "")
        old, state[alarm] = state[alarm], new
        rows.append(stat(len(rows) + 1, now, f"A{alarm}", event, old=old, new=full, user=user, priority=alarm % 4 + 1))

    # Events are named such that `stat` takes the states given here.
    for wait, alarm, what in made:
        now += wait
        if now >= LENGTH_S:
            break
        if what == "turn":
            active[alarm] = not active[alarm]
            if shelved[alarm]:
                write(alarm, "ALM" if active[alarm] else "RTN", "NORM")
            elif active[alarm]:
                write(alarm, "ALM", "UNACK")
            else:
                write(alarm, "RTN", "RTNUN" if state[alarm] == "UNACK" else "NORM")
        elif what == "ack" and state[alarm] in {"UNACK", "RTNUN"}:
            write(alarm, "ACK", "ACKED" if state[alarm] == "UNACK" else "NORM", "li")
        elif what == "shelve":
            shelved[alarm] = True
            write(alarm, "SHELVE", "NORM", "li")
        elif what == "unshelve" and shelved[alarm]:
            shelved[alarm] = False
            write(alarm, "UNSHELVE", "NORM", "li")
            if active[alarm]:
                write(alarm, "ALM", "UNACK")
    return rows


def reference(rows: list[Row]) -> dict[str, Any]:
    """Compute figures in the plainest way: each by itself, everything compared with everything."""
    end_ns = at(LENGTH_S)
    all_begin = [row for row in rows if row.event == "ALM" and row.new == "UNACK"]
    begin = [row for row in all_begin if START_NS <= row.time_ns < end_ns]
    times = sorted(row.time_ns for row in begin)
    found: dict[str, Any] = {"annunciated": len(begin)}

    def within(since_ns: int, width_ns: int) -> int:
        return sum(since_ns <= row.time_ns < since_ns + width_ns for row in all_begin)

    found["bins"] = tuple(
        within(START_NS + n * TEN_MINUTES_NS, TEN_MINUTES_NS) for n in range(LENGTH_S * SECOND_NS // TEN_MINUTES_NS)
    )
    in_flood, flooded = False, 0
    for n in range(-144, LENGTH_S * SECOND_NS // TEN_MINUTES_NS):
        count = within(START_NS + n * TEN_MINUTES_NS, TEN_MINUTES_NS)
        in_flood = count > 10 or (in_flood and count >= 5)
        flooded += in_flood and n >= 0
    found["flooded"] = flooded
    found["most"] = max((sum(t <= other < t + TEN_MINUTES_NS for other in times) for t in times), default=0)
    counts = {name: sum(row.object == name for row in begin) for name in {row.object for row in begin}}
    found["top"] = sorted(((-count, name) for name, count in counts.items()))

    chattering: set[str] = set()
    in_chatter: set[int] = set()
    for one in begin:
        group = [
            row for row in begin
            if row.object == one.object and one.time_ns <= row.time_ns <= one.time_ns + 60 * SECOND_NS
            and row.id >= one.id
        ]  # fmt: skip
        if len(group) >= 3:
            chattering.add(one.object)
            in_chatter |= {row.id for row in group}
    found["chattering"] = chattering

    fleeting = 0
    acknowledged: list[float] = []
    for one in begin:
        mine = [row for row in rows if row.object == one.object and row.id > one.id]
        following = []
        for row in mine:
            if row.event == "ALM" and row.new == "UNACK":
                break
            following.append(row)
        acknowledged += [(row.receive_ns - one.receive_ns) / SECOND_NS for row in following if row.event == "ACK"][:1]
        out = next((n for n, row in enumerate(following) if row.event == "RTN"), None)
        if out is not None and one.id not in in_chatter:
            short = following[out].receive_ns - one.receive_ns < 10 * SECOND_NS
            fleeting += short and not any(row.user for row in following[:out])
    found["fleeting"] = fleeting
    found["acknowledged"] = len(acknowledged)
    found["median"] = statistics.median(acknowledged) if acknowledged else None

    stale = set()
    for name in {row.object for row in rows}:
        since: int | None = None
        for row in [row for row in rows if row.object == name]:
            stands = row.new in {"UNACK", "ACKED"}
            if stands and since is None:
                since = row.time_ns
            elif not stands and since is not None:
                if row.time_ns - since > DAY_NS and row.time_ns > START_NS:
                    stale.add((name, since))
                since = None
        if since is not None and end_ns - since > DAY_NS:
            stale.add((name, since))
    found["stale"] = stale
    return found


def figures(report: AlarmKpiReport) -> dict[str, Any]:
    return {
        "annunciated": report.annunciated,
        "bins": report.bins,
        "flooded": sum((each.to_ns - each.from_ns) // TEN_MINUTES_NS for each in report.floods),
        "most": report.most,
        "top": sorted((-each.count, each.alarm) for each in report.top),
        "chattering": {each.alarm for each in report.chattering},
        "fleeting": sum(each.count for each in report.fleeting),
        "acknowledged": report.response.acknowledged,
        "median": report.response.median_s,
        "stale": {(each.alarm, each.since_ns) for each in report.stale},
    }


@given(st.lists(steps, max_size=250))
def test_figures_are_those_of_the_definitions(made: list[tuple[int, int, str]]) -> None:
    rows = journal(made)
    report = make_report(columns(*rows), basis(LENGTH_S, BACK_S))
    assert figures(report) == reference(rows)
