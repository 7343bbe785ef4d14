"""A running writer takes other slots: every tag that goes on has exactly its samples, and no other has any of them."""

import struct
import threading
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.model.errors import StoreError
from app.trend import RetentionClass, SlotSpec, StoreReader, StoreWriter
from tests.unit.trend.reference import SMALL

ENOUGH: Final = RetentionClass("enough", 512, (64,))
MORE: Final = RetentionClass("more", 640, (64,))
LESS: Final = RetentionClass("less", 512, (64, 64))
NAMES: Final = tuple("abcdefgh")


class Recorder:
    """A store, and beside it what every tag that has existed without a break was given."""

    def __init__(self, path: Path, slots: Sequence[SlotSpec]) -> None:
        self.path, self.now_ns = path, 1
        self.given: dict[str, list[float]] = {spec.name: [] for spec in slots}
        self.writer = StoreWriter(path, slots, now_ns=1)

    def append(self, tag: str) -> None:
        """Append a value that tells of what tag it is."""
        self.now_ns += 1
        value = self.now_ns + NAMES.index(tag) / 10
        assert self.writer.append(self.writer.slot(tag), self.now_ns, value, 0, self.now_ns)
        self.given[tag].append(value)

    def check(self) -> None:
        with StoreReader(self.path) as reader:
            assert set(reader.names) == self.given.keys()
            for tag, given_to_it in self.given.items():
                assert reader.raw(reader.slot(tag), 0, 2**62, 10_000).value.tolist() == given_to_it
                live = reader.sample(reader.slot(tag))
                assert live.value == (given_to_it[-1] if given_to_it else None)


names = st.lists(st.sampled_from(NAMES), unique=True, max_size=len(NAMES))
kept = st.lists(st.sampled_from([ENOUGH, ENOUGH, MORE, LESS]), min_size=len(NAMES), max_size=len(NAMES))
lists = st.builds(lambda names, kept: tuple(map(SlotSpec, names, kept)), names, kept)
picks = st.lists(st.integers(0, 99), max_size=60)


@given(first=lists, changes=st.lists(st.tuples(lists, picks, picks), min_size=1, max_size=3), before=picks)
def test_every_tag_keeps_exactly_its_samples(
    first: tuple[SlotSpec, ...],
    changes: list[tuple[tuple[SlotSpec, ...], list[int], list[int]]],
    before: list[int],
) -> None:
    with TemporaryDirectory() as folder:
        recorder = Recorder(Path(folder) / "s", first)

        def append(chosen: list[int]) -> None:
            tags = list(recorder.given)
            for number in chosen if tags else ():
                recorder.append(tags[number % len(tags)])

        append(before)
        for slots, meanwhile, after in changes:
            successor = recorder.writer.successor(slots, now_ns=2)
            append(meanwhile)
            recorder.writer.succeed(successor, now_ns=3)
            recorder.given = {spec.name: recorder.given.get(spec.name, []) for spec in slots}
            append(after)
            recorder.check()
        recorder.writer.close()


def test_it_is_made_beside_the_writer_in_another_thread(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "s", [SlotSpec(name, ENOUGH) for name in "abc"])
    reader = StoreReader(recorder.path)
    for name in "abc" * 20:
        recorder.append(name)
    made = []
    slots = [SlotSpec(name, ENOUGH) for name in "cha"]
    thread = threading.Thread(target=lambda: made.append(recorder.writer.successor(slots, now_ns=2)))
    thread.start()
    for name in "abc" * 100:
        recorder.append(name)
    thread.join()
    assert reader.is_current()
    recorder.writer.succeed(made[0], now_ns=3)
    assert not reader.is_current()
    assert recorder.writer.names == ("c", "h", "a")
    recorder.given = {"c": recorder.given["c"], "h": [], "a": recorder.given["a"]}
    recorder.append("h")
    recorder.check()
    assert recorder.writer.messages[-1] == "layout changed: 2 of 3 slots keep their samples"


def test_one_that_is_not_taken_leaves_nothing_and_one_of_another_store_is_refused(tmp_path: Path) -> None:
    with StoreWriter(tmp_path / "s", [SlotSpec("a", SMALL)], now_ns=1) as writer:
        unwanted = writer.successor([SlotSpec("b", SMALL)], now_ns=2)
        assert (tmp_path / "s.new").exists()
        unwanted.close()
        assert [each.name for each in tmp_path.iterdir()] == ["s"]
        successor = writer.successor([SlotSpec("b", SMALL)], now_ns=2)
        with StoreWriter(tmp_path / "t", [SlotSpec("a", SMALL)], now_ns=7) as other, pytest.raises(StoreError):
            other.succeed(successor, now_ns=3)
        writer.succeed(successor, now_ns=3)
        with pytest.raises(StoreError, match="another store"):
            writer.succeed(successor, now_ns=3)
        assert writer.append(0, 1, 1.0, 0, 1)


def test_a_store_with_times_without_sense_is_set_aside_where_its_slots_are_to_be_others(tmp_path: Path) -> None:
    path, at_ns = tmp_path / "s.trend", 1_234_567_890_123_456_789
    with StoreWriter(path, [SlotSpec("a", RetentionClass("small", 64, (64,)))], now_ns=at_ns) as writer:
        for number in range(10):
            assert writer.append(0, at_ns + number, float(number), 0, at_ns)
    content = path.read_bytes()
    damaged = content.replace(struct.pack("<q", at_ns + 3), struct.pack("<q", 2**63 - 1))
    assert damaged != content
    path.write_bytes(damaged)
    with StoreWriter(path, [SlotSpec("a", RetentionClass("more", 128, (64,)))], now_ns=at_ns + 100) as writer:
        assert "set aside" in " ".join(writer.messages)
        assert writer.append(0, at_ns + 200, 1.0, 0, at_ns + 200)
    with StoreReader(path) as reader:
        assert reader.raw(0, 0, 2**62, 100).value.tolist() == [1.0]
    assert any("damaged" in each.name for each in tmp_path.iterdir())
