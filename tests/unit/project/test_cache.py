import os
from pathlib import Path

import pytest

from app.model.errors import ProjectError
from app.project import cache, load_plant
from tests.unit.project.sample import EQUIPMENT, PLANT, edit, write

SHIPPED = Path(__file__).parents[3] / "resources" / "projects" / "lingzhuang"


def kept(folder: Path) -> object:
    return cache.load(folder, cache.fingerprint(folder))


@pytest.mark.parametrize("shipped", [False, True])
def test_what_is_kept_is_what_was_read(tmp_path: Path, shipped: bool) -> None:
    folder = SHIPPED if shipped else write(tmp_path)
    plant = load_plant(folder)
    again = load_plant(folder)
    assert kept(folder) == plant == again == load_plant(folder, use_cache=False)
    assert repr(again) == repr(plant), "types are the same too"


def test_any_change_is_read_anew(tmp_path: Path) -> None:
    folder = write(tmp_path)
    load_plant(folder)
    write(tmp_path, equipment_csv=edit(EQUIPMENT, ("LZ.HL.P02", "LZ.HL.P03")))
    assert kept(folder) is None
    assert "LZ.HL.P03.ST" in load_plant(folder).tags
    (folder / "displays" / "new.svg").write_text("<svg/>")
    assert "new" in load_plant(folder).displays
    (folder / "displays" / "new.svg").unlink()
    assert "new" not in load_plant(folder).displays
    write(tmp_path, plant_toml=edit(PLANT, ("Asia/Shanghai", "Asia/Nowhere")))
    with pytest.raises(ProjectError):
        load_plant(folder)


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"key": 1}'])
def test_a_damaged_cache_is_none(tmp_path: Path, state: Path, content: str) -> None:
    folder = write(tmp_path)
    plant = load_plant(folder)
    (file,) = (state / "cache").iterdir()
    file.write_text(content)
    assert kept(folder) is None
    assert load_plant(folder) == plant
    damaged = file.read_text(encoding="utf-8").replace('"data_type":"float"', '"data_type":"flaot"', 1)
    file.write_text(damaged, encoding="utf-8")
    assert kept(folder) is None


def test_a_state_folder_may_be_read_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("HAIHE_STATE", os.fspath(tmp_path / "file"))
    assert load_plant(write(tmp_path / "project")).id == "small"
