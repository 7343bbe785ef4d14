"""engine.json in the state folder: where a running engine listens, readable by its owner only."""

import contextlib
import json
import os
import tempfile
from pathlib import Path
from typing import Final, cast

import psutil

from app.link.codec import CodecError, Json, decode, encode
from app.model.engine import EngineEndpoint
from app.project.state import endpoint_path

_CLOCK_SLACK_S: Final = 2.0


def write_endpoint(path: Path, endpoint: EngineEndpoint) -> None:
    """Write the file at once and whole, with mode 0600."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".engine-", suffix=".json")  # mkstemp gives 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(encode(endpoint), file, indent=1)
        os.replace(name, path)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def read_endpoint(path: Path) -> EngineEndpoint | None:
    """Return the endpoint, or None where there is no readable one."""
    try:
        return decode(EngineEndpoint, cast(Json, json.loads(path.read_text(encoding="utf-8"))))
    except (OSError, ValueError, CodecError):
        return None


def remove_endpoint(path: Path, pid: int) -> None:
    """Remove the file where it is still that of the process ``pid``."""
    endpoint = read_endpoint(path)
    if endpoint is not None and endpoint.pid == pid:
        path.unlink(missing_ok=True)


def process_identity(pid: int) -> str:
    """Return what tells a process from any other with its number, whatever the clock does; empty where unknown.

    On Linux the boot, and the start in ticks since it (proc(5), field 22 of stat, counted from the closing bracket).
    """
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        stat = Path(f"/proc/{pid}/stat").read_bytes()
        return f"{boot} {int(stat.rpartition(b')')[2].split()[19])}"
    except (OSError, ValueError, IndexError):
        return ""


def is_alive(endpoint: EngineEndpoint) -> bool:
    """Tell whether the process that wrote the endpoint still runs (a reused pid is not taken for it)."""
    try:
        process = psutil.Process(endpoint.pid)
        started = process.create_time()
        gone = process.status() == psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False
    if gone or endpoint.process:
        return not gone and process_identity(endpoint.pid) == endpoint.process
    return started <= endpoint.started_ns / 1e9 + _CLOCK_SLACK_S  # no Linux; a step of the clock may deceive this


def find_engine(project_id: str) -> EngineEndpoint | None:
    """Return the endpoint of the engine that serves a project on this computer, or None."""
    endpoint = read_endpoint(endpoint_path(project_id))
    if endpoint is None or endpoint.project_id != project_id or not is_alive(endpoint):
        return None
    return endpoint


def public(endpoint: EngineEndpoint) -> dict[str, Json]:
    """Return the endpoint as JSON without its secret; for the READY line."""
    data = encode(endpoint)
    return {key: value for key, value in data.items() if key != "secret"} if isinstance(data, dict) else {}
