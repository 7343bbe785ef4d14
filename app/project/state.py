"""Where runtime state lives: outside the project folder, which is kept in git and may be read-only.

``HAIHE_STATE`` names the root; without it the user's state directory is used. Each project has a folder of its
own, readable by its owner only. Functions create the folder that they return and raise ProjectError where they cannot.
"""

import os
import re
from pathlib import Path

import platformdirs

from app.model.errors import ProjectError

_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,31}")


def state_root() -> Path:
    """Return the folder of all runtime state, without creating it."""
    configured = os.environ.get("HAIHE_STATE", "")
    if configured:
        return Path(configured).expanduser().absolute()
    return platformdirs.user_state_path("haihe", appauthor=False)


def state_folder(project_id: str) -> Path:
    """Return the state folder of a project (mode 0700), made where it is missing.

    Raises:
        ProjectError: the id cannot name a folder, or the folder cannot be made.

    """
    if _ID.fullmatch(project_id) is None:
        raise ProjectError(
            f"project id '{project_id}' cannot name a folder; "
            "allowed: a letter, then letters, digits, _ or -, at most 32"
        )
    return _make(state_root() / "projects" / project_id)


def database_path(project_id: str) -> Path:
    """Return the path of the SQLite database (journal, audit, history, users)."""
    return state_folder(project_id) / "haihe.db"


def checkpoint_path(project_id: str) -> Path:
    """Return the path of the copy of the trend store on disk."""
    return state_folder(project_id) / "trend.checkpoint"


def alive_path(project_id: str) -> Path:
    """Return the path of the file whose time of change is the engine's last beat."""
    return state_folder(project_id) / "engine.alive"


def endpoint_path(project_id: str) -> Path:
    """Return the path of the file by which consoles find the running engine."""
    return state_folder(project_id) / "engine.json"


def plant_endpoint_path(project_id: str) -> Path:
    """Return the path of the file by which ``haihe disturb`` finds the running demo plant."""
    return state_folder(project_id) / "plant.json"


def log_folder(project_id: str) -> Path:
    """Return the folder of the log files, made where it is missing."""
    return _make(state_folder(project_id) / "logs")


def keys_folder(project_id: str) -> Path:
    """Return the folder of keys and certificates of connections (mode 0700), made where it is missing."""
    return _make(state_folder(project_id) / "keys")


def console_settings_path(project_id: str) -> Path:
    """Return the path of the console's settings on this workstation (layout, theme, language)."""
    return state_folder(project_id) / "console.ini"


def cache_folder() -> Path:
    """Return the folder of what can be made again at any time, made where it is missing."""
    return _make(state_root() / "cache")


def _make(folder: Path) -> Path:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.stat().st_mode & 0o077:
            folder.chmod(0o700)
    except OSError as error:
        raise ProjectError(
            f"state folder {folder} cannot be made: {error.strerror}; set HAIHE_STATE to a folder that can"
        ) from error
    return folder
