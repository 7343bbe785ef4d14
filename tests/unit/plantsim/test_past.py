"""The plant's past in a real store: its length, its grain, what a second start adds, and who may write it."""

from pathlib import Path

import numpy as np
import pytest

from app.model.clock import SECOND_NS
from app.model.errors import StoreError
from app.model.plant import Plant
from app.plantsim.main import DEMO_PROJECT
from app.plantsim.past import COARSE_S, FINE_FROM_S, FINE_S, Past
from app.plantsim.process.works import WaterWorks
from app.project import load_plant
from app.trend import StoreReader, StoreWriter, slots_of

NOW_NS = 1_790_000_000 * SECOND_NS
HOURS = 6.0
TAG = "LZ.HL.OUT.FLOW"


@pytest.fixture(scope="module")
def plant() -> Plant:
    return load_plant(DEMO_PROJECT)


def settle(plant: Plant, now_ns: int, hour: float = 0.0) -> tuple[Past, WaterWorks]:
    works = WaterWorks(seed=5, hour=hour, warm_up=False)
    past = Past(plant, HOURS, now_ns, seed=5)

    def watch(left_s: float) -> None:
        if past.wants(left_s):
            past.keep(works.readings(), left_s)

    works.settle(watch)
    return past, works


def test_the_past_ends_where_the_plant_begins(plant: Plant, tmp_path: Path) -> None:
    past, works = settle(plant, NOW_NS)
    path = tmp_path / "store"
    assert past.write(path) > 100_000
    with StoreReader(path) as reader:
        slot = reader.slot(TAG)
        samples = reader.raw(slot, 0, NOW_NS, 100_000)
        coverage = reader.coverage(slot)
    assert coverage.from_ns is not None
    assert abs(NOW_NS - coverage.from_ns - HOURS * 3600 * SECOND_NS) <= COARSE_S * SECOND_NS
    assert samples.value[-1] == pytest.approx(works.readings()[TAG], rel=0.03)
    age_s = (NOW_NS - samples.t_ns[1:]) / SECOND_NS
    gaps_s = np.diff(samples.t_ns) / SECOND_NS
    assert set(gaps_s[age_s < FINE_FROM_S - COARSE_S].tolist()) == {FINE_S}
    assert set(gaps_s[age_s > FINE_FROM_S].tolist()) == {COARSE_S}


def test_a_second_start_adds_only_what_is_newer(plant: Plant, tmp_path: Path) -> None:
    path = tmp_path / "store"
    settle(plant, NOW_NS)[0].write(path)
    later_s = 600
    added = settle(plant, NOW_NS + later_s * SECOND_NS)[0].write(path)
    with StoreReader(path) as reader:
        samples = reader.raw(reader.slot(TAG), NOW_NS - 60 * SECOND_NS, NOW_NS + later_s * SECOND_NS, 1000)
        assert all(reader.late(slot) == 0 for slot in range(reader.slot_count))
    assert 0 < added < 100_000
    assert (np.diff(samples.t_ns) > 0).all()
    assert samples.t_ns[-1] >= NOW_NS + (later_s - 2 * FINE_S) * SECOND_NS


def test_the_store_of_a_running_engine_is_left_alone(plant: Plant, tmp_path: Path) -> None:
    path = tmp_path / "store"
    past, _ = settle(plant, NOW_NS)
    with StoreWriter(path, slots_of(plant), now_ns=NOW_NS), pytest.raises(StoreError):
        past.write(path)
