"""Writing of a file that is either the old one or the new one, never half of it."""

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.model.errors import ProjectError
from app.project.leftovers import PREFIX, remove_leftovers


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
            sync_folder(path.parent)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise ProjectError(f"{path} cannot be saved: {error.strerror}; the file is as it was") from error


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a path that takes the place of another when the block ends well; until then that stays as it was.

    It lies in a folder of its own beside it, which is for what else has to be written on the same disk, and goes; that
    of a program which was killed goes when another file is written there a day later.
    What is no file (``/dev/stdout``, a pipe) is given as it is. Blocks on the disk; raises OSError.
    """
    target = path.resolve()
    if target.exists() and not target.is_file():
        yield path
        return
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=PREFIX) as folder:
        remove_leftovers(Path(folder))
        made = Path(folder) / target.name
        yield made
        with made.open("rb+") as file:
            os.fsync(file.fileno())
        if target.exists():
            made.chmod(target.stat().st_mode & 0o777)
        made.replace(target)
        with suppress(OSError):  # it is there, and some file systems cannot
            sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Flush to the disk which files a folder has; only POSIX systems have a way to. Blocks; raises OSError."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
