"""The store against a plain numpy reference, and through kill, damage and change of layout."""

import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from app.model.errors import StoreError
from app.trend import RetentionClass, SlotSpec, StoreReader, StoreWriter

SMALL = RetentionClass("small", 64, (64, 64))
BAD = 0x80000000

STEP = some.tuples(
    some.integers(0, 5),
    some.one_of(some.floats(-1e6, 1e6), some.sampled_from([float("nan"), float("inf"), -float("inf")])),
    some.sampled_from([0, 0x40000000, BAD]),
)


def fill(writer: StoreWriter, steps: list[tuple[int, float, int]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    t = np.cumsum([gap for gap, _, _ in steps], dtype=np.int64) * 1_000_000_000
    values = np.array([value for _, value, _ in steps])
    status = np.array([code for _, _, code in steps], dtype=np.uint32)
    assert writer.append_batch(np.zeros(len(t), np.uint32), t, values, status, 0) == 0
    return t, values, status


@settings(max_examples=60, deadline=None)
@given(
    base=some.lists(STEP, min_size=1, max_size=40),
    repeat=some.integers(1, 40),
    border=some.tuples(some.floats(0, 1), some.floats(0, 1)),
    columns=some.integers(1, 50),
)
def test_window_and_statistics_agree_with_numpy(
    tmp_path_factory: pytest.TempPathFactory,
    base: list[tuple[int, float, int]],
    repeat: int,
    border: tuple[float, float],
    columns: int,
) -> None:
    path = tmp_path_factory.mktemp("store") / "s.trend"
    steps = base * repeat
    with StoreWriter(path, [SlotSpec("a", SMALL)], now_ns=0) as writer:
        t, values, status = fill(writer, steps)
        writer.heartbeat(int(t[-1]))
        reader = StoreReader(path)
        good = np.isfinite(values) & (status < BAD)

        whole = reader.window(0, 0, int(t[-1]), columns)
        assert int(whole.count.sum()) == len(t)
        if good.any():
            assert np.nanmin(whole.minimum) == values[good].min()
            assert np.nanmax(whole.maximum) == values[good].max()
        else:
            assert np.isnan(whole.minimum).all()
        assert int(whole.status.max()) == int(status.max())

        start, end = sorted(int(t[-1] * part) for part in border)
        found = reader.statistics(0, start, end)
        if found.exact:
            until = np.append(t[1:], t[-1])
            held = np.clip(np.minimum(until, end) - np.maximum(t, start), 0, None)
            inside = (t >= start) & (t <= end)
            seen = good & (inside | (held > 0))
            assert found.count == int(inside.sum())
            area = float((values[seen] * held[seen]).sum()) / 1e9
            assert found.total == pytest.approx(area, rel=1e-9, abs=1e-3)
            assert np.isnan(found.minimum) == (not seen.any())
            if seen.any():
                assert (found.minimum, found.maximum) == (values[seen].min(), values[seen].max())
        reader.close()


def test_late_samples_are_counted_and_equal_stamps_kept(tmp_path: Path) -> None:
    with StoreWriter(tmp_path / "s", [SlotSpec("a", SMALL)], now_ns=0) as writer:
        assert writer.append(0, 10, 1.0, 0, 0)
        assert writer.append(0, 10, 2.0, 0, 0)
        assert not writer.append(0, 9, 3.0, 0, 0)
        reader = StoreReader(tmp_path / "s")
        assert reader.raw(0, 0, 20, 10).value.tolist() == [1.0, 2.0]
        assert (reader.counters().late, reader.late(0)) == (1, 1)


@pytest.mark.parametrize("value", [1.5, 7, -(2**63), 2**64 - 1, True, "text", None])
def test_live_value_is_exact(tmp_path: Path, value: float | int | bool | str | None) -> None:
    with StoreWriter(tmp_path / "s", [SlotSpec("a", SMALL)], now_ns=0) as writer:
        writer.append(0, 1, value, 0, 2)
        sample = StoreReader(tmp_path / "s").sample(0)
        assert sample.value == value
        assert type(sample.value) is type(value)


def test_changed_returns_only_what_changed(tmp_path: Path) -> None:
    with StoreWriter(tmp_path / "s", [SlotSpec("a", SMALL), SlotSpec("b", SMALL)], now_ns=0) as writer:
        reader = StoreReader(tmp_path / "s")
        cursor, slots = reader.changed(0)
        assert slots.tolist() == [0, 1]
        writer.append(1, 1, 1.0, 0, 0)
        cursor, slots = reader.changed(cursor)
        assert slots.tolist() == [1]
        assert reader.changed(cursor)[1].size == 0


def test_second_writer_is_refused_by_pid(tmp_path: Path) -> None:
    with StoreWriter(tmp_path / "s", [SlotSpec("a", SMALL)], now_ns=0), pytest.raises(StoreError, match="process"):
        StoreWriter(tmp_path / "s", [SlotSpec("a", SMALL)], now_ns=0)


@pytest.mark.parametrize("damage", ["truncated", "magic", "version", "directory"])
def test_damaged_file_is_set_aside(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "s"
    StoreWriter(path, [SlotSpec("a", SMALL)], now_ns=0).close()
    content = bytearray(path.read_bytes())
    if damage == "truncated":
        del content[-64:]
    else:
        content[{"magic": 0, "version": 8, "directory": 4100}[damage]] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(StoreError):
        StoreReader(path)
    with StoreWriter(path, [SlotSpec("a", SMALL)], now_ns=0) as writer:
        assert "set aside" in writer.messages[0]
    assert (tmp_path / "s.damaged-1").read_bytes() == content


def test_layout_change_keeps_samples_of_unchanged_slots(tmp_path: Path) -> None:
    path = tmp_path / "s"
    with StoreWriter(path, [SlotSpec("a", SMALL), SlotSpec("b", SMALL)], now_ns=0) as writer:
        for i in range(500):
            writer.append(1, i, float(i), 0, 0)
    reader = StoreReader(path)
    with StoreWriter(path, [SlotSpec("b", SMALL), SlotSpec("c", SMALL)], now_ns=1):
        assert not reader.is_current()
        fresh = StoreReader(path)
        assert fresh.generation != reader.generation
        assert fresh.sample(fresh.slot("b")).value == 499.0
        assert int(fresh.window(0, 0, 500, 4).count.sum()) == 500


WRITER = """
import sys
from pathlib import Path
from app.trend import RetentionClass, SlotSpec, StoreReader, StoreWriter
writer = StoreWriter(Path(sys.argv[1]), [SlotSpec("a", RetentionClass("small", 64, (64, 64)))], now_ns=0)
i = int(sys.argv[2])
while True:
    i += 1
    writer.append(0, i, float(i), 0, i)
    if i % 64 == 0:
        sys.stdout.write(f"{i}\\n")
        sys.stdout.flush()
"""


def test_killed_writer_loses_nothing_acknowledged(tmp_path: Path) -> None:
    path, newest = tmp_path / "s", 0
    for _ in range(20):
        with subprocess.Popen([sys.executable, "-c", WRITER, str(path), str(newest)], stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            assert child.stdout.readline()
            reader = StoreReader(path)
            for _ in range(50):
                samples = reader.raw(0, 0, 1 << 60, 1000)
                assert (samples.t_ns == samples.value).all()
                rows = reader.window(0, 0, 1 << 40, 20)
                assert (rows.maximum == rows.t_last).all()
            child.send_signal(signal.SIGKILL)
            acknowledged = max([newest, *map(int, child.stdout.read().split(b"\n")[:-1])])
        after = StoreReader(path).sample(0)
        assert after.value == after.source_ns >= acknowledged
        newest = after.source_ns
