"""Seconds from ``haihe console`` to the first picture with live values, with an engine already running."""

import statistics
import time

from benchmarks.site import running_site

RUNS = 5


def run() -> dict[str, float]:
    """Return ``first_picture_s`` (median of several starts) and its spread."""
    seconds: list[float] = []
    with running_site() as site:
        for _ in range(RUNS):
            started_ns = time.time_ns()
            with site.console("--report-first-picture") as console:
                painted_ns = int(console.wait_for("FIRST_PICTURE", 30).split()[1])
            seconds.append((painted_ns - started_ns) / 1e9)
    return {
        "first_picture_s": statistics.median(seconds),
        "first_picture_s_min": min(seconds),
        "first_picture_s_max": max(seconds),
    }
