"""Whatever is in the files, checking ends with messages and never with an exception."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.project import check_project, load_plant
from app.project.place import Problems
from app.project.template import Template, TemplateError
from app.project.tomlfile import read_toml
from tests.unit.project.sample import FILES, write

SHIPPED = Path(__file__).parents[3] / "resources" / "projects" / "lingzhuang"


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_mangled_file_is_never_a_crash(tmp_path: Path, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(list(FILES)))
    text = FILES[name]
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 30)))
    pieces = [
        "",
        "{}",
        "[",
        "'",
        '"',
        "= 5",
        "-1",
        "1e999",
        "nan",
        "{base*2}",
        "x",
        ",",
        "\x00",
        "[[area]]\n",
        "true",
        "[]",
    ]
    text = text[:start] + data.draw(st.sampled_from(pieces)) + text[end:]
    plant, problems = check_project(write(tmp_path, **{name.replace("/", "__").replace(".", "_", 1): text}))
    assert plant is not None or problems
    lines = {key: value.count("\n") + 2 for key, value in {**FILES, name: text}.items()}
    for problem in problems:
        assert problem.line is None or 1 <= problem.line <= lines[problem.file], problem


def test_the_shipped_project_is_right() -> None:
    plant, problems = check_project(SHIPPED)
    assert problems == []
    assert plant is not None
    assert len(plant.tags) >= 250
    assert load_plant(SHIPPED) == plant
    assert all(tag.description.zh and tag.description.en for tag in plant.tags.values())
    assert all(alarm.text.zh and alarm.text.en for alarm in plant.alarms.values())


def test_lines_of_keys_in_toml(tmp_path: Path) -> None:
    text = """\
a = 1
[t]
"b c" = \"\"\"
x = 5
[no]
\"\"\"
d.e = [ # ] comment
  1, "]",
  { k = 2 },
]
[[list]]
x = 1
[list.sub]
y = 2
[[list]]
x = '''
[[list]]'''
[[list.deep]]
z = 3
"""
    (tmp_path / "f.toml").write_text(text)
    file = read_toml(tmp_path / "f.toml", tmp_path, Problems())
    assert file is not None
    paths = {
        ("a",): 1, ("t",): 2, ("t", "b c"): 3, ("t", "d", "e"): 7, ("t", "d", "e", 2, "k"): 7, ("list", 0): 11,
        ("list", 0, "x"): 12, ("list", 0, "sub", "y"): 14, ("list", 1, "x"): 16, ("list", 1, "deep", 0, "z"): 19,
    }  # fmt: skip
    assert {path: file.line(path) for path in paths} == paths


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("plain", "plain"), ("ir{base+4}", "ir104"), ("ir{base-4}.{ base }", "ir96.100"), ("{name}.X", "LZ.P1.X"),
        ("{{base}}", "{base}"), ("", ""),
    ],
)  # fmt: skip
def test_templates(text: str, filled: str) -> None:
    assert Template.parse(text).fill({"base": "100", "name": "LZ.P1"}) == filled


@pytest.mark.parametrize("text", ["{", "}", "{a*2}", "{}", "{1}", "{a.b}", "{a+}", "{a!r}", "{a+b}"])
def test_other_braces_are_refused(text: str) -> None:
    with pytest.raises(TemplateError, match="allowed"):
        Template.parse(text)


def test_a_shift_needs_a_whole_number() -> None:
    with pytest.raises(TemplateError, match="whole number"):
        Template.parse("{name+1}").fill({"name": "LZ"})
