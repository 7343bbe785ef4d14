"""``simulate`` of a connection."""

from pathlib import Path

from app.project import check_project, load_plant
from tests.unit.project.sample import PLANT, write


def test_a_connection_is_real_unless_it_says_otherwise(tmp_path: Path) -> None:
    text = PLANT.replace('id = "uf"', 'id = "uf"\nsimulate = true')
    connections = load_plant(write(tmp_path, plant_toml=text)).connections
    assert {name: (each.simulate, each.driver) for name, each in connections.items()} == {
        "plc": (False, "modbus-tcp"), "uf": (True, "simulated"),
    }  # fmt: skip


def test_anything_but_yes_or_no_is_refused(tmp_path: Path) -> None:
    text = PLANT.replace('id = "uf"', 'id = "uf"\nsimulate = "yes"')
    _, (problem,) = check_project(write(tmp_path, plant_toml=text))
    assert problem.field.endswith("simulate")
    assert "allowed: true, false" in problem.message
