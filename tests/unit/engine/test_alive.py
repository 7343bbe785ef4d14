"""Until when the run before was alive."""

import asyncio
import contextlib
from pathlib import Path

import pytest

from app.engine.alive import MARGIN_NS, Alive
from app.model.clock import SECOND_NS, ManualClock


def test_the_next_run_knows_when_the_one_before_had_ended(tmp_path: Path) -> None:
    clock = ManualClock()
    path = tmp_path / "engine.alive"
    first = Alive(path, clock)
    assert first.until_ns == 0
    first.beat()
    clock.ns += 5 * SECOND_NS
    first.beat()
    clock.ns += 60 * SECOND_NS
    assert Alive(path, clock).until_ns == clock.ns - 60 * SECOND_NS + MARGIN_NS
    assert path.stat().st_mode & 0o077 == 0


def test_a_run_that_follows_at_once_does_not_end_the_one_before_in_the_future(tmp_path: Path) -> None:
    clock = ManualClock()
    Alive(tmp_path / "engine.alive", clock).beat()
    clock.ns += 1
    assert Alive(tmp_path / "engine.alive", clock).until_ns == clock.ns


def test_it_beats_until_it_is_cancelled(tmp_path: Path) -> None:
    path = tmp_path / "engine.alive"
    beaten = asyncio.Event()

    class Told(ManualClock):
        def now_ns(self) -> int:
            if path.exists():  # at the second beat
                loop.call_soon_threadsafe(beaten.set)
            return super().now_ns()

    async def run() -> None:
        task = asyncio.create_task(Alive(path, Told()).run())
        await asyncio.wait_for(beaten.wait(), 10)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    loop = asyncio.new_event_loop()
    with contextlib.closing(loop):
        loop.run_until_complete(run())


def test_a_file_that_cannot_be_written_is_told_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "gone" / "engine.alive"
    alive = Alive(path, ManualClock())
    alive.beat()
    alive.beat()
    assert [str(path) in record.getMessage() for record in caplog.records] == [True]
    path.parent.mkdir()
    alive.beat()
    path.unlink()
    path.parent.rmdir()
    alive.beat()
    assert len(caplog.records) == 2
