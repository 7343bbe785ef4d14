"""The compiled trend core beside what others do with the same data, one thread each: windows, appends, sizes.

Every ratio is the peer's time over ours in this run, as medians. Appends and the RRD take turns with ours. Our windows
are measured one after another, the caches warm, and tsdownsample beside them; only ``*_swept`` has both in turns, so
that the peer has swept the caches before each of our calls.
"""

import tempfile
from pathlib import Path

from benchmarks import trend_append, trend_disk, trend_size, trend_window


def run() -> dict[str, float]:
    """Return the figures of the trend core; stores are made in shared memory and removed."""
    memory = "/dev/shm" if Path("/dev/shm").is_dir() else None
    figures: dict[str, float] = {}
    for part in (trend_window, trend_append, trend_size, trend_disk):
        with tempfile.TemporaryDirectory(dir=memory) as folder:
            figures.update(part.run(Path(folder)))
    return figures
