"""The hub: cached samples at once, batches, staleness, a store made anew."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

import resources
from app.model import status as st
from app.model.alarm import AnnunciationState, Priority
from app.model.alarm_state import AlarmSnapshot
from app.model.clock import ManualClock
from app.model.errors import StoreError
from app.model.plant import Plant
from app.model.sample import Sample
from app.project import load_plant
from tests.gui.widgets.conftest import alarm_of
from tests.gui.widgets.memory import MemorySource
from widgets.live import LiveSource, TagHub
from widgets.live.alarms import AlarmMark, AlarmTable

pytestmark = pytest.mark.gui


class Heard:
    def __init__(self) -> None:
        self.batches: list[dict[str, Sample]] = []

    def __call__(self, batch: Mapping[str, Sample]) -> None:
        self.batches.append(dict(batch))


def test_a_subscriber_gets_the_known_sample_at_once(hub: TagHub) -> None:
    heard = Heard()
    hub.subscribe(["A.FLOW", "A.NONE"], heard)
    assert [sample.value for sample in heard.batches[0].values()] == [1000.0]


def test_only_what_changed_is_delivered_once_a_tick(hub: TagHub, source: MemorySource) -> None:
    heard = Heard()
    hub.subscribe(["A.FLOW", "A.TURB"], heard)
    hub.tick()
    heard.batches.clear()
    source.put("A.FLOW", 1.0)
    source.put("A.FLOW", 2.0)
    hub.tick()
    hub.tick()
    assert [{name: sample.value for name, sample in batch.items()} for batch in heard.batches] == [{"A.FLOW": 2.0}]


def test_whole_numbers_and_booleans_keep_their_type(hub: TagHub) -> None:
    state, remote = hub.sample("A.P1.ST"), hub.sample("A.P1.LR")
    assert state is not None
    assert remote is not None
    assert (state.value, remote.value) == (2, True)
    assert isinstance(state.value, int)
    assert isinstance(remote.value, bool)


def test_a_paused_subscription_catches_up_with_the_newest(hub: TagHub, source: MemorySource) -> None:
    heard = Heard()
    subscription = hub.subscribe(["A.FLOW"], heard)
    subscription.set_paused(True)
    heard.batches.clear()
    for value in (1.0, 2.0, 3.0):
        source.put("A.FLOW", value)
        hub.tick()
    assert heard.batches == []
    subscription.set_paused(False)
    assert [batch["A.FLOW"].value for batch in heard.batches] == [3.0]


def test_closing_leaves_nothing(hub: TagHub, source: MemorySource) -> None:
    heard = Heard()
    for _ in range(1000):
        with hub.subscribe(["A.FLOW"], heard):
            pass
    heard.batches.clear()
    source.put("A.FLOW", 5.0)
    hub.tick()
    assert hub.subscription_count == 0
    assert heard.batches == []
    latest = hub.sample("A.FLOW")
    assert latest is not None
    assert latest.value == 5.0


def test_everything_is_stale_within_two_seconds_of_the_last_heartbeat(
    qtbot: QtBot, hub: TagHub, source: MemorySource, clock: ManualClock
) -> None:
    heard = Heard()
    hub.subscribe(["A.FLOW"], heard)
    assert hub.alive
    clock.advance(2.1)
    with qtbot.waitSignal(hub.engine_alive) as signal:
        hub.tick()
    assert signal.args == [False]
    assert st.is_stale(heard.batches[-1]["A.FLOW"].status)
    assert heard.batches[-1]["A.FLOW"].value == 1000.0
    source.beat()
    hub.tick()
    assert heard.batches[-1]["A.FLOW"].is_good


def test_a_store_that_is_missing_or_replaced_is_opened_again(
    qtbot: QtBot, plant: Plant, source: MemorySource, clock: ManualClock
) -> None:
    answers: list[LiveSource | None] = [None, source]

    def open_source() -> LiveSource:
        answer = answers.pop(0)
        if answer is None:
            raise StoreError("no store yet")
        return answer

    hub, heard = TagHub(plant, open_source, clock), Heard()
    hub.subscribe(["A.FLOW"], heard)
    hub.tick()
    assert not hub.alive
    for _ in range(10):
        hub.tick()
    assert heard.batches[-1]["A.FLOW"].value == 1000.0
    fresh = MemorySource(list(plant.tags)[::-1], clock)
    fresh.put("A.FLOW", 7.0)
    answers.append(fresh)
    source.current = False
    hub.tick()
    assert heard.batches[-1]["A.FLOW"].value == 7.0


def test_a_tag_that_the_new_store_has_not_stands_as_unknown_until_it_is_there_again(
    qtbot: QtBot, plant: Plant, source: MemorySource, clock: ManualClock
) -> None:
    def store_of(*names: str) -> MemorySource:
        made = MemorySource(list(names), clock)
        for number, name in enumerate(names):
            made.put(name, float(number))
        return made

    without, again = store_of("A.NEW", "A.TURB"), store_of("A.TURB", "A.NEW", "A.FLOW")
    stores = [source, without, again]
    hub, heard = TagHub(plant, lambda: stores.pop(0), clock), Heard()
    hub.tick()
    hub.subscribe(["A.FLOW", "A.TURB"], heard)
    source.current = False
    hub.tick()
    shown = {name: (sample.value, sample.status) for name, sample in heard.batches[-1].items()}
    assert shown == {
        "A.FLOW": (None, st.BAD_NODE_ID_UNKNOWN),
        "A.TURB": (1.0, st.GOOD),
    }
    assert hub.sample("A.FLOW") is None
    stores[0].put("A.FLOW", 5.0)
    without.close()
    hub.tick()
    assert heard.batches[-1]["A.FLOW"].value == 5.0
    assert heard.batches[-1]["A.TURB"].value == 0.0


def test_a_number_that_is_none_of_the_type_known_here_is_shown_as_it_is(hub: TagHub, source: MemorySource) -> None:
    values = {"A.P1.ST": 2.5, "A.P1.LR": 3.0}
    for name, value in values.items():
        source.put(name, value)
    shown = {name: sample.value for name in values if (sample := hub.sample(name)) is not None}
    assert shown == values


def test_alarms_mark_tag_equipment_and_area(qtbot: QtBot, hub: TagHub, clock: ManualClock) -> None:
    with qtbot.waitSignal(hub.alarms_changed):
        hub.set_alarms([alarm_of(clock)])
    assert hub.alarms.tags["A.TURB"].priority is Priority.HIGH
    assert hub.alarms.equipment["A.P1"].unacknowledged
    assert hub.alarms.areas["A"][Priority.HIGH].count == 1
    hub.set_alarms([])
    assert hub.alarms.tags == {}


def test_a_lost_connection_marks_every_area_that_has_tags_on_it() -> None:
    plant = load_plant(Path(resources.__path__[0]) / "projects" / "lingzhuang")
    lost = AlarmSnapshot("intake.COMM", "1", AnnunciationState.UNACKNOWLEDGED, True, 1)
    areas = AlarmTable(plant, [lost]).areas
    assert set(areas) == {"RW", "CG", "SD"}
    assert all(marks == {Priority.HIGH: AlarmMark(Priority.HIGH, True)} for marks in areas.values())
