"""docs/formats/trend-store.md against a real file: a reader made from its tables alone finds every value."""

import os
from pathlib import Path

import numpy as np
import pytest

from app.trend import KIND_INTEGER, SlotSpec, StoreReader, StoreWriter
from tests.unit.trend.reference import SMALL

PAGE = Path(__file__).resolve().parents[3] / "docs" / "formats" / "trend-store.md"
TYPES = {"u8": "u1", "u32": "u4", "u64": "u8", "i64": "i8", "f64": "f8", "char[8]": "S8", "char[64]": "S64"}


def rows(section: str) -> list[list[str]]:
    """Return the cells of the table in a section of the page, without its two head lines."""
    text = PAGE.read_text(encoding="utf-8").split(f"# {section}\n")[1].split("\n## ")[0]
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def layout(section: str, size: int) -> np.dtype[np.void]:
    """Return the record that a section describes."""
    table = rows(section)
    return np.dtype(
        {
            "names": [row[2] for row in table],
            "formats": [TYPES[row[1]] for row in table],
            "offsets": [int(row[0]) for row in table],
            "itemsize": size,
        }
    )


def parts() -> dict[str, int]:
    """Return the bytes of each part of the file that has a fixed size."""
    table = {row[0]: row[1].removesuffix(" a slot") for row in rows("Trend store, version 2")}
    return {part: int(size) for part, size in table.items() if size.isdigit()}


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "s"
    with StoreWriter(path, [SlotSpec("a", SMALL), SlotSpec("泵", SMALL)], now_ns=5) as writer:
        for n in range(40):
            writer.append(1, n * 1_000_000_000, n, 0x40000000, 7)
        assert not writer.append(1, 0, 0, 0, 0)
        writer.heartbeat(9)
    return path


def test_header_is_as_the_page_says(store: Path) -> None:
    content = store.read_bytes()
    size = parts()
    header = np.frombuffer(content, layout("Header", size["header"]), 1)[0]
    for row in rows("Header"):
        stated = row[3].strip("`")
        if stated.replace("x", "").isdigit():
            assert int(header[row[2]]) == int(stated, 0), row[2]
    assert header["magic"] == b"HAIHETRD"
    assert (header["name_size"], header["descriptor_size"]) == (size["names"], size["descriptors"])
    assert (header["header_size"], header["live_size"]) == (size["header"], size["live"])
    assert header["raw_size"] == size["raw sample"]
    assert (header["slot_count"], header["file_size"]) == (2, len(content))
    assert header["names_offset"] == size["header"]
    assert header["descriptors_offset"] == header["names_offset"] + 2 * size["names"]
    assert header["live_offset"] == header["descriptors_offset"] + 2 * size["descriptors"]
    assert header["changes_offset"] == header["live_offset"] + 2 * size["live"]
    assert header["late_offset"] == -(-(int(header["changes_offset"]) + 2 * size["changes"]) // 64) * 64
    assert header["rings_offset"] == -(-(int(header["late_offset"]) + 2 * size["late"]) // 64) * 64
    assert (header["created_ns"], header["heartbeat_ns"]) == (5, 9)
    assert (header["state"], header["clean"], header["writer_pid"], header["late_total"]) == (1, 1, 0, 1)
    with StoreReader(store) as reader:
        assert (reader.generation, reader.counters().change_sequence) == (
            header["generation"],
            header["change_sequence"],
        )
    assert os.stat(store).st_mode & 0o777 == 0o600


def test_samples_are_where_the_page_says(store: Path) -> None:
    content = store.read_bytes()
    size = parts()
    header = np.frombuffer(content, layout("Header", size["header"]), 1)[0]
    name = int(header["names_offset"]) + size["names"]
    assert content[name + 1 : name + 1 + content[name]].decode() == "泵"
    descriptor = int(header["descriptors_offset"]) + size["descriptors"]
    region = int(np.frombuffer(content, "u8", 1, descriptor)[0])
    levels, *capacities = np.frombuffer(content, "u4", 9, descriptor + 8).tolist()
    assert capacities[:levels] == SMALL.capacities

    live = np.frombuffer(content, layout("Live record", size["live"]), 2, int(header["live_offset"]))[1]
    assert (live["source_ns"], live["receive_ns"], live["value"], live["exact"]) == (39 * 10**9, 7, 39.0, 39)
    assert (live["status"], live["kind"], live["text_length"]) == (0x40000000, KIND_INTEGER, 0)
    assert (live["reserve"], live["head"], live["sequence"] % 2) == (40, 40, 0)
    assert np.frombuffer(content, "u8", 2, int(header["changes_offset"]))[1] == header["change_sequence"]
    assert np.frombuffer(content, "u8", 2, int(header["late_offset"])).tolist() == [0, 1]

    for odd in (0, 1):
        places = {name: (type_, offset) for name, type_, *offset in [[r[3], r[2], *r[:2]] for r in rows("Raw sample")]}
        record = np.dtype(
            {
                "names": list(places),
                "formats": [TYPES[type_] for type_, _ in places.values()],
                "offsets": [int(offset[odd]) for _, offset in places.values()],
                "itemsize": 2 * size["raw sample"],
            }
        )
        raw = np.frombuffer(content, record, 20, region + odd * size["raw sample"])
        assert raw["t_ns"].tolist() == [n * 10**9 for n in range(odd, 40, 2)]
        assert raw["value"].tolist() == list(range(odd, 40, 2))
        assert set((raw["status"] >> 12 & 3) | (raw["status"] >> 26 & 4)) == {KIND_INTEGER}
        assert set(raw["status"] & ~np.uint32(0x30003000)) == {0x40000000}
    buckets = np.frombuffer(content, layout("Bucket", 64), (40 - 1) >> 4, region + 64 * size["raw sample"])
    assert buckets["first_ns"].tolist() == [0, 16 * 10**9]
    assert buckets["last_ns"].tolist() == [15 * 10**9, 31 * 10**9]
    assert (buckets["minimum"].tolist(), buckets["maximum"].tolist()) == ([0, 16], [15, 31])
    assert (buckets["last"].tolist(), buckets["area"].tolist()) == ([15, 31], [sum(range(16)), sum(range(16, 32))])
    assert (buckets["good_ns"].tolist(), buckets["count"].tolist()) == ([16 * 10**9] * 2, [16, 16])
    assert set(buckets["status"]) == {0x40000000}
