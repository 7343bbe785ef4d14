"""Ends a child process of the demo when the demo is gone, however that died: its standard input ends then.

Portable: it needs nothing of the system but a pipe.
"""

import os
import signal
import threading
from _thread import interrupt_main
from typing import Final

GRACE_S: Final = 30.0
"""Time to end in order; then it ends all the same."""
_STDIN: Final = 0


def end_with_input() -> None:
    """Watch standard input, a pipe that only the parent holds; at its end, act as on SIGTERM."""
    threading.Thread(target=_watch, name="parent", daemon=True).start()


def _watch() -> None:
    while _read():
        pass
    if signal.getsignal(signal.SIGTERM) == signal.SIG_DFL:
        os._exit(1)  # not yet, or no more, in a position to end in order
    timer = threading.Timer(GRACE_S, os._exit, (1,))
    timer.daemon = True
    timer.start()
    interrupt_main(signal.SIGTERM)


def _read() -> bytes:
    """Return what came, empty at the end. Not through ``sys.stdin``: its lock would be held while we wait."""
    try:
        return os.read(_STDIN, 4096)
    except OSError:
        return b""
