"""Where the engine's log goes: files with rotation in the state folder, warnings to stderr too."""

import logging
from collections import deque
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

MAX_BYTES: Final = 2 * 2**20
BACKUPS: Final = 5
RECENT: Final = 20


class RecentErrors(logging.Handler):
    """Keeps the last warnings and errors for the system page."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: deque[str] = deque(maxlen=RECENT)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one record as text, without its traceback."""
        self.lines.append(f"{record.levelname} {record.name}: {record.getMessage()}")


def start_logging(folder: Path) -> RecentErrors:
    """Send the log to ``folder``/engine.log and stderr; return the handler with the recent errors."""
    form = logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
    form.default_msec_format = "%s.%03d"
    file = RotatingFileHandler(folder / "engine.log", maxBytes=MAX_BYTES, backupCount=BACKUPS, encoding="utf-8")
    screen = logging.StreamHandler()
    screen.setLevel(logging.WARNING)
    recent = RecentErrors()
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    for handler in (file, screen, recent):
        handler.setFormatter(form)
        root.addHandler(handler)
    for noisy in ("asyncua", "pymodbus", "websockets", "alembic", "sqlalchemy"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    return recent
