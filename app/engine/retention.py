"""Keeps history and journal within their age limits, beside everything else that the database does."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Final

from app.model.clock import SECOND_NS, Clock
from app.model.errors import DatabaseError

PERIOD_S: Final = 600.0
PAUSE_S: Final = 0.25
"""Between two steps, so that what was written meanwhile comes first."""
DAY_NS: Final = 86_400 * SECOND_NS


async def keep_within(
    days: Callable[[], int], prune: Callable[[int], Awaitable[bool]], clock: Clock, period_s: float = PERIOD_S
) -> None:
    """Remove what is older than ``days`` tells at each step, every ``period_s`` seconds, until cancelled.

    ``prune`` takes a time (ns, UTC), removes one step of what lies before it, and tells whether there may be more.
    Nothing is removed while ``days`` tells 0.
    """
    while True:
        with contextlib.suppress(DatabaseError):  # away: the next round finds the same rows
            more = True
            while more and (kept := days()):
                more = await prune(clock.now_ns() - kept * DAY_NS)
                await asyncio.sleep(PAUSE_S if more else 0.0)
        await asyncio.sleep(period_s)
