"""Writing of a file that is either the old one or the new one, never half of it."""

import os
import secrets
from pathlib import Path

from app.model.errors import ProjectError


def write_atomically(path: Path, text: str, *, durable: bool = True) -> None:
    """Replace a file by a text: temporary file in the same folder, flushed to the disk, renamed. Blocks on the disk.

    ``durable=False`` leaves the flushing to the system; for what can be made again.

    Raises:
        ProjectError: the old file is untouched.

    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
        with temporary.open("x", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        temporary.chmod(mode)
        temporary.replace(path)
        if durable:
            _sync_folder(path.parent)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise ProjectError(f"{path} cannot be saved: {error.strerror}; the file is as it was") from error


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
