"""Rules of sensors in tags.csv and in types."""

from pathlib import Path

import pytest

from app.project import check_project, load_plant
from tests.unit.project.sample import TAGS, write


def _tags(column: str, cell: str, tag: str) -> str:
    header, *rows = TAGS.splitlines()
    return "\n".join(
        [f"{header},{column}", *(f"{row},{cell if row.startswith(f'{tag},') else ''}" for row in rows), ""]
    )


@pytest.mark.parametrize(("column", "value"), [("frozen_s", 600.0), ("valid_low", -0.1), ("valid_high", 0.9)])
def test_a_tag_has_the_rules_of_its_row(tmp_path: Path, column: str, value: float) -> None:
    folder = write(tmp_path, tags_csv=_tags(column, str(value), "LZ.OUT.PRES"))
    assert getattr(load_plant(folder).tags["LZ.OUT.PRES"], column) == value


@pytest.mark.parametrize(
    ("column", "cell", "message"),
    [
        ("valid_low", "0.1", "0.1 is above low 0; allowed: low of the tag, or less"),
        ("valid_high", "0.7", "0.7 is below high 0.8; allowed: high of the tag, or more"),
        ("frozen_s", "-1", ""),
    ],
)
def test_wrong_rules_are_reported_with_what_is_allowed(tmp_path: Path, column: str, cell: str, message: str) -> None:
    _, (problem,) = check_project(write(tmp_path, tags_csv=_tags(column, cell, "LZ.OUT.PRES")))
    assert (problem.file, problem.field) == ("tags.csv", column)
    assert message in problem.message


@pytest.mark.parametrize("key", ["frozen_s", "valid_low", "valid_high"])
def test_a_state_has_no_rules_of_a_sensor(tmp_path: Path, key: str) -> None:
    folder = write(tmp_path)
    path = next((folder / "types").glob("*.toml"))
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('data_type = "enum"', f'data_type = "enum"\n{key} = 5', 1), encoding="utf-8")
    _, (problem,) = check_project(folder)
    assert problem.field.endswith(key)
    assert f"data type enum has no {key}" in problem.message
