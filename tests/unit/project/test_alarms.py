"""Alarms of types and of alarms.csv: what each field becomes, and every mistake named where it was made."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.model.alarm import AlarmDefinition, AlarmKind, Priority
from app.model.plant import Plant
from app.model.text import LocalText
from app.project import check_project, load_plant
from app.project.cells import Share, parse_deadband, parse_expected
from app.project.diff import diff_plants
from app.project.save import read_rows, save_alarms
from tests.unit.project.sample import PUMP, edit, write

FLOW_ALARMS = """\
[[members.FLOW.alarms]]
kind = "DEV"
reference = "{name}.SPDREF"
limit_tag = "{suction}"
deadband = "2 %"
count = 3
count_s = 600
latched = true
realarm_s = 900
escalate_s = 300
shelve_max_s = 0
first_out = "{name}-trip"
class = "equipment"
display = "overview"
[[members.FLOW.alarms]]
kind = "ROC"
limit = 50
rate_s = 30
first_out = "{name}-trip"
[[members.FLOW.alarms]]
kind = "FROZEN"
frozen_s = 600

[[members.ST.alarms]]
kind = "DISCREP"
reference = "{name}.CMD"
expected = { 1 = [2], 2 = [0, 4] }
on_delay_s = 45

[members.CMD]
"""
TYPE = edit(PUMP, ("[members.CMD]\n", FLOW_ALARMS))
HEADER = (
    "id,enabled,priority,limit,limit_tag,reference,deadband,on_delay_s,count,count_s,shelve_max_s,first_out,class,"
    "suppress_when,text,text_zh,action,basis,change,respond_s,frozen_s,rate_s,states,display,expected,escalate_s\n"
)


def rows(*given: dict[str, object]) -> str:
    columns = HEADER.strip().split(",")
    return HEADER + "".join(",".join(str(row.get(column, "")) for column in columns) + "\n" for row in given)


def plant_of(folder: Path, alarms: str = "", **files: str) -> Plant:
    if alarms:
        files["alarms_csv"] = alarms
    return load_plant(write(folder, types__pump_toml=TYPE, **files), use_cache=False)


def test_every_key_of_a_type_becomes_a_field_of_the_alarm(tmp_path: Path) -> None:
    alarms = plant_of(tmp_path).alarms
    deviation = alarms["LZ.HL.P01.FLOW.DEV"]
    assert deviation == replace(
        AlarmDefinition(
            deviation.id, "LZ.HL.P01.FLOW", AlarmKind.DEVIATION, Priority.MEDIUM, LocalText(),
            reference="LZ.HL.P01.SPDREF", limit_tag="LZ.OUT.PRES", deadband=20.0, count=3, count_s=600.0, latched=True,
            realarm_s=900.0, escalate_s=300.0, shelve_max_s=0.0, first_out="LZ.HL.P01-trip", alarm_class="equipment",
            display="overview",
        ), text=deviation.text, area=deviation.area, equipment=deviation.equipment, connection=deviation.connection,
    )  # fmt: skip
    assert deviation.text.get("en").endswith("flow deviates")
    assert deviation.text.get("zh").endswith("流量偏差大")
    rate = alarms["LZ.HL.P01.FLOW.ROC"]
    assert (rate.limit, rate.rate_s, alarms["LZ.HL.P01.FLOW.FROZEN"].frozen_s) == (50.0, 30.0, 600.0)
    discrepancy = alarms["LZ.HL.P01.ST.DISCREP"]
    assert (discrepancy.reference, discrepancy.expected) == ("LZ.HL.P01.CMD", ((1, (2,)), (2, (0, 4))))
    again = load_plant(tmp_path)  # through the cache
    assert load_plant(tmp_path).alarms == again.alarms == alarms


def test_a_row_changes_what_it_gives_and_leaves_what_it_does_not(tmp_path: Path) -> None:
    before = plant_of(tmp_path / "before")
    after = plant_of(tmp_path / "after", rows(
        {"id": "LZ.HL.P01.FLOW.H", "limit": 900, "deadband": "1%", "priority": 1, "text": "Flow of pump 1 too high"},
        {"id": "LZ.HL.P02.FLOW.H", "limit_tag": "LZ.OUT.PRESREF", "suppress_when": "LZ.HL.P02.ST != 2"},
        {"id": "LZ.HL.P01.FLOW.DEV", "count": "-", "count_s": "-", "first_out": "-", "shelve_max_s": "-"},
        {"id": "LZ.HL.P01.FLOW.ROC", "first_out": "-"},
        {"id": "LZ.HL.P02.FLOW.DEV", "limit": 40},
        {"id": "LZ.HL.P02.FLOW.ROC", "action": "Look", "basis": "Test run", "change": "MOC-7", "respond_s": 60},
        {"id": "LZ.HL.P02.FLOW.FROZEN", "enabled": "no"},
        {"id": "LZ.OUT.PRES.ROC", "limit": 0.05, "rate_s": 10, "class": "process"},
        {"id": "LZ.OUT.PRES.FROZEN", "frozen_s": 300},
        {"id": "plc.COMM", "priority": 1, "on_delay_s": 5},
    ))  # fmt: skip
    alarms = after.alarms
    high = alarms["LZ.HL.P01.FLOW.H"]
    old = before.alarms["LZ.HL.P01.FLOW.H"]
    text = LocalText("Flow of pump 1 too high", old.text.zh)
    assert high == replace(old, limit=900.0, deadband=10.0, priority=Priority.CRITICAL, text=text)
    assert after.tags["LZ.HL.P01.FLOW"].limits.high == 900.0
    bound = alarms["LZ.HL.P02.FLOW.H"]
    assert (bound.limit, bound.limit_tag) == (None, "LZ.OUT.PRESREF")
    assert after.tags["LZ.HL.P02.FLOW"].limits.high is None
    cleared = alarms["LZ.HL.P01.FLOW.DEV"]
    assert (cleared.count, cleared.first_out, cleared.shelve_max_s, cleared.latched) == (1, "", None, True)
    fixed = alarms["LZ.HL.P02.FLOW.DEV"]
    assert (fixed.limit, fixed.limit_tag) == (40.0, "")
    known = before.alarms["LZ.HL.P02.FLOW.ROC"].guidance
    said = replace(known, action=LocalText("Look"), basis=LocalText("Test run"), change="MOC-7", respond_s=60)
    assert alarms["LZ.HL.P02.FLOW.ROC"].guidance == said
    assert "LZ.HL.P02.FLOW.FROZEN" not in alarms
    rate = alarms["LZ.OUT.PRES.ROC"]
    assert (rate.area, rate.connection, rate.text.en) == ("HL", "plc", "Delivery pressure changes fast")
    assert (alarms["plc.COMM"].priority, alarms["plc.COMM"].on_delay_s) == (Priority.CRITICAL, 5.0)
    lines = diff_plants(before, after).lines()
    assert "alarms: + LZ.OUT.PRES.FROZEN" in lines
    assert "alarms: - LZ.HL.P02.FLOW.FROZEN" in lines
    assert "alarms: LZ.HL.P01.FLOW.H: limit: 950.0 -> 900.0" in lines


MISTAKES: list[tuple[dict[str, object], str, str]] = [
    ({"id": "LZ.HL.P01.FLOW.HI"}, "id", "did you mean 'LZ.HL.P01.FLOW.H'?"),
    ({"id": "NW.Q7", "limit": 5}, "id", "expected <tag>.<kind>"),
    ({"id": "LZ.OUT.PRES.DISCRETE", "states": 1}, "kind", "data type float has no states; allowed: HH, H"),
    ({"id": "LZ.T1.HATCH.H", "limit": 1}, "kind", "has no limits; allowed: DISCRETE, DISCREP, BAD"),
    ({"id": "LZ.T1.HATCH.DISCRETE", "deadband": "5%"}, "deadband", "no range to take 5 % of"),
    ({"id": "LZ.OUT.PRES.ROC"}, "limit", "is missing; a ROC alarm needs a number, allowed instead: limit_tag"),
    ({"id": "LZ.OUT.PRES.DEV", "limit": 1}, "reference", "requires the tag that it deviates from"),
    ({"id": "LZ.OUT.PRES.H", "limit_tag": "LZ.OUT.PRESREV"}, "limit_tag", "did you mean 'LZ.OUT.PRESREF'?"),
    ({"id": "LZ.OUT.PRES.L", "limit_tag": "LZ.T1.HATCH"}, "limit_tag", "is bool, not a number; allowed"),
    ({"id": "LZ.OUT.PRES.LL", "limit_tag": "LZ.OUT.PRES"}, "limit_tag", "tag of the alarm itself; allowed"),
    ({"id": "LZ.OUT.PRES.HH", "limit": 0.5, "limit_tag": "LZ.OUT.PRESREF"}, "limit_tag", "allowed: a number or a tag"),
    ({"id": "LZ.OUT.PRES.BAD", "limit": 3}, "limit", "a BAD alarm has no limit; allowed: with HH, H"),
    ({"id": "LZ.OUT.PRESREF.ROC", "limit": 0.1, "deadband": 0.2}, "deadband", "would never end; allowed"),
    ({"id": "LZ.OUT.PRESREF.FROZEN"}, "frozen_s", "such as 600"),
    ({"id": "LZ.HL.P01.FLOW.H", "count": 3}, "count_s", "count 3 requires the seconds"),
    ({"id": "LZ.HL.P02.FLOW.H", "count_s": 30}, "count", "allowed: 2 to 100"),
    ({"id": "LZ.HL.P01.FLOW.DEV", "shelve_max_s": 1800, "priority": 1}, "shelve_max_s", "0 (never shelved) to 900"),
    ({"id": "LZ.HL.P02.FLOW.DEV", "shelve_max_s": 86400}, "shelve_max_s", "out of range; allowed: 0 to 28800"),
    ({"id": "LZ.HL.P02.FLOW.ROC", "first_out": "P02-trips"}, "first_out", "did you mean 'LZ.HL.P02-trip'?"),
    ({"id": "LZ.HL.P01.ST.DISCREP", "expected": "1=3"}, "expected", "state 3 is unknown; allowed: 0, 2, 4"),
    ({"id": "LZ.HL.P02.ST.DISCREP", "class": "machine"}, "class", "allowed: safety, environmental"),
    ({"id": "LZ.HL.P01.ST.DISCRETE", "display": "over"}, "display", "did you mean 'overview'?"),
    ({"id": "LZ.HL.P02.ST.DISCRETE", "suppress_when": "LZ.HL.P03.ST == 1"}, "suppress_when", "did you mean"),
    ({"id": "LZ.HL.P01.FLOW.ROC", "escalate_s": 5}, "escalate_s", "5 s is too often; allowed: 60 or more"),
    ({"id": "LZ.HL.P01.FLOW.FROZEN", "deadband": "a lot"}, "deadband", "allowed: engineering units such as 0.5"),
    ({"id": "LZ.HL.P02.FLOW.FROZEN", "rate_s": 5}, "rate_s", "a FROZEN alarm has no rate_s; allowed: with ROC"),
]  # fmt: skip


def test_every_mistake_is_named_at_its_cell_and_no_other_beside_it(tmp_path: Path) -> None:
    folder = write(tmp_path, types__pump_toml=TYPE, alarms_csv=rows(*(row for row, *_ in MISTAKES)))
    plant, problems = check_project(folder)
    assert plant is None
    found = {(each.line, each.field): each.message for each in problems if each.file == "alarms.csv"}
    for at, (row, field, words) in enumerate(MISTAKES, start=2):
        assert words in found.pop((at, field), ""), (row, field, [each for each in problems if each.line == at])
    assert found == {}
    elsewhere = [each for each in problems if each.file != "alarms.csv"]
    assert [(each.file, each.field) for each in elsewhere] == [("equipment.csv", "parameters")]  # its group lost one
    assert len({each.message for each in problems}) == len(problems)


def test_a_changed_table_is_read_though_the_project_was_kept(tmp_path: Path) -> None:
    folder = write(tmp_path)
    for limit in (0.47, 0.48):
        (folder / "alarms.csv").write_text(rows({"id": "LZ.OUT.PRES.H", "limit": limit}))
        assert load_plant(folder).alarms["LZ.OUT.PRES.H"].limit == limit


def test_limits_stay_in_order_with_those_of_the_tag(tmp_path: Path) -> None:
    folder = write(tmp_path, alarms_csv=rows({"id": "LZ.OUT.PRES.H", "limit": 0.6}, {"id": "LZ.OUT.PRES.H"}))
    _, problems = check_project(folder)
    assert [(each.line, each.field) for each in problems] == [(2, "limit"), (3, "id")]
    assert "HH 0.5 is not above H 0.6; allowed: LL < L < H < HH" in problems[0].message
    assert "stands already in alarms.csv:2" in problems[1].message


def test_mistakes_in_a_type_are_told_once_with_the_type(tmp_path: Path) -> None:
    wrong = edit(
        TYPE,
        ('reference = "{name}.SPDREF"', 'reference = "{name}.SPEED"'),
        ("rate_s = 30", "rate_s = 30000"),
        ('kind = "FROZEN"\nfrozen_s = 600', 'kind = "FROZEN"\nlimit = 5'),
        ("count_s = 600\n", ""),
        ("expected = { 1 = [2], 2 = [0, 4] }", "expected = { 1 = [7] }"),
    )
    _, problems = check_project(write(tmp_path, types__pump_toml=wrong))
    assert {each.file for each in problems} == {"types/pump.toml"}
    fields = sorted(each.field.removeprefix("members.").replace("alarms.", "") for each in problems)
    assert fields == ["FLOW.count_s", "FLOW.frozen_s", "FLOW.limit", "FLOW.rate_s", "FLOW.reference", "ST.expected"]


@pytest.mark.parametrize("text", ["-1", "nan", "120%", "2 % of it", "", "1e999"])
def test_a_dead_band_is_an_amount_or_a_share(text: str) -> None:
    assert (parse_deadband("0.5"), parse_deadband("2.50 %"), parse_deadband(3)) == (0.5, Share(2.5), 3.0)
    assert Share(3.0).of(0.0, 0.8) == 0.024
    with pytest.raises(ValueError, match=r"allowed: engineering units such as 0\.5"):
        parse_deadband(text)


@pytest.mark.parametrize("text", ["1", "1=", "a=2", "1=2;1=3", "1=x"])
def test_states_by_command(text: str) -> None:
    assert parse_expected("1=1 2; 2=0") == ((1, (1, 2)), (2, (0,)))
    with pytest.raises(ValueError, match=r"expected command=states|stands twice"):
        parse_expected(text)


def test_rows_are_saved_with_their_columns(tmp_path: Path) -> None:
    save_alarms(tmp_path, [{"id": "T.H", "limit": "5", "class": "process"}])
    assert read_rows(tmp_path / "alarms.csv") == (
        ["id", "limit", "class"], [{"id": "T.H", "limit": "5", "class": "process"}],
    )  # fmt: skip
