"""What the engine's checkpoints write to disk in some hours of 10,000 tags at 1 Hz, in full rings."""

import tempfile
import time
from pathlib import Path

import numpy as np

from app.engine.checkpoints import Checkpoints
from app.trend import SlotSpec, StoreReader, StoreWriter

SLOTS = 1_000  # bytes a sample do not depend on how many
SECOND_NS = 1_000_000_000
JITTER_NS = 1_000_000
FILL_S, MEASURED_S, CHECK_S = 400_000, 40_000, 60  # four of the five levels are full afterwards


def run(folder: Path) -> dict[str, float]:
    """Return bytes written a sample, and seconds of one checkpoint."""
    path = folder / "disk.trend"
    with (
        tempfile.TemporaryDirectory() as disk,
        StoreWriter(path, [SlotSpec(f"tag{slot}") for slot in range(SLOTS)], now_ns=0) as writer,
    ):
        saved = Path(disk) / "checkpoint"
        random = np.random.default_rng(4)
        slots, status = np.arange(SLOTS, dtype=np.uint32), np.zeros(SLOTS, np.uint32)
        value, now = np.zeros(SLOTS), np.full(SLOTS, 1_700_000_000 * SECOND_NS)

        def append(seconds: int) -> None:
            nonlocal value
            for _ in range(seconds):
                now[:] += SECOND_NS
                value += 0.01
                writer.append_batch(slots, now + random.integers(0, JITTER_NS, SLOTS), value, status, 0)

        append(FILL_S)
        checkpoints = Checkpoints(path, saved)
        written, count = 0, 0
        for _ in range(MEASURED_S // CHECK_S):
            append(CHECK_S)
            if checkpoints.save_if_due():
                written += saved.stat().st_size
                count += 1
        began = time.perf_counter()
        with StoreReader(path) as reader:
            size = reader.save_checkpoint(saved)
        seconds = time.perf_counter() - began
    return {
        "disk_bytes_per_sample": written / (MEASURED_S // CHECK_S * CHECK_S * SLOTS),
        "checkpoint_mib_10k_slots": size / SLOTS * 10_000 / (1 << 20),
        "checkpoint_s_10k_slots": seconds / SLOTS * 10_000,
        "checkpoints_per_day": count / MEASURED_S * 86_400,
    }
