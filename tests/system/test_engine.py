"""The engine as a process: values over both protocols, faults of PLCs, its own death, its end."""

import asyncio
import os
import signal
import stat
import subprocess
import time
import urllib.request
from functools import partial
from pathlib import Path

import numpy as np
import psutil
import pytest

from app.link.client import EngineClient
from app.link.endpoint import read_endpoint
from app.model.journal import JournalQuery
from app.model.plant import Plant
from app.plantsim.project_copy import free_ports
from app.project import load_plant
from app.trend import StoreReader
from tests.system.harness import HAIHE, ROOT, Service, Site, until

pytestmark = pytest.mark.system

TAGS = {"uf": "LZ.UF.R01.FLOW", "cl": "LZ.CL.DOSE", "intake": "LZ.RW.INT.LVL", "highlift": "LZ.HL.P01.ST"}


def test_values_of_both_protocols_have_value_status_and_time(running: Site) -> None:
    rows = running.read(*TAGS.values())
    for tag in TAGS.values():
        row = rows[tag]
        assert row["quality"] == "good", row
        assert isinstance(row["value"], int | float)
        assert abs(time.time_ns() - row["source_ns"]) < 60e9
        assert row["source_time"].endswith("Z")


def test_every_tag_of_the_plant_gets_a_good_value(running: Site) -> None:
    names = list(load_plant(running.project).tags)

    def bad() -> list[str]:
        return [name for name, row in running.read(*names).items() if row["quality"] == "bad"]

    until(lambda: not bad(), 15, f"no bad tag; bad now: {bad()[:10]}")


@pytest.mark.parametrize("connection", ["uf", "highlift"])
def test_a_killed_plc_turns_stale_and_comes_back_three_times(running: Site, connection: str) -> None:
    tag = TAGS[connection]
    before = running.connections()
    for _ in range(3):
        pid = until(lambda: running.plc_pid(connection), 30, "the PLC runs")
        os.kill(pid, signal.SIGKILL)
        stale = until(lambda: _stale(running, tag), 5, f"{tag} stale")
        assert stale["value"] is not None
        until(partial(_is_another, running, connection, pid), 30, "the PLC is back")
        until(lambda: running.read(tag)[tag]["quality"] == "good", 10, f"{tag} good again")
    others = [name for name in TAGS if name != connection]
    after = running.connections()
    assert [after[name]["reconnects"] for name in others] == [before[name]["reconnects"] for name in others]
    areas = {"uf": ("UF", "HL"), "highlift": ("HL", "UF")}[connection]
    assert {(f"{connection}.COMM", "ALM"), (connection, "state")} <= _journalled(running, areas[0])
    assert not {each for each in _journalled(running, areas[1]) if connection in each[0].split(".")}


def _journalled(site: Site, area: str) -> set[tuple[str, str]]:
    endpoint = read_endpoint(next(site.state.rglob("engine.json")))
    assert endpoint is not None

    async def ask() -> set[tuple[str, str]]:
        client = await EngineClient.connect(endpoint)
        page = await client.journal(JournalQuery(area=area, limit=2000))
        await client.close()
        return {(row.object, row.event) for row in page.rows}

    return asyncio.run(ask())


def _is_another(site: Site, connection: str, pid: int) -> bool:
    return site.plc_pid(connection) not in {0, pid}


def _stale(site: Site, tag: str) -> dict[str, object] | None:
    row = site.read(tag)[tag]
    return row if row["stale"] and row["quality"] == "bad" else None


def test_a_second_engine_is_refused_and_told_who_runs(running: Site) -> None:
    assert running.engine is not None
    done = running.cli("engine", status=1)
    assert f"process {running.engine.process.pid}, since 20" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_killed_engine_loses_no_sample_and_no_alarm_state(running: Site) -> None:
    assert running.engine is not None
    running.disturb("intrusion")
    alarm = until(lambda: _alarm(running, "LZ.CW.T1.INTRUDE"), 20, "the intrusion alarm")
    reader = StoreReader(running.store)
    slot = reader.slot(TAGS["uf"])
    before = reader.raw(slot, 0, 2**62, 100_000)
    assert len(before.t_ns) > 5
    running.engine.end(signal.SIGKILL)
    last = reader.raw(slot, 0, 2**62, 100_000)
    assert set(before.t_ns.tolist()) <= set(last.t_ns.tolist())
    running.start_engine()
    reopened = StoreReader(running.store)
    kept = reopened.raw(reopened.slot(TAGS["uf"]), 0, 2**62, 100_000)
    assert set(last.t_ns.tolist()) <= set(kept.t_ns.tolist())
    again = _alarm(running, "LZ.CW.T1.INTRUDE")
    assert again is not None
    assert (again["event_id"], again["state"]) == (alarm["event_id"], alarm["state"])
    running.disturb("intrusion", on=False)


def test_an_engine_that_starts_beside_a_dead_plc_shows_what_was_known_last(running: Site) -> None:
    assert running.engine is not None
    tag = "LZ.HL.OUT.FLOW"
    running.disturb("offline", "highlift")
    lost = until(lambda: _stale(running, tag), 5, f"{tag} stale")
    assert running.engine.end(signal.SIGTERM) == 0
    running.engine = Service(["engine", str(running.project)], running.environment)
    running.engine.ready()
    row = until(lambda: _stale(running, tag), 10, f"{tag} stale again")
    assert (row["value"], row["source_ns"]) == (lost["value"], lost["source_ns"])
    running.disturb("offline", "highlift", on=False)
    until(lambda: running.read(tag)[tag]["quality"] == "good", 20, f"{tag} good again")


