"""OPC UA from a server that is not ours (node-opcua) through the connector into the engine's store.

The server's variables count, so that every change is known: none may be missing, and a missing one is seen.

- ``opcua_cpu_us_per_change``: CPU of engine and connector at a rate that both clients bear, and
  ``opcua_cpu_vs_asyncua``: the same over that of a bare asyncua client that only counts; medians of alternating runs.
- ``opcua_changes_per_s``: the highest rate of one server held for ``seconds`` with 99 % of the changes less than a
  second old, no overflow and none missing. ``opcua_server_is_the_limit`` is 1 where the server did not do the next one.
"""

import contextlib
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

SERVER = Path(__file__).parents[1] / "tests" / "servers_js" / "opcua"
VARIABLES = 10_000
COMPARED_RATE, COMPARED_RUNS, COMPARED_S = 10_000, 3, 5.0
RATES = (25_000, 50_000, 75_000, 100_000, 125_000, 150_000)
START_S, DRAIN_S = 180.0, 30.0
LAG_MS = 1000.0
REACHED = 0.98


class Peer:
    """A process that takes orders on stdin and answers each with one line.

    Attributes:
        greeting: the words of its first line, READY and what follows.

    """

    def __init__(self, command: list[str], **environment: str) -> None:
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
            env={**os.environ, **environment},
        )
        self._out = _pipe(self._process.stdout)
        self.greeting = self.until("READY").split()

    def order(self, order: str) -> None:
        """Send an order that has no answer."""
        _pipe(self._process.stdin).write(order + "\n")

    def ask(self, order: str, begin: str) -> str:
        """Send an order; return the first line that begins so."""
        self.order(order)
        return self.until(begin)

    def close(self) -> None:
        """End it: it leaves when its stdin ends."""
        _pipe(self._process.stdin).close()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._out.close()

    def until(self, begin: str) -> str:
        """Return the next line that begins so."""
        guard = threading.Timer(START_S, self._process.kill)
        guard.start()
        try:
            for line in self._out:
                if line.startswith(begin):
                    return line.strip()
        finally:
            guard.cancel()
        raise RuntimeError(f"{self._process.args!r} ended before it said {begin}")


class Measured:
    """A client and what it counted."""

    def __init__(self, kind: str, port: int) -> None:
        command = [sys.executable, "-W", "ignore", "-m", "benchmarks.opcua_clients", kind, str(port), str(VARIABLES)]
        self.peer = Peer(command)

    def figures(self, order: str = "report") -> dict[str, float]:
        """Return the figures since the last ``mark``."""
        found: dict[str, float] = json.loads(self.peer.ask(order, "{"))
        return found


def run(seconds: float = 20.0) -> dict[str, float]:
    """Return the figures; ``seconds``: how long a rate has to be held."""
    with counting_server(VARIABLES) as (server, port):
        return {**_compare(server, port), **_highest(server, port, seconds)}


def _compare(server: Peer, port: int) -> dict[str, float]:
    """Return CPU microseconds a change of the engine, and how many times that of the bare library it is."""
    spent: dict[str, list[float]] = {"engine": [], "bare": []}
    for _ in range(COMPARED_RUNS):
        for kind, costs in spent.items():
            with _client(kind, port) as client:
                server.order(f"rate {COMPARED_RATE}")
                time.sleep(1.0)
                client.figures("mark")
                time.sleep(COMPARED_S)
                found = client.figures()
                server.ask("stop", "STOPPED")
                costs.append(found["cpu_s"] / max(1.0, found["changes"]) * 1e6)
    engine, bare = (statistics.median(costs) for costs in spent.values())
    return {
        "opcua_cpu_us_per_change": engine,
        "opcua_asyncua_cpu_us_per_change": bare,
        "opcua_cpu_vs_asyncua": engine / bare,
    }


def _highest(server: Peer, port: int, seconds: float) -> dict[str, float]:
    """Raise the rate until it is not held; return the last one that was."""
    figures = {"opcua_changes_per_s": 0.0, "opcua_server_is_the_limit": 0.0}
    for rate in RATES:
        with _client("engine", port) as client:
            client.figures("mark")
            server.order(f"rate {rate}")
            time.sleep(seconds)
            _, changes, took_s, server_cpu_s = server.ask("stop", "STOPPED").split()
            busy = client.figures()
            found = _drained(client, int(changes))
        achieved = int(changes) / float(took_s)
        lost = int(changes) - found["changes"]
        sys.stderr.write(
            f"opcua {rate}/s: server {achieved:.0f}/s at {float(server_cpu_s) / float(took_s):.0%} of a core, "
            f"engine {busy['cpu_s'] / float(took_s):.0%}, p99 lag {found['p99_lag_ms']:.0f} ms, "
            f"{found['overflows']:.0f} overflows, {lost:.0f} lost, {found['reconnects']:.0f} reconnects\n"
        )
        if achieved < REACHED * rate:
            figures["opcua_server_is_the_limit"] = 1.0
            break
        if found["p99_lag_ms"] >= LAG_MS or found["overflows"] or lost or found["missing"] or found["reconnects"]:
            break
        figures["opcua_changes_per_s"] = achieved
        figures["opcua_p99_lag_ms"] = found["p99_lag_ms"]
        figures["opcua_engine_core"] = busy["cpu_s"] / float(took_s)
    return figures


def _drained(client: Measured, changes: int) -> dict[str, float]:
    """Wait for what is still on its way, as long as more comes."""
    end = time.monotonic() + DRAIN_S
    found = client.figures()
    while found["changes"] < changes and time.monotonic() < end:
        time.sleep(1.0)
        before, found = found["changes"], client.figures()
        if found["changes"] == before:
            break
    return found


@contextlib.contextmanager
def _client(kind: str, port: int) -> Iterator[Measured]:
    client = Measured(kind, port)
    try:
        yield client
    finally:
        client.peer.close()


@contextlib.contextmanager
def counting_server(variables: int) -> Iterator[tuple[Peer, int]]:
    """Run the server whose variables count (see server.js for its orders); yields it and its port."""
    node = shutil.which("node")
    if node is None or not (SERVER / "node_modules").is_dir():
        raise SystemExit(
            "benchmarks: the OPC UA server is missing; scripts/setup.sh test installs it (Node.js 20 or newer)"
        )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:  # for the certificate that the server makes
        server = Peer([node, str(SERVER / "server.js"), str(port), str(variables)], XDG_CONFIG_HOME=folder)
        try:
            yield server, port
        finally:
            server.close()


def _pipe(stream: IO[str] | None) -> IO[str]:
    if stream is None:
        raise RuntimeError("a pipe was asked for")
    return stream
