"""Options about alarms that a device judges: mistakes in them are found by the check."""

from pathlib import Path

import pytest

from app.project import check_project
from app.project.loader import read_plant
from tests.unit.project.sample import PLANT, write

UF = 'endpoint = "opc.tcp://127.0.0.1:4840/uf"\n'


def problems(folder: Path, options: str) -> list[tuple[str, str]]:
    assert UF in PLANT
    write(folder, plant_toml=PLANT.replace(UF, f"{UF}[connection.options]\n{options}\n"))
    return [(problem.field, problem.message) for problem in check_project(folder)[1]]


@pytest.mark.parametrize(
    "options",
    [
        'alarms = "server"',
        'alarms = "nsu=urn:plc;s=hall"\nalarm_area = "HL"',
        'alarms = "server"\nalarm_sources = "Tank=LZ.OUT.PRES"\nalarm_severities = "900/500/1"',
    ],
)
def test_right_ones(tmp_path: Path, options: str) -> None:
    assert problems(tmp_path, options) == []
    assert "alarms" in read_plant(tmp_path).connections["uf"].options


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ('alarms = "hall"', "is not an OPC UA address"),
        ("alarm_queue = 1", "10 to 1e+06"),
        ('alarm_area = "XX"', "area 'XX' is unknown"),
        ('alarm_sources = "Tank"', "expected source=tag or equipment"),
        ('alarm_sources = "Tank=LZ.OUT.PRESX"', "did you mean 'LZ.OUT.PRES"),
        ('alarm_severities = "1/2/3"', "such as 801/601/401"),
    ],
)
def test_wrong_ones(tmp_path: Path, option: str, said: str) -> None:
    ((field, message),) = problems(tmp_path, option)
    assert field.endswith(f"options.{option.partition(' ')[0]}")
    assert said in message
