"""Medians of calls that take turns, so that a busy moment of the machine meets all of them."""

import gc
import statistics
import time
from collections.abc import Callable


def medians(calls: dict[str, Callable[[], object]], runs: int) -> dict[str, float]:
    """Return seconds of each call: median of the runs, after one that warms up."""
    seconds: dict[str, list[float]] = {name: [] for name in calls}
    for call in calls.values():
        call()
    gc.disable()
    try:
        for _ in range(runs):
            for name, call in calls.items():
                began = time.perf_counter()
                call()
                seconds[name].append(time.perf_counter() - began)
    finally:
        gc.enable()
    return {name: statistics.median(values) for name, values in seconds.items()}


def quantile(values: list[float], percent: int) -> float:
    """Return a percentile of the values."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]
