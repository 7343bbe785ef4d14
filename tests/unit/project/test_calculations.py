"""Calculated tags of a project: taken from a row or a type, and every mistake told with its place."""

from pathlib import Path

import pytest

from app.project import check_project, load_plant
from tests.unit.project.sample import PLANT

HEADER = "name,area,data_type,connection,address,expression,writable\n"
SOURCES = "LZ.A,HL,float,plc,ir0,,\nLZ.B,HL,float,plc,ir1,,\nLZ.TXT,HL,string,uf,nsu=u;s=t,,\n"
TYPE = """\
[type]
name = "meter"
title = "Meter"
[parameters.scale]
default = 2
[members.FLOW]
data_type = "float"
connection = "plc"
address = "ir20"
[members.DAY]
data_type = "float"
expression = "total({name}.FLOW, 1d) * {scale}"
"""
INSTANCES = "name,type,area,parameters\nLZ.M1,meter,HL,\n"


def problems(folder: Path, rows: str, **more: str) -> list[tuple[str, int | None, str, str]]:
    (folder / "types").mkdir()
    (folder / "plant.toml").write_text(PLANT.replace('home_display = "overview"\n', ""))
    (folder / "tags.csv").write_text(HEADER + SOURCES + rows)
    for name, text in more.items():
        (folder / name.replace("__", "/").replace("_", ".")).write_text(text)
    return [(one.file, one.line, one.field, one.message) for one in check_project(folder)[1]]


def test_a_row_with_an_expression_is_a_calculated_tag(tmp_path: Path) -> None:
    assert problems(tmp_path, "LZ.SUM,HL,float,,,LZ.A + LZ.B,\n") == []
    tag = load_plant(tmp_path).tags["LZ.SUM"]
    assert (tag.expression, tag.connection, tag.address) == ("LZ.A + LZ.B", "", "")


def test_a_member_with_an_expression_is_calculated_for_each_instance(tmp_path: Path) -> None:
    assert problems(tmp_path, "", types__meter_toml=TYPE, equipment_csv=INSTANCES) == []
    assert load_plant(tmp_path).tags["LZ.M1.DAY"].expression == "total(LZ.M1.FLOW, 1d) * 2"


def test_a_calculated_tag_may_use_another_one(tmp_path: Path) -> None:
    assert problems(tmp_path, "LZ.C,HL,float,,,2 * LZ.D,\nLZ.D,HL,float,,,LZ.A + 1,\n") == []


@pytest.mark.parametrize(
    ("row", "field", "says"),
    [
        ("LZ.C,HL,float,,,LZ.A +,", "expression", "'LZ.A +' is not a calculation: the end is unexpected"),
        ("LZ.C,HL,float,plc,ir9,LZ.A,", "expression", "a calculated tag has no connection"),
        ("LZ.C,HL,float,,,LZ.A,yes", "writable", "a calculated tag cannot be written; allowed: no"),
        ("LZ.C,HL,string,,,LZ.A,", "data_type", "data type string is not calculated"),
        ("LZ.C,HL,float,,,LZ.AA * 2,", "expression", "tag 'LZ.AA' is unknown; did you mean 'LZ.A'?"),
        ("LZ.C,HL,float,,,LZ.TXT * 2,", "expression", "tag 'LZ.TXT' is text; allowed: float, int, bool, enum"),
        ("LZ.C,HL,float,,,LZ.C + 1,", "expression", "depends on itself: LZ.C → LZ.C"),
        ('LZ.C,HL,float,,,"mean(LZ.C, 1h)",', "expression", "depends on itself: LZ.C → LZ.C"),
    ],
)
def test_a_mistake_is_told_once(tmp_path: Path, row: str, field: str, says: str) -> None:
    [found] = problems(tmp_path, row + "\n")
    assert found[:3] == ("tags.csv", 5, field)
    assert found[3].startswith(says)


def test_a_circle_is_told_once_with_all_its_tags(tmp_path: Path) -> None:
    rows = "LZ.C,HL,float,,,LZ.D + LZ.A,\nLZ.D,HL,float,,,LZ.E,\nLZ.E,HL,float,,,LZ.B + LZ.C,\nLZ.F,HL,float,,,LZ.C,\n"
    [found] = problems(tmp_path, rows)
    assert found[3] == "depends on itself: LZ.C → LZ.D → LZ.E → LZ.C"


def test_a_long_chain_is_no_circle_and_no_trouble(tmp_path: Path) -> None:
    rows = "".join(f"LZ.N{n},HL,float,,,LZ.N{n + 1} + LZ.A,\n" for n in range(3000)) + "LZ.N3000,HL,float,,,LZ.B,\n"
    assert problems(tmp_path, rows) == []


@pytest.mark.parametrize(
    ("wrong", "field", "says"),
    [
        ("total({name}.FLOW, 1d", "members.DAY.expression", "is not a calculation: the end is unexpected"),
        ("{nome}.FLOW", "members.DAY.expression", "parameter 'nome' is unknown; did you mean 'name'?"),
        ("{name}.FLO * 2", "members.DAY.expression", "tag 'LZ.M1.FLO' is unknown"),
    ],
)
def test_a_mistake_of_a_type_is_told_where_the_type_is(tmp_path: Path, wrong: str, field: str, says: str) -> None:
    broken = TYPE.replace("total({name}.FLOW, 1d) * {scale}", wrong)
    [found] = problems(tmp_path, "", types__meter_toml=broken, equipment_csv=INSTANCES)
    assert (found[0], found[2]) == ("types/meter.toml", field)
    assert says in found[3]
