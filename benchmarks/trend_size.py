"""What the store takes, in shared memory and on disk."""

from pathlib import Path

from app.trend import DEFAULT, DETAILED, RetentionClass, SlotSpec, StoreWriter

MIB = 1 << 20
SLOTS = 10_000


def size(path: Path, kept: RetentionClass, slots: int) -> int:
    """Return the bytes of a store with so many equal slots."""
    with StoreWriter(path, [SlotSpec(f"tag{slot}", kept) for slot in range(slots)], now_ns=0):
        result = path.stat().st_size
    path.unlink()
    return result


def run(folder: Path) -> dict[str, float]:
    """Return bytes a sample, a year at 1 Hz and 10,000 slots."""
    path = folder / "size.trend"
    raw = 1 << 20
    levels = tuple(raw >> 4 * level for level in range(1, 4))
    return {
        "bytes_per_sample": size(path, RetentionClass("even", raw, levels), 1) / raw,
        "year_at_1hz_mib": size(path, DETAILED, 1) / MIB,
        "year_at_1hz_default_mib": size(path, DEFAULT, 1) / MIB,
        "memory_mib_10k_slots": size(path, DEFAULT, SLOTS) / MIB,
    }
