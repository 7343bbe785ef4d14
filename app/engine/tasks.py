"""Ending tasks for certain."""

import asyncio
import logging
from collections.abc import Collection
from typing import Any, Final

log = logging.getLogger(__name__)

PATIENCE_S: Final = 3.0
ATTEMPTS: Final = 5


async def end_tasks(tasks: Collection["asyncio.Task[Any]"], patience_s: float = PATIENCE_S) -> None:
    """Cancel tasks until they have ended, and log those that end with an error.

    A library may swallow a cancellation that falls into its own clean-up (asyncua's connect and disconnect do);
    the task then runs on as if nothing had been said. So it is said again, a few times.
    """
    pending = set(tasks)
    for _ in range(ATTEMPTS):
        for task in pending:
            task.cancel()
        if not pending:
            break
        _, pending = await asyncio.wait(pending, timeout=patience_s)
    for task in tasks:
        if task in pending:
            log.error("task %s does not end", task.get_name())
        elif not task.cancelled() and (error := task.exception()) is not None:
            log.error("task %s ended with %s: %s", task.get_name(), type(error).__name__, error)
