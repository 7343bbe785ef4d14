"""Folders of files that a killed program was writing: removed once nobody can still be writing there."""

import os
import re
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

PREFIX: Final = ".haihe-"
_NAME: Final = re.compile(re.escape(PREFIX) + r"[a-z0-9_]{8}")
"""As tempfile makes them."""
_OLD_S: Final = 86_400.0


def remove_leftovers(own: Path) -> None:
    """Remove folders like ``own`` beside it in which nothing changed for a day. Blocks on the disk; never fails.

    Only what this user made, of plain files alone: another's, a link, or a folder with folders in it stays. The time
    is that of ``own``: of the disk, which may be another machine's.
    """
    with suppress(OSError):
        made = own.stat()
        for path in [each for each in own.parent.iterdir() if _NAME.fullmatch(each.name) and each != own]:
            with suppress(OSError):
                _remove(path, made)


def _remove(path: Path, made: os.stat_result) -> None:
    folder = path.lstat()
    if not stat.S_ISDIR(folder.st_mode) or folder.st_uid != made.st_uid:
        return
    found = {each: each.lstat() for each in path.iterdir()}
    newest = max(one.st_mtime for one in (folder, *found.values()))
    if made.st_mtime - newest < _OLD_S or not all(stat.S_ISREG(one.st_mode) for one in found.values()):
        return
    for each in found:
        each.unlink()
    path.rmdir()
