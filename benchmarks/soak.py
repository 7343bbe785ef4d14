"""An engine for minutes or hours between faults: 5,000 changing tags over OPC UA and Modbus through proxies.

A real ``haihe engine`` with a project made for it reads 4,000 variables of a node-opcua server and 1,000 registers of
a Modbus device. Each counts up every two seconds, so that every change is known. (node-opcua looks at each item every
sampling interval: 4,000 of them four times a second were all that it could do.) Between engine and servers stand
proxies that cut, close, silence and delay each line at random (benchmarks.fault_injector; ``--seed``).

- ``soak_samples_lost_outside_cuts``: changes that had to be in the trend store and were not, of ``soak_samples_owed``
  (benchmarks.soak_truth says which these are). Goal: 0.
- ``soak_memory_growth_percent_per_h``: of the engine's private memory, by a straight line through a reading a second
  after a warm-up of half the time (at most ten minutes), ``soak_memory_growth_error_percent_per_h`` is the
  line's standard error. Goal: less than 1. ``soak_memory_late_growth_percent_per_h`` is that of the last half of these
  readings: what fills once grows less there, what leaks grows the same. Pages of the trend store, which fill for as
  long as its rings do, are ``soak_shared_growth_percent_per_h``. Minutes extrapolate badly to hours: 100 KiB that an
  allocator takes once in ten minutes of 120 MiB are half a percent an hour. A short run can show a leak by every
  change or reconnection; it cannot prove that there is none. Caches fill first (SQLite's pages of history are
  16 MiB), on a busy machine for more than ten minutes: shorter runs show that alone.
- ``soak_fds_constant``, ``soak_threads_constant``: 1 where the median, of the moments with all lines up, is the same in
  the first and in the last third after the warm-up.
- ``soak_cuts``: faults injected; ``soak_recoveries``: connections lost by them that came back; ``soak_recovery_s_max``:
  longest time from when a line was whole again until the engine was connected; ``soak_losses_without_fault``: 0.
- ``soak_lines_down``: lines that were not up at the end, long after their last fault: 0. ``soak_minutes`` are those
  from the first to the last moment with all lines up; memory was read then only.
- ``soak_loop_lag_ms_max``: how late the engine's event loop was at worst.
"""

import asyncio
import json
import math
import os
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from app.link.client import EngineClient
from app.link.endpoint import read_endpoint
from app.link.messages import ConnectionChanged, LinkEvent
from app.model import status as st
from app.model.connection import ConnectionState
from app.model.engine import EngineEndpoint
from app.trend import StoreReader
from benchmarks.counting_device import STEP_NS
from benchmarks.opcua import Peer, counting_server
from benchmarks.process_health import Use, constant, growth, use
from benchmarks.site import Process
from benchmarks.soak_truth import SECOND_NS, ClockTruth, Fault, Owed, RecordTruth, Story, unwrapped

VARIABLES, REGISTERS = 4_000, 1_000
LINES = ("plc", "line")
UP = frozenset({ConnectionState.CONNECTED, ConnectionState.DEGRADED})
PUBLISHING_MS, SAMPLING_MS, POLL_MS = 500, 1000, 250
CHANGES_PER_S = VARIABLES // 2
MARGINS_NS = (2 * (PUBLISHING_MS + SAMPLING_MS) * 1_000_000, 3 * POLL_MS * 1_000_000)
"""Twice the intervals of the subscription: one for the server's timers, one for the way. A register keeps its value
for two seconds, in which the poll comes by eight times."""
RECORD, FAULTS = "record", "faults"
READ_S, SETTLE_S, DRAIN_S = 10, 60, 20.0
RAW = 1024
_PLANT = """\
[plant]
id = "soak"
title = "Soak"
time_zone = "UTC"

[[connection]]
id = "plc"
protocol = "opcua"
endpoint = "opc.tcp://127.0.0.1:{0}/benchmark"
[connection.options]
publishing_ms = {publishing}

[[connection]]
id = "line"
protocol = "modbus-tcp"
endpoint = "127.0.0.1:{1}"

[retention.default]
levels = [{raw}, 64]
"""


