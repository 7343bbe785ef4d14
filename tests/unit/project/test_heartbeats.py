"""``heartbeat`` of a connection."""

from pathlib import Path

import pytest

from app.project import check_project, load_plant
from tests.unit.project.sample import PLANT, write

PLC, BEAT = 'forbidden = "hr300-309"', 'forbidden = "hr300-309"\nheartbeat = "{}"'


def test_a_tag_of_the_connection_may_be_its_heartbeat(tmp_path: Path) -> None:
    text = PLANT.replace(PLC, BEAT.format("LZ.OUT.PRES"))
    assert load_plant(write(tmp_path, plant_toml=text)).connections["plc"].options["heartbeat"] == "LZ.OUT.PRES"


@pytest.mark.parametrize(
    ("beat", "remedy"), [("LZ.T1.HATCH", "LZ.OUT.PRES"), ("LZ.OUT.PRSE", "did you mean 'LZ.OUT.PRES'?")]
)
def test_no_other_tag_can_be_its_heartbeat(tmp_path: Path, beat: str, remedy: str) -> None:
    text = PLANT.replace(PLC, BEAT.format(beat))
    _, (problem,) = check_project(write(tmp_path, plant_toml=text))
    assert problem.field.endswith("options.heartbeat")
    assert f"'{beat}' is no tag of this connection" in problem.message
    assert remedy in problem.message
