"""Keeps a copy of the trend store on disk: shared memory is gone after a reboot."""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from app.model.errors import StoreError
from app.trend import StoreReader

BYTES_PER_SAMPLE: Final = 18
"""A checkpoint is due when it writes no more than this for each sample that came since the last one."""
CHECK_S: Final = 60.0

log = logging.getLogger(__name__)


class Checkpoints:
    """Saves the store whole, beside its writer: when enough new samples came to be worth the disk, and at the end.

    With 10,000 tags at 1 Hz in full default rings that is every two to three hours. What came after the
    last checkpoint is in the SQL history.
    """

    def __init__(self, store: Path, checkpoint: Path) -> None:
        self._store = store
        self._checkpoint = checkpoint
        self._saving = threading.Lock()
        self._problem = ""
        with StoreReader(store) as reader:
            self._appended = reader.usage()[0]

    async def run(self, wait: Callable[[float], Awaitable[object]] = asyncio.sleep) -> None:
        """Save whenever it is due, in a thread, until cancelled; a problem is logged once and tried again."""
        while True:
            await wait(CHECK_S)
            await asyncio.to_thread(self.save_if_due)

    def save_if_due(self) -> bool:
        """Save when enough came since the last time; tell whether it did. In any thread."""
        return self._save(only_if_due=True)

    def save(self) -> bool:
        """Save now; tell whether it worked. In any thread."""
        return self._save(only_if_due=False)

    def _save(self, *, only_if_due: bool) -> bool:
        # a thread cannot be cancelled: the last save of a stopping engine waits for one that is running
        with self._saving:
            try:
                with StoreReader(self._store) as reader:
                    appended, size = reader.usage()
                    self._appended = min(self._appended, appended)  # tags that are gone took theirs with them
                    if only_if_due and (appended - self._appended) * BYTES_PER_SAMPLE < size:
                        return False
                    size = reader.save_checkpoint(self._checkpoint)
            except StoreError as error:
                if str(error) != self._problem:
                    log.warning("the trend store has no new checkpoint: %s", error)
                self._problem = str(error)
                return False
            self._appended, self._problem = appended, ""
        log.info("trend store saved to %s, %d bytes", self._checkpoint, size)
        return True
