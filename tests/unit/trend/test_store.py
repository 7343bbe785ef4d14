"""The store through kill, damage, change of layout and closing; its numbers are tested beside this."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from app.model.errors import StoreError
from app.trend import SlotSpec, StoreReader, StoreWriter, _core
from app.trend.writer import KIND_BOOLEAN, KIND_INTEGER, KIND_REAL
from tests.unit.trend.reference import SMALL


def test_late_samples_are_counted_and_equal_stamps_kept(tmp_path: Path) -> None:
    with StoreWriter(tmp_path / "s", [SlotSpec("a", SMALL)], now_ns=0) as writer:
        assert writer.append(0, 10, 1.0, 0, 0)
        assert writer.append(0, 10, 2.0, 0, 0)
        assert not writer.append(0, 9, 3.0, 0, 0)
        reader = StoreReader(tmp_path / "s")
        assert reader.raw(0, 0, 20, 10).value.tolist() == [1.0, 2.0]
        assert (reader.counters().late, reader.late(0)) == (1, 1)


def test_batch_with_neighbours_of_one_slot_leaves_the_newest_live(tmp_path: Path) -> None:
    with StoreWriter(tmp_path / "s", [SlotSpec("a", SMALL), SlotSpec("b", SMALL)], now_ns=0) as writer:
        slots = np.array([0, 0, 0, 1, 1, 0, 0], np.uint32)
        t = np.array([5, 9, 7, 3, 2, 8, 1], np.int64)
        refused = writer.append_batch(slots, t, (t * 1.5).astype(np.float64), slots + np.uint32(7), 33)
        assert refused == 4
        assert writer.append_batch(slots[:1], t[:1], np.ones(1), slots[:1], 34) == 1
        reader = StoreReader(tmp_path / "s")
        assert (reader.late(0), reader.late(1)) == (4, 1)
        first, second = reader.sample(0), reader.sample(1)
        assert (first.value, first.source_ns, first.status, first.receive_ns) == (13.5, 9, 7, 33)
        assert (second.value, second.source_ns, second.status) == (4.5, 3, 8)
        assert reader.raw(0, 0, 99, 99).t_ns.tolist() == [5, 9]


def test_a_batch_keeps_whole_numbers_and_truth_values_as_such(tmp_path: Path) -> None:
    rows: list[tuple[int, float, float | int | bool]] = [
        (KIND_REAL, 3.0, 3.0), (KIND_INTEGER, 3.0, 3), (KIND_INTEGER, -(2.0**53), -(2**53)),
        (KIND_INTEGER, 2.0**54, 2.0**54), (KIND_INTEGER, 0.5, 0.5), (KIND_BOOLEAN, 1.0, True),
        (KIND_BOOLEAN, 0.0, False), (KIND_BOOLEAN, 2.0, 2.0), (KIND_INTEGER, float("inf"), float("inf")),
    ]  # fmt: skip
    names = [SlotSpec(f"t{number}", SMALL) for number in range(len(rows))]
    slots, zeros = np.arange(len(rows), dtype=np.uint32), np.zeros(len(rows), np.uint32)
    with StoreWriter(tmp_path / "s", names, now_ns=0) as writer:
        values, kinds = np.array([row[1] for row in rows]), np.array([row[0] for row in rows], np.uint8)
        writer.append_batch(slots, np.ones(len(rows), np.int64), values, zeros, 2, kinds)
        reader = StoreReader(tmp_path / "s")
        for slot, (_, _, kept) in enumerate(rows):
            value = reader.sample(slot).value
            assert (value, type(value)) == (kept, type(kept))
        with pytest.raises(ValueError, match="differ in length"):
            writer.append_batch(slots, np.ones(len(rows), np.int64), values, zeros, 2, kinds[1:])


@pytest.mark.parametrize("value", [1.5, 7, -(2**63), 2**64 - 1, True, "text", "水" * 21, "x" * 63, None])
def test_live_value_is_exact(tmp_path: Path, value: float | int | bool | str | None) -> None:
    with StoreWriter(tmp_path / "s", [SlotSpec("a", SMALL)], now_ns=0) as writer:
        writer.append(0, 1, value, 0, 2)
        sample = StoreReader(tmp_path / "s").sample(0)
        assert sample.value == value
        assert type(sample.value) is type(value)


@pytest.mark.parametrize(("text", "kept"), [("x" * 64, "x" * 60 + "…"), ("水" * 22, "水" * 20 + "…"),
                                            ("😀" * 16, "😀" * 15 + "…"), ("a\ud800", "a?")])  # fmt: skip
def test_a_text_too_long_for_the_live_table_is_seen_to_be_cut(tmp_path: Path, text: str, kept: str) -> None:
    with StoreWriter(tmp_path / "s", [SlotSpec("a", SMALL)], now_ns=0) as writer:
        writer.append(0, 1, text, 0, 2)
        assert StoreReader(tmp_path / "s").sample(0).value == kept


def closed_reader(path: Path) -> StoreReader:
    StoreWriter(path, [SlotSpec("a", SMALL)], now_ns=0).close()
    with StoreReader(path) as reader:
        assert reader.writer_pid == 0
    return reader


READS: list[Callable[[StoreReader], object]] = [
    lambda reader: reader.heartbeat_ns,
    lambda reader: reader.counters(),
    lambda reader: reader.late(0),
    lambda reader: reader.changed(0),
    lambda reader: reader.live(),
    lambda reader: reader.sample(0),
    lambda reader: reader.window(0, 0, 1, 1),
    lambda reader: reader.raw(0, 0, 1, 1),
    lambda reader: reader.statistics(0, 0, 1),
    lambda reader: reader.coverage(0),
]


@pytest.mark.parametrize("read", READS)
def test_closed_reader_raises_store_error(tmp_path: Path, read: Callable[[StoreReader], object]) -> None:
    reader = closed_reader(tmp_path / "s")
    with pytest.raises(StoreError, match="closed"):
        read(reader)
    assert not reader.is_current()
    reader.close()


NO_WORDS = np.zeros(0, np.uint32)
WRITES: list[Callable[[StoreWriter], object]] = [
    lambda writer: writer.append(0, 1, 1.0, 0, 0),
    lambda writer: writer.append(0, 1, "text", 0, 0),
    lambda writer: writer.append_batch(NO_WORDS, np.zeros(0, np.int64), np.zeros(0), NO_WORDS, 0),
    lambda writer: writer.heartbeat(1),
]


@pytest.mark.parametrize("write", WRITES)
def test_closed_writer_raises_store_error(tmp_path: Path, write: Callable[[StoreWriter], object]) -> None:
    with StoreWriter(tmp_path / "s", [SlotSpec("a", SMALL)], now_ns=0) as writer:
        pass
    with pytest.raises(StoreError, match="closed"):
        write(writer)
    writer.close()


def test_missing_store_and_wrong_slot(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no trend store"):
        StoreReader(tmp_path / "s")
    with StoreWriter(tmp_path / "s", [SlotSpec("a", SMALL)], now_ns=0) as writer, StoreReader(tmp_path / "s") as reader:
        with pytest.raises(IndexError):
            reader.sample(1)
        with pytest.raises(IndexError):
            writer.append(1, 1, 1.0, 0, 0)
        with pytest.raises(KeyError):
            reader.slot("b")


def test_compiled_errors_are_the_projects() -> None:
    assert issubclass(_core.StoreProblem, StoreError)
    assert issubclass(_core.DamagedFile, _core.StoreProblem)


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


READER = """
import sys
from pathlib import Path
from app.model.errors import StoreError
from app.trend import StoreReader
reader = StoreReader(Path(sys.argv[1]))
reads = [reader.live, reader.counters, reader.usage, lambda: reader.changed(1), lambda: reader.heartbeat_ns,
         *(lambda ask=ask: ask(7) for ask in (reader.sample, reader.late, reader.coverage)),
         lambda: reader.window(7, 0, 999, 9), lambda: reader.raw(7, 0, 999, 9), lambda: reader.statistics(7, 0, 999)]
for read in reads:
    read()
print("open", flush=True)
sys.stdin.readline()
assert not reader.is_current()
for read in reads:
    try:
        read()
    except StoreError as error:
        assert "truncated" in str(error)
    else:
        raise SystemExit("no error")
print("told", flush=True)
"""


def test_a_file_that_is_truncated_under_a_reader_is_an_error_there_and_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "s"
    slots = [SlotSpec(f"t{number}", SMALL) for number in range(8)]
    with StoreWriter(path, slots, now_ns=0) as writer:
        for at in range(500):
            writer.append(7, at, float(at), 0, 0)
    with subprocess.Popen(
        [sys.executable, "-c", READER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        os.truncate(path, 4096)
        process.stdin.write("go on\n")
        process.stdin.flush()
        assert process.stdout.readline() == "told\n"
        assert process.wait(30) == 0
    with StoreWriter(path, slots, now_ns=0) as writer:
        assert "set aside" in writer.messages[0]


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
