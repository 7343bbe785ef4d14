import asyncio
import contextlib
import logging

import pytest

from app.engine.tasks import end_tasks


async def _deaf(started: asyncio.Event) -> None:
    """Swallow the first cancellation, as a library's clean-up may."""
    with contextlib.suppress(asyncio.CancelledError):
        started.set()
        await asyncio.Event().wait()
    await asyncio.Event().wait()


async def _failing() -> None:
    raise ValueError("broken")


async def test_a_task_that_swallows_a_cancellation_still_ends() -> None:
    started = asyncio.Event()
    task = asyncio.create_task(_deaf(started))
    await started.wait()
    await end_tasks([task], patience_s=0.01)
    assert task.cancelled()


async def test_the_error_of_a_task_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    task = asyncio.create_task(_failing(), name="x")
    await asyncio.wait([task])
    with caplog.at_level(logging.ERROR):
        await end_tasks([task])
    assert "task x ended with ValueError: broken" in caplog.text


async def test_no_tasks_is_nothing_to_do() -> None:
    tasks: list[asyncio.Task[None]] = []
    await end_tasks(tasks)
    assert tasks == []
