"""``haihe reload`` on real processes: a change is applied, one with mistakes or for a restart is refused in words."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.harness import Site, until

pytestmark = pytest.mark.system


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    try:
        made.start_engine()
        yield made
    finally:
        made.close()


def test_a_changed_project_is_taken_or_refused_while_the_engine_runs(site: Site) -> None:
    assert site.cli("reload").stdout == "nothing has changed\n"
    before = site.connections()
    tags = site.project / "tags.csv"
    known = tags.read_text(encoding="utf-8")
    header, first, *others = known.splitlines(keepends=True)
    cells = dict(zip(header.rstrip("\n").split(","), first.rstrip("\n").split(","), strict=True))
    name, connection = cells["name"], cells["connection"]

    def write(*lines: dict[str, str]) -> None:
        rows = [",".join(line.values()) + "\n" for line in lines]
        tags.write_text(header + "".join(rows) + "".join(others), encoding="utf-8")

    write({**cells, "scan_ms": "700"})
    report = json.loads(site.cli("reload", "--json").stdout)
    assert report == {"changes": [f"tags: {name}: scan_ms: 1000 -> 700"], "connections": [connection]}
    after = site.connections()
    touched = {each for each in after if after[each]["since_ns"] != before[each]["since_ns"]}
    assert touched == {connection}
    until(lambda: site.connections()[connection]["state"] == "connected", 20, "connected again")

    write({**cells, "connection": "nowhere"})
    refused = site.cli("reload", status=1).stderr
    assert "tags.csv" in refused
    assert "nowhere" in refused
    write({**cells, "scan_ms": "700"})
    plant = site.project / "plant.toml"
    document = plant.read_text(encoding="utf-8")
    plant.write_text(document.replace("[history]\n", "[history]\nspool_mib = 100\n"), encoding="utf-8")
    refused = site.cli("reload", status=1).stderr
    assert "must be restarted for this change, nothing was applied: another spool_mib of [history]" in refused
    plant.write_text(document, encoding="utf-8")
    assert site.cli("reload").stdout == "nothing has changed\n"
    assert site.engine is not None
    assert site.json("status")["pid"] == site.engine.process.pid
