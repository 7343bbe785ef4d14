"""Other definitions while the engine runs: what is the same goes on, what is no more returns, others are new."""

from dataclasses import replace
from typing import Any

import pytest

from app.alarms import AlarmEngine, By
from app.model import status as st
from app.model.alarm import AlarmDefinition, AlarmKind, AnnunciationState, Priority, Suppression
from app.model.alarm_state import AlarmTransition
from app.model.clock import SECOND_NS
from app.model.sample import Sample
from app.model.text import LocalText

T0 = 1_700_000_000 * SECOND_NS


def high(tag: str = "T", limit: float = 10.0, **more: Any) -> AlarmDefinition:
    return AlarmDefinition(f"{tag}.H", tag, AlarmKind.HIGH, Priority.HIGH, LocalText("x"), limit=limit, **more)


class Bench:
    def __init__(self, *definitions: AlarmDefinition) -> None:
        self.engine = AlarmEngine(definitions)
        self.last: dict[str, Sample] = {}
        self.now = T0

    def feed(self, value: float, tag: str = "T", after_s: float = 1.0) -> list[AlarmTransition]:
        self.now += round(after_s * SECOND_NS)
        self.last[tag] = Sample(value, st.GOOD, self.now, self.now)
        return self.engine.process(tag, self.last[tag], self.now)

    def redefine(self, *definitions: AlarmDefinition) -> list[str]:
        ended = self.engine.redefine(definitions, self.last.get, self.now)
        return [f"{each.snapshot.id} {each.kind}" for each in (*ended, *self.engine.reconsider(self.now))]

    def state(self, alarm: str = "T.H") -> AnnunciationState | None:
        found = self.engine.snapshot(alarm)
        return None if found is None else found.state


def test_the_same_definition_keeps_occurrence_acknowledgement_and_a_delay_that_runs() -> None:
    bench = Bench(high(), high("D", on_delay_s=5.0))
    [alarm] = bench.feed(11.0)
    bench.engine.actions.acknowledge("T.H", alarm.snapshot.event_id, By(bench.now, "u", "d"))
    bench.feed(11.0, "D")
    due = bench.engine.next_due_ns
    bench.now += 2 * SECOND_NS
    assert bench.redefine(high(), high("D", on_delay_s=5.0), high("NEW")) == []
    assert bench.state() is AnnunciationState.ACKNOWLEDGED
    assert bench.engine.next_due_ns == due is not None


def test_another_limit_keeps_the_acknowledgement_while_it_is_exceeded_and_ends_the_alarm_where_it_is_not() -> None:
    bench = Bench(high())
    [alarm] = bench.feed(11.0)
    bench.engine.actions.acknowledge("T.H", alarm.snapshot.event_id, By(bench.now, "u", "d"))
    assert bench.redefine(high(limit=10.5)) == []
    assert bench.state() is AnnunciationState.ACKNOWLEDGED
    assert bench.redefine(high(limit=12.0)) == ["T.H RTN"]
    assert bench.redefine(high(limit=9.0)) == ["T.H ALM"]
    assert bench.state() is AnnunciationState.UNACKNOWLEDGED


def test_an_alarm_that_is_no_more_returns_and_its_delay_is_forgotten() -> None:
    bench = Bench(high(), high("D", on_delay_s=5.0))
    bench.feed(11.0)
    bench.feed(11.0, "D")
    assert bench.redefine() == ["T.H RTN"]
    assert bench.state() is None
    assert bench.engine.next_due_ns is None
    assert bench.engine.tick(bench.now + 10 * SECOND_NS) == []


def test_a_new_alarm_knows_the_last_sample_at_once() -> None:
    bench = Bench()
    bench.feed(11.0)
    assert bench.redefine(high()) == ["T.H ALM"]


def test_an_id_that_watches_another_tag_begins_anew() -> None:
    bench = Bench(high())
    bench.feed(11.0)
    bench.feed(1.0, "U")
    assert bench.redefine(replace(high(), tag="U")) == ["T.H RTN"]
    assert bench.state() is AnnunciationState.NORMAL


def test_a_suppression_that_is_taken_away_lets_an_active_alarm_annunciate() -> None:
    bench = Bench(high(suppress_when="S == 1"))
    bench.feed(1.0, "S")
    bench.feed(11.0)
    snapshot = bench.engine.snapshot("T.H")
    assert snapshot is not None
    assert snapshot.suppression == {Suppression.DESIGN}
    assert "T.H ALM" in bench.redefine(high())
    assert bench.state() is AnnunciationState.UNACKNOWLEDGED


def test_a_new_suppression_looks_at_the_last_sample_of_what_it_depends_on() -> None:
    bench = Bench(high())
    bench.feed(1.0, "S")
    bench.feed(11.0)
    assert bench.redefine(high(suppress_when="S == 1")) == ["T.H SUPPRESS"]


def test_a_definition_twice_changes_nothing() -> None:
    bench = Bench(high())
    bench.feed(11.0)
    with pytest.raises(ValueError, match="twice"):
        bench.engine.redefine([high("U"), high("U")], bench.last.get, bench.now)
    assert bench.state() is AnnunciationState.UNACKNOWLEDGED
