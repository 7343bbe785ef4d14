"""When the engine saves the trend store, and what a failed save does."""

import asyncio
import logging
from pathlib import Path

import numpy as np
import pytest

from app.engine.checkpoints import BYTES_PER_SAMPLE, CHECK_S, Checkpoints
from app.trend import RetentionClass, SlotSpec, StoreReader, StoreWriter

KEPT = RetentionClass("small", 64, (64, 64))


def append(writer: StoreWriter, first: int, count: int) -> None:
    t = np.arange(first, first + count, dtype=np.int64) * 1_000_000_000
    zeros = np.zeros(count, np.uint32)
    assert writer.append_batch(zeros, t, t.astype(np.float64), zeros, 0) == 0


def test_saves_when_the_new_samples_are_worth_it(tmp_path: Path) -> None:
    store, saved = tmp_path / "s", tmp_path / "s.checkpoint"
    with StoreWriter(store, [SlotSpec("a", KEPT)], now_ns=0) as writer:
        checkpoints = Checkpoints(store, saved)
        assert not checkpoints.save_if_due()
        written, done = 0, 0
        for _ in range(200):
            append(writer, done, 100)
            done += 100
            if checkpoints.save_if_due():
                written += saved.stat().st_size
        assert 0 < written <= done * (BYTES_PER_SAMPLE + 2)
        assert not checkpoints.save_if_due()
    store.unlink()
    with StoreWriter(store, [SlotSpec("a", KEPT)], now_ns=0, checkpoint=saved), StoreReader(store) as reader:
        newest = reader.coverage(0).newest_ns
        assert newest is not None
        assert newest >= (done - 1_000) * 1_000_000_000


def test_samples_of_tags_that_are_gone_delay_no_save(tmp_path: Path) -> None:
    with StoreWriter(tmp_path / "s", [SlotSpec("gone", KEPT)], now_ns=0) as writer:
        append(writer, 0, 100_000)
        checkpoints = Checkpoints(tmp_path / "s", tmp_path / "s.checkpoint")
        successor = writer.successor([SlotSpec("a", KEPT)], now_ns=0)
        writer.succeed(successor, now_ns=0)
        successor.close()
        assert not checkpoints.save_if_due()
        append(writer, 0, 5_000)
        assert checkpoints.save_if_due()


def test_a_save_that_fails_is_logged_and_tried_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with StoreWriter(tmp_path / "s", [SlotSpec("a", KEPT)], now_ns=0) as writer:
        checkpoints = Checkpoints(tmp_path / "s", tmp_path / "gone" / "checkpoint")
        append(writer, 0, 5_000)
        with caplog.at_level(logging.WARNING):
            assert not checkpoints.save_if_due()
            assert not checkpoints.save_if_due()
        assert caplog.text.count("no new checkpoint") == 1  # once, though it is tried again every minute
        (tmp_path / "gone").mkdir()
        assert checkpoints.save_if_due()


async def test_looks_every_minute_whether_one_is_due(tmp_path: Path) -> None:
    saved, waits, minutes = tmp_path / "s.checkpoint", list[float](), list[bool]()
    with StoreWriter(tmp_path / "s", [SlotSpec("a", KEPT)], now_ns=0) as writer:

        async def minute(seconds: float) -> None:
            waits.append(seconds)
            minutes.append(saved.exists())
            if len(waits) == 2:
                append(writer, 0, 5_000)
            if len(waits) == 4:
                raise asyncio.CancelledError

        with pytest.raises(asyncio.CancelledError):
            await Checkpoints(tmp_path / "s", saved).run(minute)
    assert waits == [CHECK_S] * 4
    assert minutes == [False, False, True, True]
