"""What a process uses over time: memory, file descriptors, threads; and whether it grows."""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Use:
    """At one time (s): private and shared memory (bytes), open files, threads."""

    at_s: float
    private: int
    shared: int
    files: int
    threads: int


def use(pid: int, at_s: float) -> Use:
    """Return what a process uses now (Linux). Private memory is its heap; shared memory is mostly the trend store."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    fields = dict(line.split(":", 1) for line in lines if ":" in line)
    kib = {name: int(fields[name].split()[0]) * 1024 for name in ("RssAnon", "RssFile", "RssShmem")}
    files = sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
    return Use(at_s, kib["RssAnon"], kib["RssFile"] + kib["RssShmem"], files, int(fields["Threads"]))


def growth(at_s: NDArray[np.float64], used: NDArray[np.float64]) -> tuple[float, float]:
    """Return growth by a straight line of least squares, percent of the mean an hour, and its standard error.

    The error takes each reading for independent, which they are not: it is rather too small.
    """
    if len(at_s) < 10:
        return math.nan, math.nan
    (slope, _), covariance = np.polyfit(at_s - at_s[0], used, 1, cov=True)
    per_hour = 3600 * 100 / float(used.mean())
    return float(slope) * per_hour, math.sqrt(float(covariance[0, 0])) * per_hour


def constant(counts: NDArray[np.int64]) -> bool:
    """Tell whether the median of the first third is that of the last: what is open for a moment is left out."""
    third = max(1, len(counts) // 3)
    return len(counts) > 0 and float(np.median(counts[:third])) == float(np.median(counts[-third:]))
