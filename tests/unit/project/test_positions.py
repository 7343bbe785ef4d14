"""``[position.X]`` of plant.toml."""

from pathlib import Path

import pytest

from app.model.plant import OperatingPosition
from app.model.text import LocalText
from app.project import check_project, load_plant
from app.project.diff import diff_plants
from tests.unit.project.sample import PLANT, write

POSITION = '\n[position.pumps]\ntitle = "Pumps"\ntitle_zh = "泵房岗位"\nareas = ["HL"]\n'


def test_a_position_has_areas(tmp_path: Path) -> None:
    plant = load_plant(write(tmp_path, plant_toml=PLANT + POSITION))
    assert plant.positions == {"pumps": OperatingPosition("pumps", LocalText("Pumps", "泵房岗位"), ("HL",))}
    assert load_plant(tmp_path) == plant  # from the cache


def test_a_project_needs_none(tmp_path: Path) -> None:
    assert load_plant(write(tmp_path)).positions == {}


def test_a_change_of_a_position_is_told(tmp_path: Path) -> None:
    old = load_plant(write(tmp_path / "old", plant_toml=PLANT + POSITION))
    new = load_plant(write(tmp_path / "new", plant_toml=PLANT + POSITION.replace("Pumps", "Pumping")))
    assert diff_plants(old, new).of("positions").changed[0].name == "pumps"


@pytest.mark.parametrize(
    ("right", "wrong", "field", "words"),
    [
        ('["HL"]', '["HX"]', "position.pumps.areas", "area 'HX' is unknown; allowed: HL"),
        ('["HL"]', '["HL", "HL"]', "position.pumps.areas", "area 'HL' stands twice; allowed: once"),
        ('["HL"]', "[]", "position.pumps.areas", "1"),
        ("areas =", "area =", "position.pumps.area", "unknown"),
        ("position.pumps", 'position."p s"', "position.p s", "letter"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, right: str, wrong: str, field: str, words: str) -> None:
    _, problems = check_project(write(tmp_path, plant_toml=PLANT + POSITION.replace(right, wrong)))
    found = [each for each in problems if each.field == field]
    assert found, problems
    assert words in found[0].message
