"""Twenty different mistakes give twenty messages: no more, no fewer, each with file, line and field."""

from pathlib import Path

from app.project import check_project
from tests.unit.project.sample import EQUIPMENT, OVERVIEW, PLANT, PUMP, TAGS, TREND, edit, write

NEW_TAGS = """\
LZ.X1,,,HX,float,plc,ir50,,,,,,,,,,,,,,,,,,
LZ.X2,,,HL,flaot,plc,ir51,,,,,,,,,,,,,,,,,,
LZ.X3,,,HL,float,plx,ir52,,,,,,,,,,,,,,,,,,
LZ.X4,,,HL,float,plc,xr53,,,,,,,,,,,,,,,,,,
LZ X5,,,HL,float,plc,ir54,,,,,,,,,,,,,,,,,,
LZ.X6,,,HL,float,plc,ir55,,ten,,,,,,,,,,,,,,,,
LZ.X7,,,HL,float,plc,ir56,,50,10,,,,,,,,,,,,,,,
LZ.X8,,,HL,float,plc,ir57,,0,100,,,,30,20,,,,,,,,,,
LZ.X9,,,HL,float,plc,ir58,,0,100,,,,,,150,,,,,,,,,
LZ.OUT.PRES,,,HL,float,plc,ir59,,,,,,,,,,,,,,,,,,
LZ.X11,,,HL,float,plc,hr60,,,,,,,,,,,,,yes,LZ.NOWHERE,,,,
LZ.X12,,,HL,float,plc,ir61,,,,,,,,,80,H:5,,,,,,,,
"""
FIRST = TAGS.count("\n") + 1


def line_of(text: str, part: str) -> int:
    assert text.count(part) == 1
    return text[: text.index(part)].count("\n") + 1


def test_twenty_mistakes_give_twenty_messages(tmp_path: Path) -> None:
    plant = edit(
        PLANT,
        ("timeout_s = 1\n", "timeout_s = 1\npassword = 'x'\n"),
        ('time_zone = "Asia/Shanghai"', 'time_zone = "Asia/Peking"'),
        ("opc.tcp://127.0.0.1:4840/uf", "http://127.0.0.1:4840/uf"),
    )
    pump = edit(
        PUMP,
        ("limit = 950\n", "limit = 950\npriorty = 2\n"),
        ('target = "CMD"', 'target = "CND"'),
        ('member = "FLOW"\n', 'member = "FLOV"\n'),
        ("{suction} < 0.2 or", "{suction} <> 0.2 or"),
    )
    equipment = EQUIPMENT + "LZ.HL.P03,pump,HL,Pump 3,3号泵,connection=plc\n"
    folder = write(tmp_path, plant_toml=plant, types__pump_toml=pump, tags_csv=TAGS + NEW_TAGS, equipment_csv=equipment)
    _, problems = check_project(folder)
    found = [(problem.file, problem.line, problem.field) for problem in problems]
    assert sorted(found) == sorted(
        [
            ("plant.toml", line_of(plant, "Asia/Peking"), "plant.time_zone"),
            ("plant.toml", line_of(plant, "password"), "connection.options.password"),
            ("plant.toml", line_of(plant, "http://"), "connection.endpoint"),
            ("types/pump.toml", line_of(pump, "priorty"), "members.FLOW.alarms.priorty"),
            ("types/pump.toml", line_of(pump, '"CND"'), "commands.START.target"),
            ("types/pump.toml", line_of(pump, '"FLOV"'), "faceplate.member"),
            ("types/pump.toml", line_of(pump, "<> 0.2"), "interlocks.suction.blocked_when"),
            ("equipment.csv", 4, "parameters"),
            ("tags.csv", FIRST, "area"),
            ("tags.csv", FIRST + 1, "data_type"),
            ("tags.csv", FIRST + 2, "connection"),
            ("tags.csv", FIRST + 3, "address"),
            ("tags.csv", FIRST + 4, "name"),
            ("tags.csv", FIRST + 5, "low"),
            ("tags.csv", FIRST + 6, "low"),
            ("tags.csv", FIRST + 7, "H"),
            ("tags.csv", FIRST + 8, "HH"),
            ("tags.csv", FIRST + 9, "name"),
            ("tags.csv", FIRST + 10, "feedback"),
            ("tags.csv", FIRST + 11, "priorities"),
        ]
    ), "\n".join(map(str, problems))
    assert len(problems) == 20
    assert len({problem.message for problem in problems}) == 20
    for problem in problems:
        helpful = ("allowed", "did you mean", "expected", "requires", "already defined")
        assert any(word in problem.message for word in helpful), problem


