"""History leaves the database by its age, whatever fails meanwhile."""

import asyncio

from app.engine.retention import DAY_NS, keep_within
from app.model.clock import ManualClock
from app.model.errors import DatabaseError


async def test_every_step_is_taken_and_a_database_that_was_away_is_asked_again() -> None:
    clock = ManualClock()
    asked: list[int] = []
    done = asyncio.Event()

    async def prune(before_ns: int) -> bool:
        asked.append(before_ns)
        if len(asked) == 2:
            raise DatabaseError("away")
        if len(asked) == 4:
            done.set()
        return len(asked) < 4

    task = asyncio.create_task(keep_within(lambda: 30, prune, clock, period_s=0.01))
    await asyncio.wait_for(done.wait(), 10)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert asked[:4] == [clock.now_ns() - 30 * DAY_NS] * 4


async def test_nothing_is_removed_while_there_is_no_limit() -> None:
    limits, asked = iter([0, 0, 5]), []
    done = asyncio.Event()

    async def prune(before_ns: int) -> bool:
        asked.append(before_ns)
        done.set()
        return False

    clock = ManualClock()
    task = asyncio.create_task(keep_within(lambda: next(limits, 0), prune, clock, period_s=0.01))
    await asyncio.wait_for(done.wait(), 10)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert asked == [clock.now_ns() - 5 * DAY_NS]
