"""Until when an engine ran: kept on disk, for a killed one says no more, and shared memory may be gone after it."""

import asyncio
import logging
import os
from pathlib import Path
from typing import Final

from app.model.clock import SECOND_NS, Clock

PERIOD_S: Final = 1.0
MARGIN_NS: Final = 2 * SECOND_NS
"""What was recorded between the last beat and the end of a run lies within this."""

log = logging.getLogger(__name__)


class Alive:
    """A file whose time of change is the last beat of the engine.

    Attributes:
        until_ns: when the run before had ended for certain (ns, UTC); 0 where there was none.

    """

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path, self._clock = path, clock
        self._problem = ""
        self.until_ns = 0
        try:
            self.until_ns = min(path.stat().st_mtime_ns + MARGIN_NS, clock.now_ns())
        except FileNotFoundError:
            pass
        except OSError as error:
            self._tell(error)

    def beat(self) -> None:
        """Say that the engine runs now. In any thread."""
        now_ns = self._clock.now_ns()
        try:
            self._path.touch(mode=0o600)
            os.utime(self._path, ns=(now_ns, now_ns))
            self._problem = ""
        except OSError as error:
            self._tell(error)

    async def run(self) -> None:
        """Beat until cancelled, off the event loop: a disk may be slow."""
        while True:
            await asyncio.to_thread(self.beat)
            await asyncio.sleep(PERIOD_S)

    def _tell(self, error: OSError) -> None:
        """Tell once of each problem; without the file only the end of a killed run is less certain."""
        if str(error) != self._problem:
            self._problem = str(error)
            log.warning("%s: %s; a kill of the engine may not be seen as a gap in history", self._path, error.strerror)
