"""What a project says about history and journal: dead-bands, disk, age limits."""

from pathlib import Path

import pytest

from app.model.plant import HistorySettings, JournalSettings
from app.project import check_project, load_plant
from tests.unit.project.sample import PLANT, TAGS, write


def with_deadband(data_type: str) -> str:
    header, *rows = TAGS.splitlines()
    columns = header.split(",")
    cells = [{"name": "LZ.NEW", "data_type": data_type}.get(column, "") for column in columns]
    return "\n".join([f"{header},history_deadband", *(f"{row}," for row in rows), ",".join([*cells, "0.5"]), ""])


def test_dead_band_and_disk_come_from_the_project(tmp_path: Path) -> None:
    folder = write(tmp_path, plant_toml=PLANT + "\n[history]\nspool_mib = 64\n", tags_csv=with_deadband("float"))
    plant = load_plant(folder)
    assert plant.tags["LZ.NEW"].deadband == 0.5
    assert plant.history == load_plant(folder).history == HistorySettings(64)


@pytest.mark.parametrize("setting", ["spool_mib = 1", "spool_mib = 'x'", "spool = 64"])
def test_a_wrong_setting_is_named(tmp_path: Path, setting: str) -> None:
    folder = write(tmp_path, plant_toml=PLANT + f"\n[history]\n{setting}\n")
    _, problems = check_project(folder)
    assert [(each.file, each.field) for each in problems] == [("plant.toml", f"history.{setting.split()[0]}")]


def test_the_journal_is_kept_for_ever_unless_the_project_says_how_long(tmp_path: Path) -> None:
    assert load_plant(write(tmp_path / "a")).journal == JournalSettings(0)
    folder = write(tmp_path / "b", plant_toml=PLANT + "\n[journal]\nkeep_days = 1826\n")
    assert load_plant(folder).journal == load_plant(folder).journal == JournalSettings(1826)


@pytest.mark.parametrize("setting", ["keep_days = -1", "keep_days = 40000", "days = 3"])
def test_a_wrong_age_limit_of_the_journal_is_named(tmp_path: Path, setting: str) -> None:
    _, problems = check_project(write(tmp_path, plant_toml=PLANT + f"\n[journal]\n{setting}\n"))
    assert [(each.file, each.field) for each in problems] == [("plant.toml", f"journal.{setting.split()[0]}")]


def test_only_numbers_have_a_dead_band(tmp_path: Path) -> None:
    _, problems = check_project(write(tmp_path, tags_csv=with_deadband("bool")))
    assert [(each.file, each.field) for each in problems] == [("tags.csv", "history_deadband")]
