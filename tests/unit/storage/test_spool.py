"""The spool against real files, whole and damaged."""

from pathlib import Path

import pytest

from app.storage import Spool
from tests.unit.storage.limits import full_disk

LIMIT = 2**20


def drain(spool: Spool) -> list[tuple[int, int, bytes]]:
    found = []
    while record := spool.read():
        found.append((record.number, record.count, record.payload))
        spool.discard(record)
    return found


def filled(folder: Path, count: int = 10, limit: int = LIMIT, segment_bytes: int = 2**20) -> Spool:
    spool = Spool(folder, limit, durable=True, segment_bytes=segment_bytes)
    for n in range(1, count + 1):
        spool.append(n, 1, b"row %d" % n)
    return spool


ROWS = [(n, 1, b"row %d" % n) for n in range(1, 11)]


@pytest.mark.parametrize("segment_bytes", [100, 10_000])
def test_records_come_back_in_order_also_in_the_next_run(tmp_path: Path, segment_bytes: int) -> None:
    first = filled(tmp_path, segment_bytes=segment_bytes)
    assert first.items == 10
    first.close()
    second = Spool(tmp_path, LIMIT, durable=False, segment_bytes=segment_bytes)
    assert (second.items, set(second.runs)) == (10, {first.run})
    second.append(1, 3, b"new")
    assert drain(second) == [*ROWS, (1, 3, b"new")]
    assert (second.items, second.size, list(tmp_path.iterdir())) == (0, 0, [])
    second.append(4, 1, b"more")
    assert drain(second) == [(4, 1, b"more")]
    second.close()


def test_only_what_was_discarded_is_gone(tmp_path: Path) -> None:
    spool = filled(tmp_path, segment_bytes=10_000)
    record = spool.read()
    assert record is not None
    assert spool.read() == record
    spool.discard(record)
    assert [number for number, _, _ in drain(spool)] == list(range(2, 11))
    spool.close()


def test_a_record_that_was_cut_off_ends_its_segment_and_nothing_else(tmp_path: Path) -> None:
    filled(tmp_path).close()
    [path] = tmp_path.iterdir()
    whole = path.read_bytes()
    for cut in range(len(whole)):
        path.write_bytes(whole[:cut])
        spool = Spool(tmp_path, LIMIT, durable=False)
        spool.append(11, 1, b"after")
        got = drain(spool)
        assert got[-1] == (11, 1, b"after")
        assert got[:-1] == ROWS[: max(0, cut - 40) // 25][: len(got) - 1]
        assert len(got) - 1 >= (cut - 40) // 27
        spool.close()


def test_a_damaged_record_is_noticed(tmp_path: Path) -> None:
    filled(tmp_path, segment_bytes=100).close()
    victim = sorted(tmp_path.iterdir())[1]
    data = bytearray(victim.read_bytes())
    data[-1] ^= 1
    victim.write_bytes(data)
    spool = Spool(tmp_path, LIMIT, durable=False)
    got = drain(spool)
    assert set(got) < set(ROWS)
    assert len(got) >= 7
    spool.close()


def test_the_oldest_are_dropped_at_the_limit_and_counted(tmp_path: Path) -> None:
    spool = filled(tmp_path, 1000, limit=4000, segment_bytes=500)
    assert spool.size <= 4500
    got = [number for number, _, _ in drain(spool)]
    assert got == list(range(1001 - len(got), 1001))
    assert spool.dropped == 1000 - len(got) > 0
    spool.close()


def test_a_record_that_was_dropped_while_it_was_used_is_discarded_without_harm(tmp_path: Path) -> None:
    spool = filled(tmp_path, 5, limit=1000, segment_bytes=100)
    record = spool.read()
    assert record is not None
    for n in range(6, 60):
        spool.append(n, 1, b"row %d" % n)
    spool.discard(record)
    waiting = spool.items
    assert waiting == len(drain(spool))
    assert spool.dropped == 59 - 1 - waiting  # that record was stored
    spool.close()


def test_a_segment_that_is_gone_is_counted_and_those_behind_it_are_read(tmp_path: Path) -> None:
    spool = filled(tmp_path, segment_bytes=100)
    sorted(tmp_path.iterdir())[0].unlink()
    got = drain(spool)
    assert got == ROWS[spool.dropped :]
    assert 0 < spool.dropped < 10
    spool.close()


def test_of_a_segment_that_cannot_be_removed_the_run_is_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next engine reads it again: it must find the mark of what is stored."""
    filled(tmp_path).close()
    second = Spool(tmp_path, LIMIT, durable=True)
    [run] = second.runs

    def refuse(*_words: object, **_more: object) -> None:
        raise PermissionError("read-only")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refuse)
        assert drain(second) == ROWS
    assert (second.items, set(second.runs)) == (0, {run})
    second.append(1, 1, b"more")
    assert drain(second) == [(1, 1, b"more")]
    second.close()
    third = Spool(tmp_path, LIMIT, durable=True)
    assert drain(third) == ROWS
    assert (set(third.runs), list(tmp_path.iterdir())) == (set(), [])


def test_a_file_that_cannot_be_read_stays_and_hinders_nothing(tmp_path: Path) -> None:
    filled(tmp_path).close()
    (tmp_path / "00000007.spool").mkdir()
    (tmp_path / "notes.spool").write_text("not ours")
    spool = Spool(tmp_path, LIMIT, durable=True)
    spool.append(11, 1, b"after")
    assert drain(spool) == [*ROWS, (11, 1, b"after")]
    assert {path.name for path in tmp_path.iterdir()} == {"00000007.spool", "notes.spool"}
    spool.close()


@pytest.mark.parametrize("longest", [0, 10, 39, 40, 50, 64])
@pytest.mark.parametrize("before", [0, 10])
def test_a_full_disk_loses_nothing_that_was_kept_and_leaves_nothing_behind(
    tmp_path: Path, longest: int, before: int
) -> None:
    """It is full at the header of a segment, or within a record."""
    spool = filled(tmp_path, before, segment_bytes=100)
    kept = spool.size
    files = sorted(tmp_path.iterdir())
    for _ in range(3):
        with full_disk(longest), pytest.raises(OSError, match="too large"):
            spool.append(before + 1, 1, b"refused, because it is longer than what is left of the disk" * 3)
        assert (spool.items, spool.size, sorted(tmp_path.iterdir())) == (before, kept, files)
    spool.append(before + 1, 1, b"after")
    spool.close()
    assert drain(Spool(tmp_path, LIMIT, durable=False)) == [*ROWS[:before], (before + 1, 1, b"after")]


def test_what_is_read_while_the_disk_is_full_makes_room(tmp_path: Path) -> None:
    spool = filled(tmp_path, 10, segment_bytes=100)
    with full_disk():
        with pytest.raises(OSError, match="too large"):
            spool.append(11, 1, b"refused")
        assert drain(spool) == ROWS
    spool.append(11, 1, b"after")
    assert drain(spool) == [(11, 1, b"after")]
    spool.close()
