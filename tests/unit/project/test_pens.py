"""Pens of trend groups: checked with the project, and the same after saving and reading."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.model.errors import ProjectError
from app.model.pen import CURVE_COLORS, WIDTHS, PenAxis, PenLine, PenSetting, is_scale
from app.model.plant import MAX_GROUP_SPAN_S, MIN_GROUP_SPAN_S, TrendGroup
from app.model.text import LocalText
from app.project import check_project, load_plant
from app.project.trendfile import read_groups, save_group
from tests.unit.project.sample import TREND, write

TAGS = ("LZ.OUT.PRES", "LZ.HL.P01.FLOW")
numbers = st.floats(-1e12, 1e12)
scales = st.one_of(st.just((None, None)), st.tuples(numbers, numbers).filter(lambda both: is_scale(*both)))


@st.composite
def groups(draw: st.DrawFn) -> TrendGroup:
    colors = draw(st.lists(st.sampled_from(("", *CURVE_COLORS)), min_size=2, max_size=2))
    if colors[0] == colors[1]:
        colors[1] = ""
    pens = []
    for tag, color in zip(TAGS, colors, strict=True):
        low, high = draw(scales)
        pen = PenSetting(
            tag, color, draw(st.sampled_from(PenLine)), draw(st.sampled_from(WIDTHS)), draw(st.sampled_from(PenAxis)),
            low, high, draw(st.booleans()),
        )  # fmt: skip
        if pen != PenSetting(tag):
            pens.append(pen)
    return TrendGroup(
        "delivery", LocalText("Delivery", "出厂"), TAGS, draw(st.integers(MIN_GROUP_SPAN_S, MAX_GROUP_SPAN_S)),
        draw(st.booleans()), draw(st.booleans()), tuple(pens),
    )  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(st.lists(groups(), min_size=1, max_size=2))
def test_a_group_saved_over_another_is_read_back_the_same(tmp_path: Path, each: list[TrendGroup]) -> None:
    folder = write(tmp_path)
    for group in each:
        save_group(folder / "trends", group)
        assert read_groups(folder / "trends") == {"delivery": group}
        plant, problems = check_project(folder)
        assert problems == []
        assert plant is not None
        assert plant.trends["delivery"] == group


def test_the_kept_project_has_the_pens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAIHE_STATE", str(tmp_path / "state"))
    pen = PenSetting(TAGS[0], "curve5", PenLine.DOT, 2, PenAxis.OWN, 0.0, 1.0, False)
    folder = write(tmp_path / "plant", trends__delivery_toml=TREND)
    save_group(folder / "trends", TrendGroup("delivery", LocalText("Delivery"), TAGS, pens=(pen,)))
    assert load_plant(folder).trends["delivery"].pens == (pen,)
    assert load_plant(folder).trends["delivery"].pens == (pen,)


def test_comments_of_a_pen_stay(tmp_path: Path) -> None:
    path = tmp_path / "delivery.toml"
    path.write_text(f'{TREND}\n[pens."LZ.OUT.PRES"]\n# the one to watch\nwidth = 2\nline = "dot"\n', encoding="utf-8")
    group = TrendGroup("delivery", LocalText("Delivery"), TAGS, pens=(PenSetting(TAGS[0], width=3),))
    save_group(tmp_path, group)
    text = path.read_text(encoding="utf-8")
    assert "# the one to watch\nwidth = 3" in text
    assert "dot" not in text


@pytest.mark.parametrize(
    ("table", "field", "said"),
    [
        ('[pens."LZ.OUT.PRES"]\ncolor = "curv3"\n', "color", "did you mean 'curve"),
        ('[pens."LZ.OUT.PRES"]\ncolor = "#ff0000"\n', "color", "curve1 to curve16"),
        ('[pens."LZ.OUT.PRES"]\nline = "dashed"\n', "line", "solid, dash, dot"),
        ('[pens."LZ.OUT.PRES"]\nwidth = 9\n', "width", "3"),
        ('[pens."LZ.OUT.PRES"]\nlow = -1e308\nhigh = 1e308\n', "low", "too far apart"),
        ('[pens."LZ.OUT.PRES"]\nstyle = "dash"\n', "style", "unknown"),
        ('[pens."LZ.OUT.PRES"]\nlow = 3\n', "low", "both low and high"),
        ('[pens."LZ.OUT.PRES"]\nlow = 3\nhigh = 3.0\n', "low", "not below"),
        ('[pens."LZ.OUT.PRESS"]\nwidth = 2\n', "pens.LZ.OUT.PRESS", "did you mean 'LZ.OUT.PRES'"),
        ('[pens]\n"LZ.OUT.PRES".color = "curve2"\n"LZ.HL.P01.FLOW".color = "curve2"\n', "color", "each colour once"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_pen_is_named(tmp_path: Path, table: str, field: str, said: str) -> None:
    folder = write(tmp_path, trends__delivery_toml=TREND + table)
    _, problems = check_project(folder)
    assert len(problems) == 1, problems
    assert problems[0].file == "trends/delivery.toml"
    assert problems[0].field.endswith(field)
    assert said in problems[0].message
    assert problems[0].line is not None
    assert problems[0].line > TREND.count("\n")


def test_a_desk_s_file_with_a_wrong_pen_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(f'{TREND}\n[pens."LZ.OUT.PRES"]\nwidth = 12\n', encoding="utf-8")
    (tmp_path / "b.toml").write_text(f"{TREND}\npens = 3\n", encoding="utf-8")
    (tmp_path / "c.toml").write_text(TREND, encoding="utf-8")
    assert list(read_groups(tmp_path)) == ["c"]


@pytest.mark.parametrize(
    ("group", "said"),
    [
        (TrendGroup("g", LocalText("T" * 501), TAGS), "500"),
        (TrendGroup("g", LocalText("Long"), TAGS, MAX_GROUP_SPAN_S + 1), "span_s"),
        (TrendGroup("g", LocalText("Twice"), TAGS, pens=tuple(PenSetting(tag, "curve2") for tag in TAGS[:2])), "color"),
        (TrendGroup("g", LocalText("Many"), tuple(f"T{n}" for n in range(17))), "tags"),
    ],
)
def test_what_no_project_could_be_loaded_with_is_not_saved(tmp_path: Path, group: TrendGroup, said: str) -> None:
    save_group(tmp_path, TrendGroup("g", LocalText("Before"), TAGS))
    before = (tmp_path / "g.toml").read_bytes()
    with pytest.raises(ProjectError, match=said):
        save_group(tmp_path, group)
    assert (tmp_path / "g.toml").read_bytes() == before


def test_a_file_with_the_mark_of_an_editor_is_a_group_too(tmp_path: Path) -> None:
    (tmp_path / "delivery.toml").write_text(TREND, encoding="utf-8-sig")
    [group] = read_groups(tmp_path).values()
    save_group(tmp_path, group)
    assert read_groups(tmp_path) == {"delivery": group}
