"""A real PostgreSQL server of one's own, on a socket in a folder of its own; for tests and benchmarks."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


def _binary(name: str) -> str:
    """Return the path of a program of PostgreSQL; Debian keeps them out of PATH, and wraps some of them there."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    path = str(found[-1]) if found else shutil.which(name)
    assert path, f"{name} is missing; run: sudo apt-get install -y --no-install-recommends postgresql"
    return path


class PostgresServer:
    """May be stopped and started again, on the same data."""

    def __init__(self, folder: Path) -> None:
        """Make the data in an empty folder."""
        # PostgreSQL refuses to run as root.
        self._user: dict[str, Any] = {"user": "nobody", "extra_groups": []} if os.getuid() == 0 else {}
        if self._user:
            shutil.chown(folder, "nobody")
        self._folder, data = folder, folder / "data"
        self.url = f"postgresql://haihe@/postgres?host={folder}"
        """Of a database that is always there."""
        self._control = [_binary("pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log")]
        self._run(_binary("initdb"), "-D", str(data), "-U", "haihe", "-A", "trust", "-E", "UTF8", "-N")

    def start(self) -> None:
        """Start it; it answers when this returns."""
        options = f"-k {self._folder} -c listen_addresses='' -c fsync=off -c shared_buffers=32MB"
        self._run(*self._control, "-o", options, "start")

    def stop(self) -> None:
        """End it as a crash would: nothing is finished, every connection is cut."""
        self._run(*self._control, "-m", "immediate", "stop")

    def _run(self, *words: str) -> None:
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL, timeout=60, cwd=self._folder, **self._user)


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """Start a server; ends it and removes its folder afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="haihe-pg-"))
    try:
        server = PostgresServer(folder)
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running_server() -> Iterator[str]:
    """Start a server; gives its URL."""
    with postgres_server() as server:
        yield server.url
