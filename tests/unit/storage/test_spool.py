"""The spool against real files, whole and damaged."""

from pathlib import Path

import pytest

from app.storage import Spool

LIMIT = 2**20


def drain(spool: Spool) -> list[tuple[int, int, bytes]]:
    found = []
    while record := spool.read():
        found.append((record.number, record.count, record.payload))
        spool.discard(record)
    return found


def filled(folder: Path, count: int = 10, **options: int) -> Spool:
    spool = Spool(folder, options.pop("limit", LIMIT), durable=True, **options)
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
    spool.close()
