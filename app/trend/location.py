"""Where the store of a project is: the same answer in the engine and in every console."""

import os
import tempfile
from pathlib import Path


def store_path(project_id: str) -> Path:
    """Return the path of the project's store: in HAIHE_SHM, else /dev/shm, else the directory of temporary files."""
    uid = os.getuid() if hasattr(os, "getuid") else 0
    chosen = os.environ.get("HAIHE_SHM")
    directory = Path(chosen) if chosen else Path("/dev/shm")  # noqa: S108 - shared memory, owner-only file
    if not chosen and not directory.is_dir():
        directory = Path(tempfile.gettempdir())
    return directory / f"haihe-{uid}-{project_id}.trend"
