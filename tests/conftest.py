"""Rules for every test: no screen, no state of the user's, nothing stays behind."""

import asyncio
import os
import tempfile
import threading
from collections.abc import AsyncIterator, Iterator

import pytest
from hypothesis import settings

settings.register_profile("haihe", deadline=None)  # a busy machine is no counter-example
settings.load_profile("haihe")

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
_STATE = tempfile.TemporaryDirectory(prefix="haihe-tests-")
os.environ["HAIHE_STATE"] = _STATE.name


@pytest.fixture(autouse=True)
def _no_thread_left() -> Iterator[None]:
    """Fail a test that leaves a thread of ours running; pools of the interpreter and of libraries may stay."""
    before = set(threading.enumerate())
    yield
    left = [thread for thread in threading.enumerate() if thread not in before and not thread.daemon]
    for thread in left:
        thread.join(timeout=2.0)
    alive = [
        thread.name
        for thread in left
        if thread.is_alive() and not thread.name.startswith(("asyncio_", "ThreadPoolExecutor"))
    ]
    assert not alive, f"threads left: {alive}"


@pytest.fixture
async def no_task_left() -> AsyncIterator[None]:
    """Fail an asynchronous test that leaves tasks pending in its loop."""
    before = asyncio.all_tasks()
    yield
    for _ in range(3):
        await asyncio.sleep(0)
    left = [task for task in asyncio.all_tasks() - before if not task.done() and task is not asyncio.current_task()]
    assert not left, f"tasks left: {left}"
