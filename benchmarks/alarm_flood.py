"""50,000 alarms at once, from a real device through a real engine into the journal and a real window.

A Modbus device of 50,000 coils, each with an alarm; ``haihe engine``; a console with the list of alarms, offscreen, in
a process of its own (benchmarks.alarm_window).

- ``alarm_latency_ms_p50``, ``alarm_latency_ms_p99``: from the time of a sample until the window has answered to its
  alarm, one alarm at a time, on-delay 0. Goal: p99 of 250 or less.
- ``flood_seconds``: from when the device switched all coils until the window has all alarms and the journal all rows.
  Goal: 10 or less. ``flood_window_seconds``, ``flood_journal_seconds``: each alone.
- ``flood_lost``: alarms of which there is not exactly one row ALM in the journal, or that the window does not show.
- ``flood_ui_gap_ms_p99``, ``flood_ui_gap_ms_max``: how long a click waited, posted every 20 ms, meanwhile. Goal: 100.
"""

import asyncio
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Final

from app.link.client import EngineClient
from app.link.endpoint import read_endpoint
from app.model.alarm import AlarmEventKind
from app.model.engine import EngineEndpoint
from app.model.journal import JournalKind, JournalQuery
from benchmarks.opcua import Peer
from benchmarks.site import Process

ALARMS: Final = 50_000
SINGLE: Final = 150
"""Coils beside them that switch one at a time."""
SCAN_MS: Final = 1000
SINGLE_MS: Final = 200
"""As a plant is polled: five times a second 50,000 coils are half of a processor."""
SETTLE_S: Final = 3.0
BETWEEN_S: Final = 0.217
LOOK_S: Final = 0.1
DEADLINE_S: Final = 180.0
_PLANT = """\
[plant]
id = "flood"
title = "Flood"
time_zone = "UTC"

[[connection]]
id = "line"
protocol = "modbus-tcp"
endpoint = "127.0.0.1:{port}"

[retention.default]
levels = [64, 64]
"""


def write_plant(folder: Path, port: int) -> None:
    """Write the project: a tag with an alarm for every coil."""
    folder.mkdir()
    (folder / "plant.toml").write_text(_PLANT.format(port=port), encoding="utf-8")
    rows = ["name,data_type,connection,address,scan_ms,states,alarm_states"]
    for n in range(ALARMS + SINGLE):
        scan_ms = SCAN_MS if n < ALARMS else SINGLE_MS
        rows.append(f"P.C{n:05},bool,line,co{n},{scan_ms},0=Off/关;1=On/开,1:{1 + n % 4}")
    (folder / "tags.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")


def single_alarms(device: Peer, window: Peer) -> list[float]:
    """Return the milliseconds from sample to window of alarms that come one at a time."""
    found = []
    for number in range(SINGLE):
        device.ask(f"one {ALARMS + number} 1", "DONE")
        line = window.until("RAISED").split()
        found.append((int(line[3]) - int(line[2])) / 1e6)
        time.sleep(BETWEEN_S)
    return found


async def _journal(client: EngineClient, from_ns: int) -> Counter[str]:
    """Return how often each alarm stands in the journal as raised since a time."""
    found: Counter[str] = Counter()
    before: int | None = None
    while True:
        page = await client.journal(JournalQuery(from_ns, kinds=(JournalKind.ALARM,), before_id=before, limit=5000))
        found.update(row.object for row in page.rows if row.event == AlarmEventKind.ALARM)
        before = page.next_before_id
        if before is None:
            return found


def _watch_journal(database: Path, from_ns: int) -> int:
    """Return when (ns, UTC) the journal has all rows, or was given up; asks the file, not the engine. Blocks."""
    deadline = time.monotonic() + DEADLINE_S
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        while time.monotonic() < deadline:
            at_ns = time.time_ns()
            (count,) = connection.execute("SELECT count(*) FROM journal WHERE time_ns >= ?", (from_ns,)).fetchone()
            if count >= ALARMS:
                return at_ns
            time.sleep(LOOK_S)
    return time.time_ns()


async def _flood(endpoint: EngineEndpoint, database: Path, device: Peer, window: Peer) -> dict[str, float]:
    client = await EngineClient.connect(endpoint, lambda _event: None)
    try:
        window.order("clicks")
        window.order(f"until {SINGLE + ALARMS}")
        began_ns = int(device.ask("all 1", "DONE").split()[1])
        shown = asyncio.to_thread(window.until, "ROWS")
        stored = asyncio.to_thread(_watch_journal, database, began_ns)
        line, journalled_ns = await asyncio.gather(shown, stored)
        shown_ns = int(line.split()[1])
        clicks = window.ask("report", "CLICKS").split()
        rows = await _journal(client, began_ns - 10**9)
        flooded = {name: count for name, count in rows.items() if name < f"P.C{ALARMS:05}"}
        alarms = {each.id for each in await client.alarms()}
    finally:
        await client.close()
    lost = ALARMS - sum(count == 1 for name, count in flooded.items() if name in alarms)
    return {
        "flood_lost": float(lost),
        "flood_seconds": (max(shown_ns, journalled_ns) - began_ns) / 1e9,
        "flood_window_seconds": (shown_ns - began_ns) / 1e9,
        "flood_journal_seconds": (journalled_ns - began_ns) / 1e9,
        "flood_ui_gap_ms_p99": float(clicks[2]),
        "flood_ui_gap_ms_max": float(clicks[3]),
    }


def run() -> dict[str, float]:
    """Return the figures of a storm of alarms."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        memory = stack.enter_context(tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
        environment = {"HAIHE_STATE": str(folder / "state"), "HAIHE_SHM": memory, "QT_QPA_PLATFORM": "offscreen"}
        device = Peer([sys.executable, "-m", "benchmarks.switching_device", str(ALARMS + SINGLE)])
        stack.callback(device.close)
        project = folder / "plant"
        write_plant(project, int(device.greeting[1]))
        engine = Process(["engine", str(project)], {**os.environ, **environment})
        stack.callback(engine.close)
        engine.wait_for("READY", 120)
        window = Peer([sys.executable, "-m", "benchmarks.alarm_window", str(project)], **environment)
        stack.callback(window.close)
        time.sleep(SETTLE_S)
        latencies = single_alarms(device, window)
        state = next((folder / "state").rglob("engine.json")).parent
        endpoint = read_endpoint(state / "engine.json")
        if endpoint is None:
            raise RuntimeError("the engine has no endpoint")
        figures = asyncio.run(_flood(endpoint, next(state.glob("*.db")), device, window))
    return {
        "alarm_latency_ms_p50": statistics.median(latencies),
        "alarm_latency_ms_p99": statistics.quantiles(latencies, n=100, method="inclusive")[98],
        **figures,
    }
