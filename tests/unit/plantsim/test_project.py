"""The shipped project: valid, complete, bilingual, and the same as what the model gives; calm when run."""

from pathlib import Path

import pytest

from app.alarms.engine import AlarmEngine
from app.model.clock import SECOND_NS
from app.model.connection import Protocol_
from app.model.expressions import Calculation, Windowed
from app.model.plant import Plant
from app.model.sample import Sample
from app.plantsim.instruments import Instruments
from app.plantsim.main import DEMO_PROJECT, endpoints
from app.plantsim.process.works import WaterWorks
from app.plantsim.project_copy import free_ports, with_port, write_project
from app.project import check_project, load_plant


@pytest.fixture(scope="module")
def plant() -> Plant:
    return load_plant(DEMO_PROJECT)


def test_the_shipped_project_has_no_problem() -> None:
    assert [str(problem) for problem in check_project(DEMO_PROJECT)[1]] == []


def test_the_model_gives_every_measured_tag_and_no_other(plant: Plant) -> None:
    names = {tag.name for tag in plant.tags.values() if not (tag.expression or tag.name.endswith(".HB"))}
    assert names == set(WaterWorks(warm_up=False).readings())
    assert len(names) >= 250


def test_every_text_is_in_both_languages(plant: Plant) -> None:
    texts = [(tag.name, tag.description) for tag in plant.tags.values()]
    texts += [(alarm.id, alarm.text) for alarm in plant.alarms.values()]
    texts += [(command.id, command.title) for command in plant.commands.values()]
    texts += [(item.name, item.title) for item in plant.equipment.values()]
    texts += [(group.id, group.title) for group in plant.trends.values()]
    texts += [(area.id, area.title) for area in plant.areas.values()]
    assert [name for name, text in texts if not text.en or not text.zh] == []


def test_setpoints_and_commands_are_taken_by_the_model(plant: Plant) -> None:
    works = WaterWorks(warm_up=False)
    assert [tag.name for tag in plant.tags.values() if tag.writable and not works.write(tag.name, 0)] == []


def test_all_byte_orders_and_a_bit_are_in_use(plant: Plant) -> None:
    addresses = " ".join(tag.address for tag in plant.tags.values())
    assert all(f":{order}" in addresses for order in ("ABCD", "CDAB", "BADC", "DCBA"))
    assert ".0" in addresses


class Points:
    """What a calculation is evaluated over: the samples of one moment."""

    def __init__(self, samples: dict[str, Sample]) -> None:
        self._samples = samples

    def sample(self, name: str) -> Sample | None:
        return self._samples.get(name)

    def window(self, name: str, seconds: float) -> Windowed | None:
        return None


class Watch:
    """The alarm engine of the project on what the instruments measure, and what is calculated of that."""

    def __init__(self, plant: Plant, works: WaterWorks) -> None:
        self._works = works
        self._instruments = Instruments(plant.tags)
        self._instruments.measure(works.readings(), 0.0, everything=True)
        self._engine = AlarmEngine(plant.alarms.values())
        self._calculations = [
            (tag, Calculation.parse(tag.expression)) for tag in plant.tags.values() if tag.expression
        ]  # fmt: skip
        self._looked_at = {name for name in plant.tags if self._engine.evaluation.looks_at(name)}
        self._now_s = 1000
        self.raised: dict[str, float] = {}
        """Seconds for which each alarm stood."""

    def run(self, seconds: int, step: int) -> None:
        for _ in range(0, seconds, step):
            self._now_s += step
            now_ns = self._now_s * SECOND_NS
            self._works.advance(step)
            self._instruments.measure(self._works.readings(), step, everything=True)
            samples = {
                name: Sample(value, status, now_ns, now_ns)
                for name, (value, status) in self._instruments.snapshot().items()
            }
            for tag, calculation in self._calculations:
                if calculation.counter is None and not calculation.windows:
                    found = calculation.evaluate(Points(samples))
                    samples[tag.name] = Sample(found.value, found.status, now_ns, now_ns)
            self._engine.tick(now_ns)
            for name in self._looked_at & samples.keys():
                self._engine.process(name, samples[name], now_ns)
            self._engine.tick(now_ns)
            for shot in self._engine.snapshots():
                if shot.active and not shot.suppression:
                    self.raised[shot.id] = self.raised.get(shot.id, 0.0) + step


@pytest.mark.parametrize("hour", [3.0, 8.0, 14.0, 20.0])
def test_a_calm_plant_has_one_low_priority_alarm(plant: Plant, hour: float) -> None:
    watch = Watch(plant, WaterWorks(seed=1, hour=hour))
    watch.run(900, 5)
    assert set(watch.raised) == {"LZ.CG.PAC.TANKLVL.L"}


def test_a_whole_day_raises_nothing_but_the_day_tank(plant: Plant) -> None:
    watch = Watch(plant, WaterWorks(seed=5, hour=0.0))
    watch.run(24 * 3600, 20)
    assert set(watch.raised) == {"LZ.CG.PAC.TANKLVL.L"}
    assert watch.raised["LZ.CG.PAC.TANKLVL.L"] < 6 * 3600


def test_a_backwash_without_a_pump_raises_its_alarm(plant: Plant) -> None:
    works = WaterWorks(seed=1, hour=10.0)
    watch = Watch(plant, works)
    works.trip("LZ.UF.BWP01", on=True)
    watch.run(3600, 5)
    assert not [name for name in watch.raised if name.endswith("BWQLAST.L")]  # the standby pump has taken over
    works.trip("LZ.UF.BWP02", on=True)
    watch.run(3600, 5)
    assert [name for name in watch.raised if name.endswith("BWQLAST.L")]


def test_a_stuck_sensor_stands_still_and_says_so(plant: Plant) -> None:
    instruments = Instruments(plant.tags)
    instruments.measure({"LZ.UF.R05.PTURB": 0.02}, 0.0, everything=True)
    before = instruments.snapshot()["LZ.UF.R05.PTURB"][0]
    instruments.stick("LZ.UF.R05.PTURB", on=True)
    changed = instruments.measure({"LZ.UF.R05.PTURB": 0.5}, 1.0, everything=True)
    assert changed == {"LZ.UF.R05.PTURB": (before, 0x808C0000)}
    assert instruments.stuck == {"LZ.UF.R05.PTURB"}
    instruments.stick("LZ.UF.R05.PTURB", on=False)
    assert instruments.measure({"LZ.UF.R05.PTURB": 0.5}, 1.0, everything=True)["LZ.UF.R05.PTURB"][1] == 0
    with pytest.raises(KeyError):
        instruments.stick("NO.SUCH", on=True)


def test_a_copy_with_other_ports_is_a_valid_project(tmp_path: Path) -> None:
    ports = free_ports(4)
    copy = load_plant(write_project(tmp_path / "copy", ports))
    assert [f":{port}" in c.endpoint for port, c in zip(ports, copy.connections.values(), strict=True)] == [True] * 4
    assert copy.connections["uf"].endpoint.endswith("/haihe/uf")


def test_ports_can_be_moved(plant: Plant) -> None:
    assert endpoints(plant, 500)["highlift"] == "127.0.0.1:503"
    assert endpoints(plant, None)["uf"] == plant.connections["uf"].endpoint
    assert with_port(Protocol_.OPCUA, "opc.tcp://h:1/a/b", 7) == "opc.tcp://h:7/a/b"