def write_plant(folder: Path, ports: list[int]) -> None:
    """Write the project: one connection a port, and a tag for each variable and register."""
    folder.mkdir()
    text = _PLANT.format(*ports, publishing=PUBLISHING_MS, raw=RAW)
    (folder / "plant.toml").write_text(text, encoding="utf-8")
    rows = ["name,data_type,connection,address,low,high,scan_ms"]
    rows += [f"P.V{n},float,plc,ns=1;s=V{n},0,1000000,{SAMPLING_MS}" for n in range(VARIABLES)]
    rows += [f"L.R{n},int,line,hr{n},0,65535,{POLL_MS}" for n in range(REGISTERS)]
    (folder / "tags.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")


class Soak:
    """One run: what the engine's store, link and process show, beside what servers and proxies tell."""

    def __init__(self, endpoint: EngineEndpoint, server: Peer, folder: Path, began_ns: int) -> None:
        self.stories = [Story(), Story()]
        self.uses: list[Use] = []
        self.record = RecordTruth(VARIABLES, folder / RECORD)
        self.lines = [
            Owed(self.record, VARIABLES, MARGINS_NS[0], polled=False),
            Owed(ClockTruth(REGISTERS, began_ns, STEP_NS), REGISTERS, MARGINS_NS[1], polled=True),
        ]
        self._endpoint, self._server, self._began_ns = endpoint, server, began_ns
        self._store = StoreReader(Path(endpoint.store))
        slots = [[self._store.slot(f"{kind}{n}") for n in range(count)]
                 for kind, count in (("P.V", VARIABLES), ("L.R", REGISTERS))]  # fmt: skip
        self._slots = slots
        self._faults = (folder / FAULTS).open(encoding="ascii")
        self._from_ns = self._read_ns = 0
        self._loop_lag_ms = 0.0

    @property
    def is_up(self) -> bool:
        """Whether the engine has both connections."""
        return all(story.states and story.states[-1][1] for story in self.stories)

    def hear(self, event: LinkEvent) -> None:
        """Note that a connection came up or went down."""
        if isinstance(event, ConnectionChanged):
            status = event.status
            states, up = self.stories[LINES.index(status.id)].states, status.state in UP
            if (not states and up) or (states and states[-1][1] is not up):
                states.append((status.since_ns, up))

    async def run(self, injector: Peer, seconds: float) -> dict[str, float]:
        """Let faults come for so many seconds; return the figures."""
        client = await EngineClient.connect(self._endpoint, self.hear)
        for each in (await client.status()).connections:
            self.hear(ConnectionChanged(each))
        await self._all_good()
        self._server.order(f"pace {CHANGES_PER_S}")
        self._from_ns = self._read_ns = time.time_ns() + 5 * SECOND_NS
        await asyncio.sleep(5.0)
        injector.order("begin")
        await self._watch(client, seconds)
        await asyncio.to_thread(injector.ask, "end", "ENDED")
        await self._watch(client, DRAIN_S)
        end_ns = time.time_ns() - round(DRAIN_S / 2 * SECOND_NS)
        self._read()
        self._judge(end_ns)
        status = await client.status()
        await client.close()
        self.record.close()
        self._faults.close()
        self._store.close()
        return {
            **self._figures(),
            "soak_overflows": sum(each.overflows for each in status.connections),
            "soak_samples_per_s": status.sample_rate,
        }

    async def _all_good(self) -> None:
        async with asyncio.timeout(180):
            while not self.is_up or (self._store.live().status >= st.BAD).any():  # noqa: ASYNC110 - of another process
                await asyncio.sleep(0.5)

    async def _watch(self, client: EngineClient, seconds: float) -> None:
        """Read what the process uses every second, and the store when it is time to."""
        end = time.monotonic() + seconds
        read = time.monotonic() + READ_S
        while (now := time.monotonic()) < end:
            await asyncio.sleep(min(1.0, end - now))
            if self.is_up:
                self.uses.append(use(self._endpoint.pid, time.monotonic()))
            if time.monotonic() >= read:
                read += READ_S
                self._loop_lag_ms = max(self._loop_lag_ms, (await client.status()).loop_lag_ms)
                await asyncio.to_thread(self._read)
                self._judge(self._read_ns - SETTLE_S * SECOND_NS)

    def _read(self) -> None:
        """Take from the store what came since the last time."""
        since_ns, self._read_ns = self._read_ns - SETTLE_S * SECOND_NS, time.time_ns()
        near = (self._read_ns - self._began_ns) // STEP_NS
        for line, slots in zip(self.lines, self._slots, strict=True):
            for number, slot in enumerate(slots):
                samples = self._store.raw(slot, since_ns, 2**62, RAW)
                good = samples.value[samples.status < st.UNCERTAIN]
                line.see(number, unwrapped(good, near) if line is self.lines[1] else good.astype(np.int64))

    def _judge(self, until_ns: int) -> None:
        """Judge what was made before a time that lies back so far that all faults of then are over and told."""
        self.record.read_on(until_ns - SETTLE_S * SECOND_NS)
        for told in self._faults:
            fault = json.loads(told)
            self.stories[fault.pop("target")].faults.append(Fault(**fault))
        for line, story in zip(self.lines, self.stories, strict=True):
            line.judge(story, self._from_ns, until_ns)

    def _figures(self) -> dict[str, float]:
        for name, line, story in zip(LINES, self.lines, self.stories, strict=True):
            for at_ns, what in sorted([*story.told(), *line.told()]):
                sys.stderr.write(f"soak: {name:4} {(at_ns - self._from_ns) / SECOND_NS:9.3f} s  {what}\n")
        recoveries = [seconds for story in self.stories for seconds in story.recoveries_s()]
        first_s, last_s = self.uses[0].at_s, self.uses[-1].at_s
        warm = [each for each in self.uses if each.at_s >= first_s + min(600.0, 0.5 * (last_s - first_s))]
        at_s = np.array([each.at_s for each in warm])
        used, half = np.array([float(each.private) for each in warm]), len(warm) // 2
        private, error = growth(at_s, used)
        late, _ = growth(at_s[half:], used[half:])
        shared, _ = growth(at_s, np.array([float(each.shared) for each in warm]))
        return {
            "soak_minutes": (last_s - first_s) / 60,
            "soak_samples_lost_outside_cuts": sum(line.lost for line in self.lines),
            "soak_samples_owed": sum(line.owed for line in self.lines),
            "soak_memory_growth_percent_per_h": private,
            "soak_memory_growth_error_percent_per_h": error,
            "soak_memory_late_growth_percent_per_h": late,
            "soak_shared_growth_percent_per_h": shared,
            "soak_memory_mib": warm[-1].private / 2**20,
            "soak_fds_constant": float(constant(np.array([each.files for each in warm]))),
            "soak_fds": float(np.median([each.files for each in warm])),
            "soak_threads_constant": float(constant(np.array([each.threads for each in warm]))),
            "soak_threads": float(np.median([each.threads for each in warm])),
            "soak_cuts": sum(len(story.faults) for story in self.stories),
            "soak_recoveries": len(recoveries),
            "soak_lines_down": sum(not story.states[-1][1] for story in self.stories),
            "soak_recovery_s_max": max(recoveries, default=math.nan),
            "soak_loop_lag_ms_max": self._loop_lag_ms,
            "soak_losses_without_fault": sum(story.unexplained() for story in self.stories),
        }


