"""The samples of ring and history as one. Pure; times are ns since the epoch, UTC."""

import heapq
import itertools
import math
from collections.abc import Iterator

from app.model.sample import Value
from app.model.status import is_bad
from widgets.trend.source import RawSample


def merged(ring: Iterator[RawSample], history: Iterator[RawSample]) -> Iterator[RawSample]:
    """Yield the samples of both, oldest first; one that is in both stands once, as history has it.

    The ring holds reals: texts and the last digits of great whole numbers are in history alone. A sample that only the
    ring has, for it repeats the one before, has the digits of that.
    """
    tagged = heapq.merge(((one, False) for one in ring), ((one, True) for one in history), key=lambda each: each[0][0])
    exact: Value = None
    for _, group in itertools.groupby(tagged, key=lambda each: each[0][0]):
        at_once = list(group)
        stored = [one for one, of_history in at_once if of_history]
        for one, of_history in at_once:
            if of_history:
                continue
            twin = next((each for each in stored if _same(one, each)), None)
            if twin is not None:
                stored.remove(twin)
                exact = twin[1]
                yield twin
            elif isinstance(exact, int) and _number(exact) == one[1]:
                yield one[0], exact, one[2]
            else:
                yield one
        for one in stored:
            exact = one[1]
            yield one


def _same(ring: RawSample, history: RawSample) -> bool:
    if is_bad(ring[2]) and is_bad(history[2]):
        return True
    a, b = _number(ring[1]), _number(history[1])
    return a == b or (math.isnan(a) and math.isnan(b))


def _number(value: Value) -> float:
    return math.nan if value is None or isinstance(value, str) else float(value)
