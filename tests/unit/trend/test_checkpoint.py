"""A store that is gone comes back from its checkpoint, and what it says is then what it said."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from app.model.errors import StoreError
from app.trend import RetentionClass, SlotSpec, StoreReader, StoreWriter
from tests.unit.trend.reference import CLASSES, SMALL, STEP, Series, Steps

FAR = 1 << 60
PAGE = Path(__file__).resolve().parents[3] / "docs" / "formats" / "trend-store.md"


def answers(path: Path, name: str) -> list[object]:
    """Return what a store says of a slot, in a form that can be compared."""
    with StoreReader(path) as reader:
        slot = reader.slot(name)
        rows, raw = reader.window(slot, 0, FAR, 40), reader.raw(slot, 0, FAR, 10_000)
        arrays = (rows.t_first, rows.t_last, rows.minimum, rows.maximum, rows.last, rows.status, rows.count, raw.t_ns)
        statistics = reader.statistics(slot, 0, FAR // 2)
        return [
            [array.tobytes() for array in (*arrays, raw.value, raw.status)],
            (statistics.count, statistics.minimum, statistics.maximum, statistics.exact).__repr__(),
            reader.coverage(slot),
            repr(reader.sample(slot)),
            reader.late(slot),
        ]


@settings(max_examples=60, deadline=None)
@given(
    steps=some.lists(STEP, min_size=1, max_size=40),
    repeat=some.sampled_from([1, 5, 30, 170, 500]),
    kept=some.sampled_from(CLASSES),
)
def test_restored_store_answers_as_before(
    tmp_path_factory: pytest.TempPathFactory, steps: Steps, repeat: int, kept: RetentionClass
) -> None:
    folder = tmp_path_factory.getbasetemp()
    path, checkpoint = folder / "restored", folder / "restored.ckpt"
    path.unlink(missing_ok=True)
    slots = [SlotSpec("empty", kept), SlotSpec("a", kept)]
    series = Series.of(steps, repeat)
    with StoreWriter(path, slots, now_ns=0) as writer:
        series.append_to(writer, 1)
        writer.append(1, -1, 1.0, 0, 0)
        with StoreReader(path) as reader:
            size = reader.save_checkpoint(checkpoint)
            assert size == checkpoint.stat().st_size
        before = answers(path, "a")
    path.unlink()
    with StoreWriter(path, slots, now_ns=int(series.t[-1]), checkpoint=checkpoint) as writer:
        assert writer.messages == [f"2 of 2 slots restored from checkpoint {checkpoint}"]
        assert answers(path, "a") == before
        # and goes on as if nothing had happened
        more = Series(series.t + series.t[-1], series.value, series.status)
        more.append_to(writer, 1)
        joined = Series(*(np.concatenate(pair) for pair in zip(_parts(series), _parts(more), strict=True)))
        with StoreReader(path) as reader:
            rows = reader.window(1, 0, FAR, 7)
            joined.place(rows, min(joined.retained(kept)), len(joined.t))


def _parts(series: Series) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return series.t, series.value, series.status


def saved(folder: Path, kept: RetentionClass = SMALL) -> Path:
    """Return the checkpoint of a store with text, a large number and 3,000 samples, and remove the store."""
    path, checkpoint = folder / "s", folder / "s.ckpt"
    with StoreWriter(path, [SlotSpec(name, kept) for name in "abc"], now_ns=0) as writer:
        Series.of([(1, 2.5, 0), (1, 3.5, 0x40000000)], 1500).append_to(writer)
        writer.append(1, 10, "运行", 0, 11)
        writer.append(2, 10, 2**64 - 1, 0, 12)
        with StoreReader(path) as reader:
            reader.save_checkpoint(checkpoint)
    path.unlink()
    return checkpoint


def test_head_is_as_the_page_says(tmp_path: Path) -> None:
    text = PAGE.read_text(encoding="utf-8").split("## Checkpoint\n")[1]
    row = next(line for line in text.splitlines() if line.startswith("| head |"))
    stated = [cell.strip() for cell in row.strip("|").split("|")]
    content = saved(tmp_path).read_bytes()
    assert f"`{content[:8].decode()}`" in stated[2]
    version, order, slots, zero = np.frombuffer(content, np.uint32, 4, 8).tolist()
    assert f"version {version}," in stated[2]
    assert f"byte order {order:#010x}" in stated[2]
    assert (int(stated[1]), slots, zero) == (24, 3, 0)
    assert content[24:26] == b"\x01a"


def test_live_values_come_back_exactly(tmp_path: Path) -> None:
    checkpoint = saved(tmp_path)
    with StoreWriter(tmp_path / "s", [SlotSpec(n, SMALL) for n in "cb"], now_ns=9, checkpoint=checkpoint) as writer:
        reader = StoreReader(tmp_path / "s")
        assert (reader.sample(0).value, reader.sample(0).receive_ns) == (2**64 - 1, 12)
        assert (reader.sample(1).value, reader.sample(1).source_ns) == ("运行", 10)
        assert not writer.append(1, 9, 1.0, 0, 0)


@pytest.mark.parametrize(
    ("kept", "whole"),
    [
        (RetentionClass("shorter", 64, (64,)), True),
        (RetentionClass("longer", 640, (64, 64)), False),
        (RetentionClass("more levels", 64, (64, 64, 64)), True),
    ],
)
def test_changed_retention_keeps_what_fits(tmp_path: Path, kept: RetentionClass, whole: bool) -> None:
    checkpoint = saved(tmp_path)
    with StoreWriter(tmp_path / "s", [SlotSpec("a", kept)], now_ns=9, checkpoint=checkpoint) as writer:
        reader = StoreReader(tmp_path / "s")
        assert ("retention changed" in writer.messages[0]) is not whole
        assert reader.raw(0, 0, FAR, 1000).t_ns.tolist() == [n * 10**9 for n in range(2938, 3001)]
        rows = reader.window(0, 0, FAR, 3)
        assert int(rows.count.sum()) == (3000 - int(rows.t_first[0]) // 10**9 + 1)
        assert (int(rows.count.sum()) > 63) is whole
        for n in range(3001, 5000):
            writer.append(0, n * 10**9, 1.0, 0, 0)
        assert reader.statistics(0, 4000 * 10**9, 4999 * 10**9).count == 1000


def test_checkpoint_of_version_1_comes_back_whole(tmp_path: Path) -> None:
    """Made by the program before version 2: times n s, values n mod 1000, n from 1 to 20,000."""
    checkpoint = tmp_path / "s.ckpt"
    checkpoint.write_bytes((Path(__file__).parent / "checkpoint-v1.bin").read_bytes())
    kept = RetentionClass("k", 64, (256, 256, 64))
    n = np.arange(1, 20_001)
    series = Series(n * 10**9, (n % 1000).astype(float), np.zeros(20_000, np.uint32))
    with StoreWriter(tmp_path / "s", [SlotSpec("a", kept)], now_ns=9, checkpoint=checkpoint) as writer:
        assert writer.messages == [f"1 of 1 slots restored from checkpoint {checkpoint}"]
        reader = StoreReader(tmp_path / "s")
        assert reader.sample(0).receive_ns == 7
        for columns in (7, 40, 300):
            series.place(reader.window(0, 0, 10**9 * 20_000, columns), 0, 20_000)
        found = reader.statistics(0, 10**9, 20_000 * 10**9)
        assert (found.count, found.minimum, found.maximum, found.exact) == (20_000, 0.0, 999.0, True)


@pytest.mark.parametrize("at", [0, 8, 12, 16, 30, 500, -20, -1, None])
def test_damaged_checkpoint_is_set_aside(tmp_path: Path, at: int | None) -> None:
    checkpoint = saved(tmp_path)
    content = bytearray(checkpoint.read_bytes())
    if at is None:
        del content[-9:]
    else:
        content[at] ^= 0x40
    checkpoint.write_bytes(content)
    with StoreWriter(tmp_path / "s", [SlotSpec("a", SMALL)], now_ns=9, checkpoint=checkpoint) as writer:
        assert "unusable" in writer.messages[0]
        assert StoreReader(tmp_path / "s").coverage(0).newest_ns is None
    assert (tmp_path / "s.ckpt.damaged-1").read_bytes() == content
    assert not checkpoint.exists()


def test_existing_store_is_not_overwritten_by_its_checkpoint(tmp_path: Path) -> None:
    checkpoint = saved(tmp_path)
    for value in (1.0, 2.0):
        with StoreWriter(tmp_path / "t", [SlotSpec("z", SMALL)], now_ns=9, checkpoint=checkpoint) as writer:
            writer.append(0, int(value), value, 0, 0)
    assert StoreReader(tmp_path / "t").sample(0).value == 2.0


def test_checkpoint_that_cannot_be_written_leaves_the_last_one(tmp_path: Path) -> None:
    checkpoint = saved(tmp_path)
    content = checkpoint.read_bytes()
    (tmp_path / "s.ckpt.new").mkdir()
    StoreWriter(tmp_path / "s", [SlotSpec("a", SMALL)], now_ns=0).close()
    with StoreReader(tmp_path / "s") as reader, pytest.raises(StoreError, match="cannot create"):
        reader.save_checkpoint(checkpoint)
    assert checkpoint.read_bytes() == content
