"""A whole window to 2,000 columns, beside tsdownsample on the same samples and beside an RRD made for that window."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tsdownsample import MinMaxDownsampler

from app.trend import RetentionClass, SlotSpec, StoreReader, StoreWriter
from benchmarks import rrd
from benchmarks.timing import medians

COLUMNS = 2_000
SECOND_NS = 1_000_000_000
BEGIN_NS = 28_000_000 * 60 * SECOND_NS  # a whole minute of 2023
SIZES = {"1m": 1_000_000, "10m": 10_000_000, "33m": 33_000_000}
YEAR = "year"
YEAR_MINUTES = 525_600
RUNS, PEER_RUNS = 101, 9


@dataclass(frozen=True, eq=False)
class Series:
    """Samples of one slot."""

    t: NDArray[np.int64]
    value: NDArray[np.float64]


def series(count: int, step_ns: int, jitter_ns: int) -> Series:
    """Return a random walk with noise, at nearly even times."""
    random = np.random.default_rng(count)
    t = BEGIN_NS + np.arange(1, count + 1, dtype=np.int64) * step_ns
    if jitter_ns:
        t += random.integers(0, jitter_ns, count)
    return Series(t, random.standard_normal(count).cumsum() + random.standard_normal(count))


def whole(count: int) -> RetentionClass:
    """Keep every sample, as the peer has them all."""
    levels = [count >> 4 * level for level in range(1, 6) if count >> 4 * level > 128]
    return RetentionClass("whole", count + 64, tuple(size + 64 for size in levels))


def check(reader: StoreReader, slot: int, data: Series) -> None:
    """Compare a window with numpy: every row holds exactly the extremes of its samples, and no sample is missing."""
    rows = reader.window(slot, int(data.t[0]), int(data.t[-1]), COLUMNS)
    begins = np.concatenate(([0], np.cumsum(rows.count.astype(np.int64))))
    if begins[-1] != len(data.t):
        raise RuntimeError(f"window holds {begins[-1]} samples of {len(data.t)}")
    low, high = np.minimum.reduceat(data.value, begins[:-1]), np.maximum.reduceat(data.value, begins[:-1])
    column = (data.t[-1] - data.t[0]) / COLUMNS
    middle = (data.t[begins[:-1]] + data.t[begins[1:] - 1]) / 2
    borders = data.t[0] + np.floor((middle - data.t[0]) / column) * column
    snapped = max(
        float((borders - data.t[begins[:-1]]).max()), float((data.t[begins[1:] - 1] - borders - column).max())
    )
    if not (np.array_equal(low, rows.minimum) and np.array_equal(high, rows.maximum) and snapped <= column / 4):
        raise RuntimeError("window differs from the samples")


def run(folder: Path) -> dict[str, float]:
    """Return speed-ups and times of windows."""
    data = {name: series(count, SECOND_NS, SECOND_NS // 2) for name, count in SIZES.items()}
    data[YEAR] = series(YEAR_MINUTES, 60 * SECOND_NS, 0)
    path = folder / "window.trend"
    specs = [SlotSpec(name, whole(len(data[name].t))) for name in data]
    with StoreWriter(path, specs, now_ns=0) as writer, StoreReader(path) as reader:
        for slot, one in enumerate(data.values()):
            zeros = np.zeros(len(one.t), np.uint32)
            writer.append_batch(zeros + np.uint32(slot), one.t, one.value, zeros, 0)
            check(reader, slot, one)
        return _windows(reader, data) | _year(reader, data[YEAR], folder)


def _ours(reader: StoreReader, name: str, data: Series, *, exact: bool) -> Callable[[], object]:
    slot, start, end = reader.slot(name), int(data.t[0]), int(data.t[-1])

    def extremes() -> object:
        rows = reader.window(slot, start, end, COLUMNS, exact=exact)
        return rows.minimum, rows.maximum  # arrays are made when they are asked for; these are what the peers give

    return extremes


def _windows(reader: StoreReader, data: dict[str, Series]) -> dict[str, float]:
    ours = {name: _ours(reader, name, data[name], exact=False) for name in SIZES}
    ours["exact"] = _ours(reader, "10m", data["10m"], exact=True)
    time = medians(ours, RUNS)
    ten = data["10m"]
    peer = MinMaxDownsampler()
    beside: dict[str, Callable[[], object]] = {
        "peer": lambda: peer.downsample(ten.t, ten.value, n_out=2 * COLUMNS),
        "ours": ours["10m"],
        "exact": ours["exact"],
    }
    turns = medians(beside, PEER_RUNS)
    # the peer sweeps the caches before each of our calls in these turns: what a busy machine would see
    return {
        "window_speedup_vs_tsdownsample_10m": turns["peer"] / time["10m"],
        "window_speedup_vs_tsdownsample_10m_swept": turns["peer"] / turns["ours"],
        "window_exact_speedup_vs_tsdownsample_10m": turns["peer"] / time["exact"],
        "window_growth_33m_vs_1m": time["33m"] / time["1m"],
        "window_us_1m": time["1m"] * 1e6,
        "window_us_10m": time["10m"] * 1e6,
        "window_us_33m": time["33m"] * 1e6,
        "window_exact_us_10m": time["exact"] * 1e6,
        "tsdownsample_us_10m": turns["peer"] * 1e6,
    }


def _year(reader: StoreReader, data: Series, folder: Path) -> dict[str, float]:
    if not rrd.installed():
        return {}
    ours = _ours(reader, YEAR, data, exact=False)
    with rrd.Database(folder / "year.rrd", data.t // SECOND_NS, data.value, COLUMNS) as peer:
        time = medians({"ours": ours, "peer": peer.fetch_extremes}, RUNS)
    return {
        "window_speedup_vs_rrdtool_year": time["peer"] / time["ours"],
        "window_us_year": time["ours"] * 1e6,
        "rrdtool_us_year": time["peer"] * 1e6,
    }
