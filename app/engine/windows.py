"""What a tag was over a window that ends now, from the trend store."""

import logging
from pathlib import Path

from app.model.clock import SECOND_NS, Clock
from app.model.errors import StoreError
from app.model.expressions import Windowed
from app.trend import StoreReader

log = logging.getLogger(__name__)

NOTHING = Windowed(float("nan"), 0.0, 0.0)


class StoreWindows:
    """Reads the engine's own store. One thread.

    It is opened when it is first asked for, and again after an error or ``close``, as when there is another store.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path, self._clock = path, clock
        self._reader: StoreReader | None = None

    def __call__(self, name: str, seconds: float) -> Windowed | None:
        """Return mean, good share and area of the last so many seconds; None for a tag that the store does not have."""
        now_ns = self._clock.now_ns()
        try:
            if self._reader is None:
                self._reader = StoreReader(self._path)
            found = self._reader.statistics(self._reader.slot(name), now_ns - int(seconds * SECOND_NS), now_ns)
        except KeyError:
            return None
        except StoreError as error:
            log.warning("no mean or total can be reckoned: %s", error)
            self.close()
            return NOTHING
        return Windowed(found.mean, found.good_fraction, found.total)

    def close(self) -> None:
        """Let the store go."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None
