from dataclasses import replace
from pathlib import Path

from app.project import load_plant
from app.project.diff import diff_plants
from tests.unit.project.sample import EQUIPMENT, PLANT, TAGS, edit, write


def test_the_same_project_in_another_folder_has_no_difference(tmp_path: Path) -> None:
    old, new = load_plant(write(tmp_path / "a")), load_plant(write(tmp_path / "b"))
    assert not diff_plants(old, new)
    assert diff_plants(old, new).lines() == []


def test_what_was_added_removed_and_changed(tmp_path: Path) -> None:
    old = load_plant(write(tmp_path / "a"))
    changed = write(
        tmp_path / "b",
        plant_toml=edit(PLANT, ("127.0.0.1:502", "127.0.0.2:502"), ('title = "Small works"', 'title = "Works"')),
        tags_csv=edit(TAGS, ("0.46,0.5,LL:1 HH:1 BAD:4", "0.46,,LL:1 BAD:4")),
        equipment_csv=edit(EQUIPMENT, ("LZ.HL.P02", "LZ.HL.P03")),
    )
    diff = diff_plants(old, load_plant(changed))
    assert set(diff.plant) == {"title"}
    assert [change.name for change in diff.of("connections").changed] == ["plc"]
    assert diff.of("connections").changed[0].fields["endpoint"] == ("127.0.0.1:502", "127.0.0.2:502")
    assert "LZ.HL.P03.ST" in diff.of("tags").added
    assert "LZ.HL.P02.ST" in diff.of("tags").removed
    assert "LZ.OUT.PRES.HH" in diff.of("alarms").removed
    assert [change.name for change in diff.of("tags").changed] == ["LZ.OUT.PRES"]
    assert "LZ.HL.P03.START" in diff.of("commands").added
    assert "displays" not in diff.parts
    assert "connections: plc: endpoint: 127.0.0.1:502 -> 127.0.0.2:502" in diff.lines()


def test_tags_in_another_order_are_a_difference(tmp_path: Path) -> None:
    old = load_plant(write(tmp_path / "a"))
    moved = replace(old, tags=dict(reversed(list(old.tags.items()))))
    assert diff_plants(old, moved)
    assert diff_plants(old, moved).lines() == ["tags: in another order"]
    fewer = replace(old, tags=dict(list(old.tags.items())[1:]))
    assert diff_plants(old, fewer).lines() == [f"tags: - {next(iter(old.tags))}"]
