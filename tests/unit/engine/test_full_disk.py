"""Outboxes on a full disk: what the spool does not take waits in memory, and nothing is stored twice."""

import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.engine import carrier, keeper
from tests.unit.engine.test_outbox import Bench, item, locked, settled
from tests.unit.storage.limits import full_disk


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Iterator[Bench]:
    monkeypatch.setattr(keeper, "FIRST_RETRY_S", 0.01)
    monkeypatch.setattr(keeper, "LAST_RETRY_S", 0.02)
    monkeypatch.setattr(carrier, "SLOW_S", 0.1)
    caplog.set_level(logging.WARNING)
    bench = Bench(tmp_path)
    yield bench
    bench.stores.close()


def until(holds: Callable[[], object]) -> None:
    tick = threading.Event()
    for _ in range(4000):
        if holds():
            return
        tick.wait(0.005)
    raise AssertionError


def messages(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [each.message for each in caplog.records if "haihe-journal: the spool" in each.message]


def test_what_comes_to_a_full_disk_waits_in_memory_and_each_time_is_told_once(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    bench.away = True
    bench.stores.start()
    bench.stores.journal.offer([item(0)]).result(10)
    for time in (1, 2):
        with full_disk():
            waits = [bench.stores.journal.offer([item(n)]) for n in range(time * 10, time * 10 + 10)]
            with pytest.raises(TimeoutError):
                waits[0].result(0.3)
            assert bench.stores.dropped == 0
        waits[-1].result(20)
        assert len(messages(caplog)) == 2 * time
        assert "File too large" in messages(caplog)[-2]
    bench.away = False
    settled(bench)
    assert bench.journal() == [0, *range(10, 30)]


def test_what_a_slow_database_takes_after_all_is_not_stored_again_though_the_spool_failed(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    folder = bench.folder / "spool" / "journal"
    bench.stores.start()
    until(folder.is_dir)
    bench.stores.journal.offer([]).result(10)
    with locked(bench.path):
        folder.rmdir()
        folder.write_text("no segment can be made here")
        first = bench.stores.journal.offer([item(0)])
        until(lambda: messages(caplog))
        second = bench.stores.journal.offer([item(1)])
    first.result(10)
    second.result(10)
    settled(bench)
    assert bench.journal() == [0, 1]
    assert (bench.stores.dropped, bench.stores.refused) == (0, 0)
