"""``haihe reload`` with other tags on real processes: what a console shows stays right, a kill leaves a whole store."""

import csv
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

import pytest
from pytestqt.qtbot import QtBot

from app.model import status as st
from app.model.clock import SystemClock
from app.model.sample import Sample
from app.project import load_plant
from app.trend import StoreReader
from tests.system.harness import HAIHE, ROOT, Site, until
from widgets.live import TagHub
from widgets.live.subscription import Batch

pytestmark = [pytest.mark.system, pytest.mark.gui]

WATCHED: Final = {  # the range in which each stays, and no other does
    "LZ.RW.INT.LVL": (0.5, 8.5),
    "LZ.RW.INT.FLOW": (5_000.0, 20_000.0),
    "LZ.RW.INT.TEMP": (9.0, 40.0),
    "LZ.UF.PERM.FLOW": (100.0, 20_000.0),
}
GONE, RETYPED, NEW = "LZ.A.GONE", "LZ.B.KIND", "LZ.C.NEW"


class Tags:
    """The tags.csv of a site."""

    def __init__(self, site: Site) -> None:
        self.file = site.project / "tags.csv"
        with self.file.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            self.rows = {row["name"]: row for row in reader}
            self.columns = list(reader.fieldnames or ())

    def copy(self, name: str, of: str, **cells: str) -> dict[str, str]:
        """Return a tag beside another one, without its alarms."""
        kept = ("area", "data_type", "connection", "address", "low", "high", "decimals", "scale")
        return dict.fromkeys(self.columns, "") | {key: self.rows[of][key] for key in kept} | {"name": name} | cells

    def write(self, *rows: dict[str, str]) -> None:
        with self.file.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, self.columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    try:
        yield made
    finally:
        made.close()


class Watching:
    """Follows tags by the hub of a console opened before the change; none of its values may be another tag's."""

    def __init__(self, site: Site) -> None:
        self.hub = TagHub(load_plant(site.project), lambda: StoreReader(site.store), SystemClock())
        self.seen: dict[str, list[Sample]] = {name: [] for name in (*WATCHED, GONE, RETYPED, NEW)}
        self.hub.subscribe(self.seen, self._take)
        self.hub.start()

    def _take(self, batch: Batch) -> None:
        for name, sample in batch.items():
            self.seen[name].append(sample)
            if name in WATCHED and sample.value is not None:
                low, high = WATCHED[name]
                assert isinstance(sample.value, float)
                assert low <= sample.value <= high, f"{name}: {sample}"

    def last(self, name: str) -> Sample | None:
        return self.seen[name][-1] if self.seen[name] else None

    def good(self, *names: str) -> bool:
        return all((last := self.last(name)) is not None and last.is_good for name in names)


def test_a_console_shows_the_right_values_over_a_change_of_tags(qtbot: QtBot, site: Site) -> None:
    tags = Tags(site)
    gone = tags.copy(GONE, "LZ.RW.INT.LVL")
    kind = tags.copy(RETYPED, "LZ.RW.INT.TURB")
    first, *others = tags.rows.values()
    tags.write(gone, first, kind, *others)
    site.start_engine()
    before = site.connections()
    watching = Watching(site)
    try:
        qtbot.waitUntil(lambda: watching.good(*WATCHED, GONE, RETYPED), timeout=20_000)
        began = {name: len(seen) for name, seen in watching.seen.items()}
        with StoreReader(site.store) as reader:
            oldest = {name: reader.coverage(reader.slot(name)).from_ns for name in WATCHED}

        new = tags.copy(NEW, "LZ.RW.INT.TEMP", scan_ms="500")
        kind = {**kind, "data_type": "int", "address": "1/ir0:int16", "scale": ""}
        tags.write(new, first, *others[:20], kind, *others[20:])
        document = (site.project / "plant.toml").read_text(encoding="utf-8")
        assert document.count("levels = [4096, ") == 1
        (site.project / "plant.toml").write_text(document.replace("[4096, ", "[2048, "), encoding="utf-8")
        report = site.json("reload")
        assert report["connections"] == ["intake"]
        assert {f"tags: + {NEW}", f"tags: - {GONE}", "tags: in another order"} <= set(report["changes"])

        qtbot.waitUntil(lambda: watching.seen[GONE][-1].status == st.BAD_NODE_ID_UNKNOWN)
        qtbot.waitUntil(lambda: watching.good(*WATCHED, RETYPED), timeout=20_000)
        qtbot.waitUntil(lambda: watching.good(NEW), timeout=20_000)
        qtbot.waitUntil(lambda: all(len(watching.seen[name]) > began[name] for name in WATCHED), timeout=30_000)
        after = site.connections()
        assert {each for each in after if after[each]["since_ns"] != before[each]["since_ns"]} == {"intake"}
        read = site.read(*WATCHED, NEW, RETYPED)
        assert isinstance(read[RETYPED]["value"], int)
        for name, (low, high) in WATCHED.items():
            assert low <= read[name]["value"] <= high
        with StoreReader(site.store) as reader:
            assert GONE not in reader.names
            for name in WATCHED:
                values = reader.raw(reader.slot(name), 0, 2**62, 100_000)
                known = values.value[values.status < st.BAD]
                assert WATCHED[name][0] <= known.min() <= known.max() <= WATCHED[name][1]
                assert reader.coverage(reader.slot(name)).from_ns == oldest[name]
    finally:
        watching.hub.stop()


def test_a_kill_while_the_tags_change_leaves_a_store_that_the_next_start_opens(site: Site) -> None:
    tags = Tags(site)
    site.start_engine()
    began_ns = time.time_ns()
    until(lambda: _newest(site, "LZ.RW.INT.FLOW") > began_ns, 20, "samples")

    def is_read(tag: str) -> bool:
        return bool(site.read(tag)[tag]["status"] == 0)

    rows, beside = list(tags.rows.values()), site.store.with_name(site.store.name + ".new")
    for count in (1, 2, 3):
        tags.write(*(tags.copy(f"LZ.A.N{number}", "LZ.RW.INT.TEMP") for number in range(count)), *rows)
        reload = subprocess.Popen(
            [*HAIHE, "reload", str(site.project)], env=site.environment, cwd=ROOT,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        while not beside.exists() and reload.poll() is None:
            threading.Event().wait(0.001)
        assert site.engine is not None
        site.engine.end(signal.SIGKILL)
        reload.wait(30)
        newest_ns = _newest(site, "LZ.RW.INT.FLOW")
        site.start_engine()
        assert not beside.exists()
        until(partial(is_read, f"LZ.A.N{count - 1}"), 20, "the new tag is read")
        with StoreReader(site.store) as reader:
            assert reader.names[:count] == tuple(f"LZ.A.N{number}" for number in range(count))
            values = reader.raw(reader.slot("LZ.RW.INT.FLOW"), 0, newest_ns, 100_000)
            known = values.value[values.status < st.BAD]
            assert known.min() >= 5_000.0
            assert values.t_ns[-1] == newest_ns


def _newest(site: Site, tag: str) -> int:
    with StoreReader(site.store) as reader:
        return reader.coverage(reader.slot(tag)).newest_ns or 0