def test_twenty_other_mistakes(tmp_path: Path) -> None:
    plant = edit(
        PLANT,
        ('home_display = "overview"', 'home_display = "overveiw"'),
        ("[retention.default]\nlevels = [4096, 1024]", "[retention.default]\nlevels = [0]"),
        ('protocol = "modbus-tcp"', 'protocol = "modbus-tcp"\nalarm_priority = 7'),
        ("timeout_s = 1\n", "timeout_s = 100\nmax_gab = 3\n"),
        ('id = "HL"\ntitle', 'id = "HL"\ntitle_en'),
    )
    pump = edit(
        PUMP,
        ("limit = 950\n", ""),
        ("running = [2]", "running = [3]"),
        ("value = 1\n", ""),
        ("low = 60\n", "low = 160\n"),
        ('interlocks = ["suction"]', 'interlocks = ["section"]'),
        ("ir{base+3}", "ir{bose+3}"),
    )
    tags = TAGS.replace("tolerance\n", "tollerance\n", 1) + (
        "LZ.Y1,,,HL,float,plc,hr0,,,,,,,,,,,,,yes,,,,,\n"
        "LZ.Y2,,,HL,enum,plc,ir70,,,,,,,,,,,,,,,,,,\n"
        "LZ.Y3,,,HL,bool,plc,di71,,,,,,,,,,,open=1,,,,,,,\n"
        "LZ.Y4,,,HL,float,plc,hr72,,,,,,,,,,,,,yes,LZ.OUT.PRES,20,10,,\n"
    )
    equipment = EQUIPMENT.replace("connection=plc;base=200", "connection=plk;base=200")
    trend = TREND.replace("LZ.HL.P01.FLOW", "LZ.HL.P01.FLOX")
    display = OVERVIEW.replace(
        "<rect ", '<text h:value="LZ.NOT" x="1" y="1"/><g h:link="nowhere" h:box="0 0 9 9"/><rect '
    )
    folder = write(
        tmp_path, plant_toml=plant, types__pump_toml=pump, tags_csv=tags, equipment_csv=equipment,
        trends__delivery_toml=trend, displays__overview_svg=display,
    )  # fmt: skip
    _, problems = check_project(folder)
    fields = sorted((problem.file, problem.field) for problem in problems if "displays" not in problem.file)
    assert fields == sorted(
        [
            ("plant.toml", "plant.home_display"),
            ("plant.toml", "retention.default.levels.0"),
            ("plant.toml", "connection.alarm_priority"),
            ("plant.toml", "connection.options.timeout_s"),
            ("plant.toml", "connection.options.max_gab"),
            ("plant.toml", "area.title"),
            ("plant.toml", "area.title_en"),
            ("types/pump.toml", "members.FLOW.alarms.limit"),
            ("types/pump.toml", "type.running"),
            ("types/pump.toml", "commands.START.value"),
            ("types/pump.toml", "commands.SPDSP.low"),
            ("types/pump.toml", "commands.START.interlocks"),
            ("types/pump.toml", "members.SPDREF.address"),
            ("tags.csv", "tollerance"),
            ("tags.csv", "address"),
            ("tags.csv", "states"),
            ("tags.csv", "states"),
            ("tags.csv", "set_low"),
            ("equipment.csv", "parameters"),
            ("trends/delivery.toml", "tags"),
        ]
    ), "\n".join(map(str, problems))
    drawn = [problem.message for problem in problems if problem.file == "displays/overview.svg"]
    assert any("LZ.NOT" in message for message in drawn)
