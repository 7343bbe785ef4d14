"""A real PostgreSQL server of the test's own, on a socket in a folder of its own."""

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


@contextmanager
def running_server() -> Iterator[str]:
    """Start a server; gives its URL without a database, ends it and removes its folder afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="haihe-pg-"))
    # PostgreSQL refuses to run as root.
    user: dict[str, Any] = {"user": "nobody", "extra_groups": []} if os.getuid() == 0 else {}
    if user:
        shutil.chown(folder, "nobody")
    data = folder / "data"

    def run(*words: str) -> None:
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL, timeout=60, cwd=folder, **user)

    control = [_binary("pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log")]
    try:
        run(_binary("initdb"), "-D", str(data), "-U", "haihe", "-A", "trust", "-E", "UTF8", "-N")
        options = f"-k {folder} -c listen_addresses='' -c fsync=off -c shared_buffers=32MB"
        run(*control, "-o", options, "start")
        try:
            yield f"postgresql://haihe@/postgres?host={folder}"
        finally:
            run(*control, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
