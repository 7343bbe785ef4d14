"""The shipped project: valid, complete, bilingual, and the same as what the model gives; calm when run."""

from pathlib import Path

import pytest

from app.model.alarm import AlarmDefinition, AlarmKind
from app.model.connection import Protocol_
from app.model.expression import Expression
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


def test_the_model_gives_every_tag_and_no_other(plant: Plant) -> None:
    names = {name for name in plant.tags if not name.endswith(".HB")}
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


def _violated(alarm: AlarmDefinition, value: float) -> bool:
    if alarm.kind is AlarmKind.DISCRETE:
        return int(value) in alarm.states
    if alarm.limit is None:
        return False
    if alarm.kind in {AlarmKind.LOW, AlarmKind.LOW_LOW}:
        return value < alarm.limit
    return value > alarm.limit


@pytest.mark.parametrize("hour", [3.0, 8.0, 14.0, 20.0])
def test_a_calm_plant_has_one_low_priority_alarm(plant: Plant, hour: float) -> None:
    works = WaterWorks(seed=1, hour=hour)
    instruments = Instruments(plant.tags)
    instruments.measure(works.readings(), 0.0, everything=True)
    since: dict[str, float] = {}
    raised = set()
    for second in range(0, 900, 5):
        works.advance(5.0)
        instruments.measure(works.readings(), 5.0, everything=True)
        points = instruments.snapshot()

        def look_up(name: str, points: object = points) -> Sample | None:
            point = instruments.snapshot().get(name)
            return None if point is None else Sample(point[0], point[1], 0, 0)

        for alarm in plant.alarms.values():
            if alarm.tag not in points or not _violated(alarm, float(points[alarm.tag][0])):
                since.pop(alarm.id, None)
                continue
            if alarm.suppress_when and Expression.parse(alarm.suppress_when).evaluate(look_up).value:
                continue
            if second - since.setdefault(alarm.id, second) >= alarm.on_delay_s:
                raised.add(alarm.id)
    assert raised == {"LZ.CG.PAC.TANKLVL.L"}


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
