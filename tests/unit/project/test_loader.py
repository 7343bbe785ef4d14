from pathlib import Path

import pytest

from app.model.alarm import AlarmKind, Priority
from app.model.command import CommandKind
from app.model.errors import ProjectError
from app.model.text import LocalText
from app.project import check_project, load_plant
from tests.unit.project.sample import EQUIPMENT, OVERVIEW, PLANT, PUMP, TAGS, edit, write


def test_a_right_project_has_no_problems(tmp_path: Path) -> None:
    plant, problems = check_project(write(tmp_path))
    assert problems == []
    assert plant is not None
    assert list(plant.tags)[:2] == ["LZ.OUT.PRES", "LZ.OUT.PRESSP"]
    assert len(plant.tags) == 4 + 2 * 6
    assert plant.home_display == "overview"
    assert plant.displays["overview"].title == LocalText("Overview", "总览")
    assert plant.displays["overview"].level == 1
    assert load_plant(tmp_path) == plant


def test_types_expand_into_tags_alarms_and_commands(tmp_path: Path) -> None:
    plant = load_plant(write(tmp_path))
    flow = plant.tags["LZ.HL.P02.FLOW"]
    assert flow.address == "ir201:float32:CDAB"
    assert flow.connection == "plc"
    assert (flow.equipment, flow.member, flow.area) == ("LZ.HL.P02", "FLOW", "HL")
    assert flow.description == LocalText("Pump 2 flow", "2号泵流量")
    assert (flow.limits.high, flow.limits.normal_low) == (950, 100)
    alarm = plant.alarms["LZ.HL.P02.FLOW.H"]
    assert (alarm.kind, alarm.limit, alarm.priority) == (AlarmKind.HIGH, 950, Priority.MEDIUM)
    assert alarm.text == LocalText("Pump 2 flow too high", "2号泵流量过高")
    assert plant.alarms["LZ.HL.P01.ST.DISCRETE"].text == LocalText("Pump 1 state fault", "1号泵状态故障")
    start = plant.commands["LZ.HL.P01.START"]
    assert (start.kind, start.target, start.value, start.expect) == (
        CommandKind.ACTION, "LZ.HL.P01.CMD", 1, (2,))  # fmt: skip
    assert start.local_remote == "LZ.HL.P01.LR"
    assert start.interlocks[0].blocked_when == "LZ.OUT.PRES < 0.2 or LZ.HL.P01.ST == 4"
    speed = plant.commands["LZ.HL.P01.SPDSP"]
    assert (speed.kind, speed.low, speed.high, speed.max_step) == (CommandKind.SETPOINT, 60, 100, 20)


def test_rows_make_alarms_and_setpoints(tmp_path: Path) -> None:
    plant = load_plant(write(tmp_path))
    kinds = {name: alarm.priority for name, alarm in plant.alarms.items() if alarm.tag == "LZ.OUT.PRES"}
    assert kinds == {
        "LZ.OUT.PRES.LL": 1, "LZ.OUT.PRES.L": 3, "LZ.OUT.PRES.H": 3, "LZ.OUT.PRES.HH": 1, "LZ.OUT.PRES.BAD": 4,
    }  # fmt: skip
    assert plant.alarms["LZ.T1.HATCH.DISCRETE"].states == (1,)
    assert plant.alarms["plc.COMM"].kind is AlarmKind.CONNECTION
    assert plant.alarms["plc.COMM"].areas == ("HL",)
    assert (plant.alarms["plc.COMM"].on_delay_s, plant.alarms["plc.COMM"].off_delay_s) == (2.0, 5.0)
    assert plant.alarms["plc.COMM"].guidance.action.get("zh")
    assert plant.alarms["plc.COMM"].concerns("HL")
    assert not plant.alarms["plc.COMM"].concerns("UF")
    command = plant.commands["LZ.OUT.PRESSP"]
    assert (command.low, command.high, command.max_step, command.tolerance) == (0.3, 0.45, 0.05, 0.002)


def test_byte_order_mark_and_crlf_are_accepted(tmp_path: Path) -> None:
    def windows(text: str) -> bytes:
        return b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()

    folder = write(
        tmp_path, plant_toml=windows(PLANT), tags_csv=windows(TAGS), equipment_csv=windows(EQUIPMENT),
        types__pump_toml=windows(PUMP),
    )  # fmt: skip
    assert check_project(folder)[1] == []


def test_a_file_that_is_not_utf8_is_named_with_its_line(tmp_path: Path) -> None:
    folder = write(tmp_path, tags_csv=TAGS.replace("出厂压力", "#").encode().replace(b"#", b"\xb3\xf6"))
    _, problems = check_project(folder)
    assert [(p.file, p.line) for p in problems] == [("tags.csv", 2)]
    assert "UTF-8" in problems[0].message


def test_a_syntax_error_does_not_hide_mistakes_of_other_files(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        plant_toml=PLANT + "\n[broken\n",
        equipment_csv=edit(EQUIPMENT, ("LZ.HL.P02,pump", "LZ.HL.P02,pomp")),
        tags_csv=edit(TAGS, ("0.28,0.33", "0.38,0.33")),
    )
    plant, problems = check_project(folder)
    assert plant is None
    assert {(p.file, p.line) for p in problems} == {
        ("plant.toml", PLANT.count("\n") + 2),
        ("equipment.csv", 3),
        ("tags.csv", 2),
    }


def test_a_mistake_of_a_type_is_reported_once_with_the_type(tmp_path: Path) -> None:
    folder = write(tmp_path, types__pump_toml=edit(PUMP, ("ir{base+1}:float32:CDAB", "ir{base+1}:float31")))
    _, problems = check_project(folder)
    assert [(p.file, p.field) for p in problems] == [("types/pump.toml", "members.FLOW.address")]
    assert problems[0].line == PUMP[: PUMP.index("ir{base+1}:")].count("\n") + 1


def test_a_mistake_of_an_instance_is_reported_once_with_its_row(tmp_path: Path) -> None:
    folder = write(tmp_path, equipment_csv=edit(EQUIPMENT, ("base=200", "base=65535")))
    _, problems = check_project(folder)
    assert [(p.file, p.line, p.field) for p in problems] == [("equipment.csv", 3, "parameters")]


def test_a_broken_display_does_not_stop_the_plant(tmp_path: Path) -> None:
    folder = write(tmp_path, displays__overview_svg=OVERVIEW.replace("</svg>", "<g></svg>"))
    plant, problems = check_project(folder)
    assert [p.file for p in problems] == ["displays/overview.svg"]
    assert plant is not None
    assert load_plant(folder).displays["overview"].title.en == "Overview"


def test_loading_raises_with_every_mistake(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        plant_toml=edit(
            PLANT, ("Asia/Shanghai", "Asia/Shanghia"), ('"plc"\nprotocol', '"plc"\nprotokol = "opcua"\nprotocol')
        ),
    )
    with pytest.raises(ProjectError, match=r"2 mistakes") as caught:
        load_plant(folder)
    assert "did you mean 'Asia/Shanghai'?" in str(caught.value)


@pytest.mark.parametrize("make", [False, True])
def test_a_folder_that_is_none(tmp_path: Path, make: bool) -> None:
    path = tmp_path / "nothing"
    if make:
        path.write_text("a file")
    plant, problems = check_project(path)
    assert plant is None
    assert len(problems) == 1
