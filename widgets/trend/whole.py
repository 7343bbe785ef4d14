"""Ring and history as one source for what waits for its answers in a thread of its own, such as an export."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, groupby
from typing import Any, Final

import numpy as np

from app.model.errors import HaiheError
from app.trend.types import Envelope, Samples
from widgets.trend.background import Work
from widgets.trend.joining import Stretch, in_order, joined, wanted, wide_rows
from widgets.trend.merging import merged
from widgets.trend.parts import LONGEST_NS, column_width, parts_of
from widgets.trend.source import HistoryPages, RawSample, TrendSource, WindowRequest
from widgets.trend.summary import Summary, absent

_RING_PAGE: Final = 1_000_000
_LIST_PAGE: Final = 10_000
_COLUMNS: Final = 1000
_FINE: Final = 8
"""A bucket of the ring that is wider than about such a part of a bin counts in history's figures, which are exact."""


@dataclass(frozen=True, slots=True)
class _Beside:
    """What history adds to the bins of a window, by their number.

    Attributes:
        missing: what the ring does not have. hidden: bins of which history has extremes that the ring may lack.
        stored: history's figures. better: bins for which these count alone.

    """

    missing: Sequence[Stretch] = ()
    hidden: frozenset[int] | set[int] = frozenset()
    stored: Mapping[int, Summary] = field(default_factory=dict)
    better: frozenset[int] | set[int] = frozenset()


