"""What XY plot and histogram show of a window: values at the same times, and time by value. Bad data is left out."""

from typing import Any, Final

import numpy as np

from app.model.tag import Tag
from widgets.trend.sampling import at_times
from widgets.trend.shape import Floats
from widgets.trend.whole import WholeSource

POINTS: Final = 2000
BINS: Final = 40
_COLUMNS: Final = 8000
_NOTHING: Final = np.empty(0)


def xy_points(source: WholeSource, x: Tag, y: Tag) -> tuple[Floats, Floats]:
    """Return values of two tags at the same times, where both are usable."""
    times = np.linspace(source.start_ns, source.end_ns, POINTS).astype(np.int64)
    found = []
    for tag in (x, y):
        envelope = source.window(tag.name, POINTS, tag.deadband)
        if envelope is None or not len(envelope.t_last):
            return _NOTHING, _NOTHING
        found.append(np.asarray(at_times(envelope, tag, times)[0], dtype=float))
    both = np.isfinite(found[0]) & np.isfinite(found[1])
    return found[0][both], found[1][both]


def histogram(source: WholeSource, tag: Tag, bins: int = BINS) -> tuple[Floats, Floats]:
    """Return edges of bins, and the share of the good time (per cent) that the tag was in each.

    Every value is held until the next sample. Of a column of several samples, each extreme counts as one of them, and
    the last value as the others.
    """
    found = source.window(tag.name, _COLUMNS, tag.deadband)
    if found is None or not len(found.t_last):
        return _NOTHING, _NOTHING
    values, weights = _held(found, source.start_ns, source.end_ns)
    total = float(weights.sum())
    if not total > 0.0:
        return _NOTHING, _NOTHING
    shares, edges = np.histogram(values, bins=bins, weights=weights)
    return edges, shares * (100.0 / total)


def _held(rows: Any, start_ns: int, end_ns: int) -> tuple[Floats, Floats]:
    """Return values, and for how long (ns) each was held in the window."""
    following = np.append(rows.t_first[1:], end_ns)
    inside = (np.clip(following, start_ns, end_ns) - np.clip(rows.t_first, start_ns, end_ns)).astype(float)
    within = (np.clip(rows.t_last, start_ns, end_ns) - np.clip(rows.t_first, start_ns, end_ns)).astype(float)
    count = np.maximum(rows.count, 2).astype(float)
    extreme = np.where(rows.count > 1, within / count, 0.0)
    usable = (rows.status >> 30 < 2) & np.isfinite(rows.last) & (inside > 0.0)
    values = np.concatenate([rows.last[usable], rows.minimum[usable], rows.maximum[usable]])
    weights = np.concatenate([(inside - 2.0 * extreme)[usable], extreme[usable], extreme[usable]])
    held = weights > 0.0
    return values[held], weights[held]
