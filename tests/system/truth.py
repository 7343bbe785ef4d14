"""A small works whose server keeps a record of its own of all that it wrote, beside whatever the engine made of it."""

import asyncio
import bisect
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from app.link.client import EngineClient
from app.link.endpoint import find_engine
from app.model.errors import StoreError
from app.model.status import is_bad
from app.plantsim.project_copy import free_ports
from app.trend import StoreReader
from tests.system.harness import Service, until

SERVER = Path(__file__).parent / "servers" / "truth_server.py"
FAST, RARE, STILL = TAGS = ("T.FAST", "T.RARE", "T.STILL")
_PLANT = """\
[plant]
id = "truth"
title = "Truth"
time_zone = "Asia/Shanghai"

[[connection]]
id = "plc"
protocol = "opcua"
endpoint = "opc.tcp://127.0.0.1:{port}/truth"
[connection.options]
publishing_ms = 50
queue_size = 100
reconnect_max_s = 0.5

[retention.short]
levels = [64, 64]
"""
_TAGS = """\
name,data_type,connection,address,low,high,scan_ms,retention
T.FAST,float,plc,nsu=urn:test:truth;s=fast,-1000,1000,50,short
T.RARE,float,plc,nsu=urn:test:truth;s=rare,0,100,50,
T.STILL,float,plc,nsu=urn:test:truth;s=still,0,100,50,
"""


class Truth:
    """What was written to a tag, in its order: times (ns, UTC) and values."""

    def __init__(self, samples: list[tuple[int, float]]) -> None:
        self.samples = samples
        self._times = [at for at, _ in samples]

    def between(self, start_ns: int, end_ns: int) -> list[tuple[int, float]]:
        """Return the samples from start to end, both included."""
        return self.samples[bisect.bisect_left(self._times, start_ns) : bisect.bisect_right(self._times, end_ns)]

    def values(self, start_ns: int, end_ns: int) -> set[float]:
        """Return all values that the tag had from start to end: that held at the start, and those written."""
        held = self.samples[: bisect.bisect_right(self._times, start_ns)][-1:]
        return {value for _, value in [*held, *self.between(start_ns, end_ns)]}


class TruthWorks:
    """The server, an engine on it, and the places where the engine keeps things."""

    def __init__(self, folder: Path, setenv: Callable[[str, str], None]) -> None:
        for name in ("project", "state", "shm"):
            (folder / name).mkdir()
        self.project, self._record = folder / "project", folder / "record.jsonl"
        (self._port,) = free_ports(1)
        (self.project / "plant.toml").write_text(_PLANT.format(port=self._port), encoding="utf-8")
        (self.project / "tags.csv").write_text(_TAGS, encoding="utf-8")
        for name in ("state", "shm"):
            setenv(f"HAIHE_{name.upper()}", str(folder / name))
        self.state = folder / "state" / "projects" / "truth"
        self.store = folder / "shm" / f"haihe-{os.getuid()}-truth.trend"
        self.checkpoint, self.database = self.state / "trend.checkpoint", self.state / "haihe.db"
        self._server: subprocess.Popen[str] | None = None
        self._engine: Service | None = None

    def start_server(self) -> None:
        self._server = subprocess.Popen(
            [sys.executable, "-W", "ignore", str(SERVER), str(self._port), str(self._record)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        assert self._server.stdout is not None
        assert self._server.stdout.readline() == "READY\n"

    def kill_server(self) -> None:
        if self._server is not None:
            self._server.kill()
            self._server.wait(10)
            for pipe in (self._server.stdin, self._server.stdout):
                if pipe is not None:
                    pipe.close()
        self._server = None

    def start_engine(self) -> None:
        self._engine = Service(["engine", str(self.project)], dict(os.environ))
        self._engine.ready()

    def end_engine(self, number: int = signal.SIGTERM) -> None:
        if self._engine is not None:
            self._engine.end(number)
        self._engine = None

    def close(self) -> None:
        self.end_engine()
        self.kill_server()

    def truth(self) -> dict[str, Truth]:
        """Return what the servers wrote so far; a line that a kill cut off was not written."""
        found: dict[str, list[tuple[int, float]]] = {tag: [] for tag in TAGS}
        for line in self._record.read_text(encoding="ascii").split("\n")[:-1]:
            name, at, value = json.loads(line)
            found[f"T.{name.upper()}"].append((at, value))
        return {tag: Truth(samples) for tag, samples in found.items()}

    def newest(self) -> tuple[int, bool]:
        """Return time (ns, UTC) of the newest fast sample in the store, and whether every tag is good."""
        try:
            with StoreReader(self.store) as reader:
                samples = [reader.sample(reader.slot(tag)) for tag in TAGS]
        except StoreError:
            return 0, False
        return samples[0].source_ns, not any(is_bad(each.status) for each in samples)

    def until_seen(self, samples: int) -> int:
        """Wait until all tags are good, then for so many more fast samples; return when the first of them was heard."""
        since_ns = time.time_ns()

        def heard() -> int:
            newest, good = self.newest()
            return newest if good and newest > since_ns else 0

        first_ns: int = until(heard, 40, "every tag is good")
        until(lambda: len(self.truth()[FAST].between(first_ns, self.newest()[0])) > samples, 40, "samples come")
        return first_ns

    def until_lost(self) -> None:
        """Wait until the store shows that nothing is heard of the server."""
        until(lambda: not self.newest()[1], 40, "the loss is in the store")

    def until_recorded(self, at_ns: int) -> None:
        """Wait until history in SQL goes beyond a time, and nothing of it waits on disk."""

        def recorded() -> bool:
            with closing(sqlite3.connect(self.database)) as connection:
                found = connection.execute("SELECT max(time_ns) FROM history_samples WHERE tag = ?", (FAST,)).fetchone()
            return found[0] is not None and found[0] > at_ns and self.spooled() == 0

        until(recorded, 40, "history is written")

    def spooled(self) -> int:
        """Return the bytes that wait on disk, as the engine tells over its link."""

        async def ask() -> int:
            endpoint = find_engine("truth")
            assert endpoint is not None
            client = await EngineClient.connect(endpoint)
            try:
                return (await client.status()).spool_bytes
            finally:
                await client.close()

        return asyncio.run(ask())

    @contextmanager
    def database_away(self) -> Iterator[None]:
        """Lock the database for writing, wait until what comes is kept on disk; it is back after the block."""
        with closing(sqlite3.connect(self.database, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            until(lambda: self.spooled() > 0, 40, "samples are kept on disk")
            yield