def test_an_engine_that_starts_after_a_reboot_has_the_trends_of_before(running: Site) -> None:
    assert running.engine is not None
    assert running.engine.end(signal.SIGTERM) == 0
    with StoreReader(running.store) as reader:
        slot = reader.slot(TAGS["uf"])
        before = reader.raw(slot, 0, 2**62, 100_000)
        first_ns = reader.coverage(slot).from_ns
    assert len(before.t_ns)
    running.store.unlink()
    running.start_engine()
    with StoreReader(running.store) as reader:
        after = reader.raw(slot, 0, 2**62, 100_000)
        assert reader.coverage(slot).from_ns == first_ns
    count = len(before.t_ns)
    assert after.t_ns[:count].tolist() == before.t_ns.tolist()
    assert after.status[:count].tolist() == before.status.tolist()
    assert np.array_equal(after.value[:count], before.value, equal_nan=True)


def _alarm(site: Site, tag: str) -> dict[str, str] | None:
    return next((each for each in site.json("alarms") if each["id"].startswith(tag)), None)


def test_an_engine_outlives_the_console_that_started_it_and_died(running: Site) -> None:
    assert running.engine is not None
    running.engine.end()
    words = [*HAIHE, "console", str(running.project)]
    environment = {**running.environment, "QT_QPA_PLATFORM": "offscreen"}
    console = subprocess.Popen(words, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until(lambda: running.cli("status", status=None).returncode == 0, 30, "the console has started an engine")
        pid = running.json("status")["pid"]
    finally:
        console.kill()
        console.wait()
    running.disturb("offline", "highlift")  # it logs that, and nobody reads its output any more
    until(lambda: running.connections()["highlift"]["state"] == "lost", 20, "the loss is seen")
    running.disturb("offline", "highlift", on=False)
    until(lambda: running.connections()["highlift"]["state"] == "connected", 20, "it is back")
    assert running.json("status")["pid"] == pid
    os.kill(pid, signal.SIGTERM)
    until(lambda: not psutil.pid_exists(pid), 20, "the engine has ended")
    running.start_engine()


def test_sigterm_ends_the_engine_cleanly(running: Site) -> None:
    assert running.engine is not None
    endpoint = running.state / "projects" / "lingzhuang" / "engine.json"
    assert stat.S_IMODE(endpoint.stat().st_mode) == 0o600
    assert "secret" not in "".join(running.engine.lines)
    assert running.engine.end(signal.SIGTERM) == 0
    assert not [line for line in running.engine.lines if "Traceback" in line], running.engine.lines
    assert not endpoint.exists()
    done = running.cli("status", status=1)
    assert "no engine runs" in done.stderr


def test_calculated_tags_follow_what_they_are_reckoned_from_and_keep_their_count(running: Site) -> None:
    racks = [f"LZ.UF.R0{number}.PTURB" for number in range(1, 9)]

    def highest() -> bool:
        rows = running.read("LZ.UF.PTURBMAX", *racks)
        found = rows["LZ.UF.PTURBMAX"]
        return bool(
            found["quality"] == "good" and abs(found["value"] - max(rows[name]["value"] for name in racks)) < 0.002
        )

    until(highest, 20, "the highest of eight")
    until(lambda: running.read("LZ.CL.P01.HRS")["LZ.CL.P01.HRS"]["value"] > 0.0, 20, "hours are counted")
    counted = running.read("LZ.CL.P01.HRS")["LZ.CL.P01.HRS"]["value"]
    assert running.engine is not None
    running.engine.end(signal.SIGKILL)
    running.start_engine()
    until(lambda: running.read("LZ.CL.P01.HRS")["LZ.CL.P01.HRS"]["quality"] == "good", 20, "counted again")
    assert counted <= running.read("LZ.CL.P01.HRS")["LZ.CL.P01.HRS"]["value"] < counted + 0.1


def test_figures_are_served_on_loopback_where_a_port_is_given(site: Site) -> None:
    [port] = free_ports(1)
    if site.engine is not None:
        site.engine.end()
    service = Service(["engine", str(site.project), "--metrics", str(port)], site.environment)
    service.ready()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=20) as answer:
        assert 'haihe_connection_tags{connection="uf"}' in answer.read().decode()
    listening = {
        each.laddr for each in psutil.Process(service.process.pid).net_connections() if each.status == "LISTEN"
    }
    assert {each.ip for each in listening} == {"127.0.0.1"}
    assert service.end() == 0


def test_an_engine_of_a_broken_project_says_why(site: Site, tmp_path: Path) -> None:
    (tmp_path / "plant.toml").write_text("[plant]\nid = 5\n")
    service = Service(["engine", str(tmp_path)], site.environment)
    assert service.process.wait(30) == 1
    service.end()
    assert any("plant.toml" in line for line in service.lines)


def test_the_loaded_project_is_the_demo(site: Site) -> None:
    plant: Plant = load_plant(site.project)
    assert len(plant.tags) >= 250
