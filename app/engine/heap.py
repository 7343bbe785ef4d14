"""How the C library keeps memory that was given back; the engine runs for months.

glibc gives each thread a heap of its own and keeps in each as much as that thread ever had at once. The largest are
SQLite's pages of history (16 MiB, given back whenever the journal was written) and the buffers of checkpoints, which
another thread writes every time: after an hour each of a dozen heaps stands at its own highest level.
"""

import ctypes
import sys
from typing import Final

LARGE: Final = 131_072
"""Blocks from this size on (bytes) are mapped alone, and gone as soon as they are free."""
_TRIM_THRESHOLD: Final = -1
_MMAP_THRESHOLD: Final = -3
_ARENA_MAX: Final = -8
"""Names of parameters in malloc.h."""


def share_one_heap() -> bool:
    """Let all threads of this process share one heap, and give large blocks back at once; tell whether it is so.

    To be called before there are other threads: heaps that exist stay. Only glibc needs it, and knows it.
    """
    if sys.platform != "linux":
        return False
    library = ctypes.CDLL(None)
    if not hasattr(library, "gnu_get_libc_version"):
        return False
    wanted = {_ARENA_MAX: 1, _MMAP_THRESHOLD: LARGE, _TRIM_THRESHOLD: LARGE}  # fixed: else they grow with what is freed
    return 0 not in [library.mallopt(parameter, value) for parameter, value in wanted.items()]