def run(minutes: float = 15.0, seed: int = 1) -> dict[str, float]:
    """Return the figures; ``minutes``: how long faults come; ``seed``: which, and when."""
    began_ns = time.time_ns()
    python = [sys.executable, "-W", "ignore", "-m"]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        memory = stack.enter_context(tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
        server, server_port = stack.enter_context(counting_server(VARIABLES))
        server.order(f"record {folder / RECORD}")
        device = Peer([*python, "benchmarks.counting_device", str(REGISTERS), str(began_ns)])
        stack.callback(device.close)
        ports = [server_port, int(device.greeting[1])]
        injector = Peer([*python, "benchmarks.fault_injector", str(seed), str(folder / FAULTS), *map(str, ports)])
        stack.callback(injector.close)
        write_plant(folder / "plant", [int(word) for word in injector.greeting[1:]])
        environment = {**os.environ, "HAIHE_STATE": str(folder / "state"), "HAIHE_SHM": memory}
        engine = Process(["engine", str(folder / "plant")], environment)
        stack.callback(engine.close)
        engine.wait_for("READY", 60)
        endpoint = read_endpoint(folder / "state" / "projects" / "soak" / "engine.json")
        if endpoint is None:
            raise RuntimeError("the engine tells no endpoint")
        soak = Soak(endpoint, server, folder, began_ns)
        figures = asyncio.run(soak.run(injector, minutes * 60))
        log = next((folder / "state").rglob("engine.log")).read_text(encoding="utf-8").splitlines()
        wrong = [line for line in log if " ERROR " in line or " CRITICAL " in line]
        sys.stderr.writelines(f"soak: engine.log: {line}\n" for line in wrong[:20])
        figures["soak_errors_logged"] = len(wrong)
    return figures
