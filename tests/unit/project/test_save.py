import os
import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.model.errors import ProjectError
from app.project import load_plant, save
from app.project.csvfile import read_table
from app.project.place import Problems
from app.project.schema import TagRow, columns, required
from tests.unit.project.sample import PLANT, TAGS, write

cells = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=20).map(str.strip)
names = st.integers(0, 9999).map("LZ.T{}".format)
rows = st.lists(
    st.fixed_dictionaries(
        {"name": names, "data_type": st.just("float")},
        optional={key: cells.filter(bool) for key in ("description", "description_zh", "unit", "address", "HH")},
    ),
    max_size=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(rows)
def test_a_table_saved_is_read_back_the_same(tmp_path: Path, wanted: list[dict[str, str]]) -> None:
    (tmp_path / "tags.csv").unlink(missing_ok=True)
    save.save_tags(tmp_path, wanted)
    problems = Problems()
    table = read_table(tmp_path / "tags.csv", tmp_path, problems, columns(TagRow), required(TagRow))
    assert problems.found == []
    assert table is not None
    assert [cells for _, cells in table.rows] == wanted
    assert save.read_rows(tmp_path / "tags.csv")[0][:2] == ["name", "data_type"] or wanted


def test_rows_of_a_project_survive_a_save(tmp_path: Path) -> None:
    folder = write(tmp_path)
    before = load_plant(folder)
    header, found = save.read_rows(folder / "tags.csv")
    save.save_tags(folder, found)
    assert (folder / "tags.csv").read_text(encoding="utf-8").splitlines()[0] == TAGS.splitlines()[0]
    found[0]["scale"] = "0.5"
    save.save_tags(folder, found)
    assert save.read_rows(folder / "tags.csv")[0] == [*header, "scale"]
    after = load_plant(folder)
    assert after.tags["LZ.OUT.PRES"].scale == 0.5
    assert {k: v for k, v in after.tags.items() if k != "LZ.OUT.PRES"} == {
        k: v for k, v in before.tags.items() if k != "LZ.OUT.PRES"
    }


def test_comments_of_plant_toml_are_kept(tmp_path: Path) -> None:
    text = PLANT.replace('[[connection]]\nid = "plc"', '# the old PLC\n[[connection]]\nid = "plc" # by the door')
    folder = write(tmp_path, plant_toml=text)
    data = tomllib.loads(text)
    data["connection"][0]["endpoint"] = "10.0.0.1:502"
    save.save_plant_file(folder, {"plant": {"title": "Renamed"}, "connection": data["connection"]})
    saved = (folder / "plant.toml").read_text(encoding="utf-8")
    assert "# the old PLC" in saved
    assert "# by the door" in saved
    plant = load_plant(folder)
    assert plant.title.en == "Renamed"
    assert plant.connections["plc"].endpoint == "10.0.0.1:502"
    assert saved.count("\n") == text.count("\n")


def test_a_connection_can_be_added_and_an_area_removed(tmp_path: Path) -> None:
    folder = write(tmp_path)
    data = tomllib.loads(PLANT)
    new = {"id": "new", "protocol": "modbus-tcp", "endpoint": "h:1", "title": "New", "options": {"timeout_s": 2}}
    save.save_plant_file(
        folder, {"connection": [*data["connection"], new], "area": [], "plant": {"home_display": None}}
    )
    saved = tomllib.loads((folder / "plant.toml").read_text(encoding="utf-8"))
    assert saved["connection"] == [*data["connection"], new]
    assert "home_display" not in saved["plant"]
    assert saved.get("area", []) == []


def test_a_save_that_fails_leaves_the_old_file_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write(tmp_path)
    before = sorted(path.name for path in folder.iterdir())

    def broken(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(ProjectError, match="No space left"):
        save.save_tags(folder, [{"name": "A", "data_type": "float"}])
    assert (folder / "tags.csv").read_text(encoding="utf-8") == TAGS
    assert sorted(path.name for path in folder.iterdir()) == before