class WholeSource:
    """One window (ns since the epoch, UTC; the end excluded) of any tag. Not for the GUI thread.

    Raises HaiheError where history is needed and cannot be asked, and GivenUp. ``ring`` is read from this thread alone.
    """

    def __init__(self, ring: TrendSource, pages: HistoryPages | None, span_ns: Stretch, work: Work) -> None:
        self._ring, self._pages, self._work = ring, pages, work
        self.start_ns, self.end_ns = span_ns
        self.without_history: HaiheError | None = None
        """Why late samples are not there, though the ring has the window."""

    def count(self, name: str) -> tuple[int, bool]:
        """Return how many samples ``samples`` will give, about, and whether there are no more."""
        found = self._raw(name)
        in_ring = sum(len(page.t_ns) for page in found)
        if self._pages is None:
            return in_ring, True
        first = next((int(page.t_ns[0]) for page in found if len(page.t_ns)), self.end_ns)
        try:
            rows, exact = self._pages.count(name, self.start_ns, self.end_ns, self._work.stop)
            before, _ = self._pages.count(name, self.start_ns, first, self._work.stop)
        except HaiheError as error:
            self._do_without(name, found, error)
            return in_ring, True
        return max(rows, before + in_ring), exact

    def waiting(self) -> int:
        """Return how many samples, of all tags, are known to wait for the database: the older of them are missing."""
        if self._pages is None or self.without_history is not None:
            return 0
        try:
            return self._pages.waiting(self._work.stop)
        except HaiheError:
            return 0

    def samples(self, name: str) -> Iterator[RawSample]:
        """Yield the samples of both, oldest first; one that is in both stands once."""
        found = self._raw(name)
        ring = chain.from_iterable(_rows(page) for page in found)
        for sample in merged(ring, self._stored(name, found)):
            self._work.look()
            yield sample

    def window(self, name: str, columns: int, deadband: float) -> Any | None:
        """Return the envelope of the window; None where nothing is known."""
        ring = self._ring.window(name, self.start_ns, self.end_ns, columns)
        if self._pages is None:
            return ring
        span_ns = self.end_ns - self.start_ns
        column_ns, width = span_ns / columns, column_width(span_ns, columns)
        asked: dict[WindowRequest, None] = {}
        for begin, end in wanted(ring, self.start_ns, self.end_ns, column_ns):
            asked |= dict.fromkeys(parts_of(name, begin, end, width))
        history: list[Envelope] = []
        for one in asked:
            self._work.look()
            history.append(self._pages.window(one, self._work.stop))
        rows = in_order(history)
        return None if ring is None and not len(rows.t_first) else joined(ring, rows, column_ns, deadband)

    def bins(self, name: str, count: int, deadband: float) -> Iterator[tuple[int, int, Summary]]:
        """Yield begin, end and figures of each of so many parts of the window, oldest first."""
        width = max(1, -(-(self.end_ns - self.start_ns) // count))
        edges = [(begin, min(begin + width, self.end_ns)) for begin in range(self.start_ns, self.end_ns, width)]
        ring = self._ring.window(name, self.start_ns, self.end_ns, count * _FINE)
        first = self.end_ns if ring is None or not len(ring.t_first) else int(ring.t_first[0])
        beside = self._beside(name, ring, width, deadband)
        for number, (begin, end) in enumerate(edges):
            self._work.look()
            here = [(max(a, begin), min(b, end)) for a, b in beside.missing if a < end and b > begin]
            if number in beside.better or here == [(begin, end)]:
                yield begin, end, beside.stored.get(number, Summary())
                continue
            total = self._ring_part(name, max(begin, first), end)
            if number in beside.hidden:
                total += beside.stored.get(number, Summary()).extremes
            if self._pages is not None:
                for stretch in here:
                    total += sum(self._pages.bins(_weighted(name, *stretch, 1), self._work.stop), Summary())
            yield begin, end, total

    def _beside(self, name: str, ring: Any | None, width: int, deadband: float) -> "_Beside":
        """Return what history has to add; where it cannot be asked, nothing, unless the ring lacks too much."""
        if self._pages is None:
            return _Beside()
        lacks, buckets = absent(ring, self.start_ns, self.end_ns, _COLUMNS), _buckets(ring, width / _FINE)
        try:
            stored = self._stored_bins(name, [*lacks.counted, *lacks.extremes, *buckets], width)
        except HaiheError as error:
            if lacks.long or buckets:
                raise
            self.without_history = error
            return _Beside()
        better = self._better(ring, stored, width, deadband)
        return _Beside(lacks.counted, self._touched(lacks.extremes, width), stored, better)

    def _better(self, ring: Any | None, stored: Mapping[int, Summary], width: int, tolerance: float) -> set[int]:
        """Return the bins for which the ring has but wide buckets, of which history has both extremes."""
        if ring is None or not stored:
            return set()
        found: set[int] = set()
        worse: set[int] = set()
        for row in np.flatnonzero(wide_rows(ring, width / _FINE)).tolist():
            first, last = ((int(at) - self.start_ns) // width for at in (ring.t_first[row], ring.t_last[row]))
            numbers = [number for number in range(first, last + 1) if number in stored]
            all_of_it = sum((stored[number] for number in numbers), Summary())
            least, most = ring.minimum[row], ring.maximum[row]  # NaN: none of its samples is good
            has_all = np.isnan(least) or (
                all_of_it.minimum <= least + tolerance and all_of_it.maximum >= most - tolerance
            )
            (found if has_all else worse).update(numbers)
        return found - worse

    def _stored_bins(self, name: str, stretches: Sequence[Stretch], width: int) -> dict[int, Summary]:
        """Return what history has of the bins that reach into stretches."""
        if self._pages is None:
            return {}
        touched = self._touched(stretches, width)
        found: dict[int, Summary] = {}
        most = max(1, LONGEST_NS // width)
        for _, run in groupby(enumerate(sorted(touched)), key=lambda each: each[1] - each[0]):
            numbers = [number for _, number in run]
            for place in range(0, len(numbers), most):
                some = numbers[place : place + most]
                begin, end = self.start_ns + some[0] * width, self.start_ns + (some[-1] + 1) * width
                self._work.look()
                one = _weighted(name, begin, min(end, self.end_ns) if len(some) == 1 else end, len(some))
                found |= zip(some, self._pages.bins(one, self._work.stop), strict=True)
        return found

    def _touched(self, stretches: Sequence[Stretch], width: int) -> set[int]:
        """Return the numbers of the bins that reach into stretches."""
        found: set[int] = set()
        for begin, end in stretches:
            inside = max(begin, self.start_ns) - self.start_ns, min(end, self.end_ns) - 1 - self.start_ns
            found.update(range(inside[0] // width, inside[1] // width + 1))
        return found

    def _ring_part(self, name: str, begin: int, end: int) -> Summary:
        found = self._ring.statistics(name, begin, end) if begin < end else None
        if found is None:
            return Summary()
        good_ns = float(found.good_fraction) * (end - begin)
        area = float(found.total) if good_ns else 0.0
        return Summary(area, good_ns, float(found.minimum), float(found.maximum))

    def _raw(self, name: str) -> list[Samples]:
        found: list[Samples] = []
        begin = self.start_ns
        while True:
            page = self._ring.raw(name, begin, self.end_ns - 1, _RING_PAGE)
            if page is None:
                return found
            found.append(page)
            if not page.truncated:
                return found
            begin = int(page.t_ns[-1]) + 1

    def _stored(self, name: str, found: list[Samples]) -> Iterator[RawSample]:
        if self._pages is None:
            return
        begun = False
        try:
            for sample in self._pages.samples(name, self.start_ns, self.end_ns, self._work.stop):
                begun = True
                yield sample
        except HaiheError as error:
            if begun:
                raise
            self._do_without(name, found, error)

    def _do_without(self, name: str, found: list[Samples], error: HaiheError) -> None:
        """Go on without history where the ring has all but late samples; raise the error where it has not."""
        ring = self._ring.window(name, self.start_ns, self.end_ns, _COLUMNS)
        if not found or not found[0].complete or absent(ring, self.start_ns, self.end_ns, _COLUMNS).long:
            raise error
        self.without_history = error


def _buckets(ring: Any | None, column_ns: float) -> list[Stretch]:
    if ring is None:
        return []
    wide = wide_rows(ring, column_ns)
    return list(zip(ring.t_first[wide].tolist(), (ring.t_last[wide] + 1).tolist(), strict=True))


def _weighted(name: str, begin: int, end: int, columns: int) -> WindowRequest:
    return WindowRequest(name, begin, end, columns, weighted=True)


def _rows(page: Samples) -> Iterator[RawSample]:
    for place in range(0, len(page.t_ns), _LIST_PAGE):
        part = slice(place, place + _LIST_PAGE)
        yield from zip(page.t_ns[part].tolist(), page.value[part].tolist(), page.status[part].tolist(), strict=True)
