"""Appends: one sample to each of 10,000 slots beside numpy, many to one slot beside the memory's bandwidth."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.trend import DEFAULT, RetentionClass, SlotSpec, StoreReader, StoreWriter
from benchmarks.timing import medians

SLOTS = 10_000
SECOND_NS = 1_000_000_000
ROUNDS = 64  # appends of a measurement: four buckets of level 1 in every slot
BULK = 1_000_000
BULK_BYTES = 20 + 8 + 8 + 4 + 4  # a sample written to the ring and read from the arrays, slot included
RUNS = 15


def run(folder: Path) -> dict[str, float]:
    """Return the speed-up over numpy, nanoseconds a sample, and the cost of asking what changed."""
    return _many_slots(folder / "many.trend") | _one_slot(folder / "one.trend") | _changed(folder / "changed.trend")


def _many_slots(path: Path) -> dict[str, float]:
    slots = np.arange(SLOTS, dtype=np.uint32)
    value, status = np.random.default_rng(1).standard_normal(SLOTS), np.zeros(SLOTS, np.uint32)
    capacity = DEFAULT.raw
    private = _numpy_rings(np.zeros((SLOTS, capacity), np.int64), np.zeros((SLOTS, capacity)), value)
    shared = _numpy_rings(
        np.memmap(path.with_suffix(".t"), np.int64, "w+", shape=(SLOTS, capacity)),
        np.memmap(path.with_suffix(".value"), np.float64, "w+", shape=(SLOTS, capacity)),
        value,
    )

    with StoreWriter(path, [SlotSpec(f"tag{slot}") for slot in range(SLOTS)], now_ns=0) as writer:
        now = np.zeros(SLOTS, np.int64)

        def store(rounds: int = ROUNDS) -> None:
            for _ in range(rounds):
                now[:] += SECOND_NS
                writer.append_batch(slots, now, value, status, 0)

        for _ in range(capacity // ROUNDS + 1):  # a lap of both, so that no page is touched for the first time
            private()
            shared()
            store()
        time = medians({"numpy": private, "shared": shared, "store": store}, RUNS)
    each = {name: seconds / (ROUNDS * SLOTS) * 1e9 for name, seconds in time.items()}
    return {
        "append_speedup_vs_numpy_10k_slots": each["numpy"] / each["store"],
        "append_speedup_vs_numpy_shared_10k_slots": each["shared"] / each["store"],
        "append_10k_slots_ns_per_sample": each["store"],
        "numpy_shared_10k_slots_ns_per_sample": each["shared"],
        "numpy_10k_slots_ns_per_sample": each["numpy"],
    }


def _numpy_rings(
    ring_t: NDArray[np.int64], ring_value: NDArray[np.float64], value: NDArray[np.float64]
) -> Callable[[], None]:
    """Return rounds of appends to rings without levels, live values or readers.

    What numpy allocates lies in pages of 2 MiB where the system allows; what processes share, in those of 4 KiB.
    """
    position, t = np.zeros(SLOTS, np.int64), np.zeros(SLOTS, np.int64)
    rows = np.arange(SLOTS)

    def append() -> None:
        for _ in range(ROUNDS):
            t[:] += SECOND_NS
            ring_t[rows, position] = t
            ring_value[rows, position] = value
            position[:] += 1
            position[position == ring_t.shape[1]] = 0

    return append


def _one_slot(path: Path) -> dict[str, float]:
    kept = RetentionClass("bulk", 2 * BULK, (130_000, 9_000, 600))
    slots, status = np.zeros(BULK, np.uint32), np.zeros(BULK, np.uint32)
    value, t = np.random.default_rng(2).standard_normal(BULK), np.arange(BULK, dtype=np.int64)
    source, target = np.ones(1 << 24), np.zeros(1 << 24)
    with StoreWriter(path, [SlotSpec("one", kept)], now_ns=0) as writer:

        def store() -> None:
            t[:] += BULK
            if writer.append_batch(slots, t, value, status, 0):
                raise RuntimeError("samples refused")

        store()
        store()
        time = medians({"store": store, "copy": lambda: np.copyto(target, source)}, RUNS)
    bandwidth = 2 * source.nbytes / time["copy"]
    return {
        "append_batch_ns_per_sample": time["store"] / BULK * 1e9,
        "append_batch_bandwidth_share": BULK_BYTES * BULK / time["store"] / bandwidth,
        "memory_bandwidth_gb_per_s": bandwidth / 1e9,
    }


def _changed(path: Path) -> dict[str, float]:
    count = 10 * SLOTS
    small = RetentionClass("small", 64, ())
    with StoreWriter(path, [SlotSpec(f"tag{slot}", small) for slot in range(count)], now_ns=0) as writer:
        slots = np.sort(np.random.default_rng(3).permutation(count)[:SLOTS]).astype(np.uint32)
        with StoreReader(path) as reader:
            cursor, _ = reader.changed(0)
            writer.append_batch(slots, np.ones(SLOTS, np.int64), np.ones(SLOTS), np.zeros(SLOTS, np.uint32), 0)
            if not np.array_equal(reader.changed(cursor)[1], slots):
                raise RuntimeError("changes differ")
            time = medians({"changed": lambda: reader.changed(cursor)}, 201)
    return {"changed_10k_of_100k_us": time["changed"] * 1e6}
