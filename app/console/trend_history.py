"""History in SQL for trends, asked of the engine over the link."""

import math
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import QObject

from app.console.bridge import EngineBridge
from app.model.clock import SECOND_NS
from app.model.errors import HaiheError
from app.model.history import BACK_FILLED, HistoryColumn, HistoryEnvelope, HistoryRow
from app.model.status import BAD
from app.trend.types import Envelope
from widgets.trend.source import FailWindow, TakeWindow, WindowRequest
from widgets.trend.summary import Summary
from widgets.wording import Wording

_MARK: Final = 0x408
"""InfoType DataValue and the historian's bit "extra data": what a trend marks (OPC UA Part 11, 6.4.2)."""


class LinkHistory:
    """A LateSource over the bridge; without a link it fails, and whoever asked asks again."""

    def __init__(self, bridge: EngineBridge, wording: Wording, owner: QObject) -> None:
        self._bridge, self._wording, self._owner = bridge, wording, owner
        self._cancel: dict[tuple[WindowRequest, int], Callable[[], object]] = {}
        self._number = 0

    def request(self, request: WindowRequest, take: TakeWindow, fail: FailWindow) -> None:
        """Ask for a window."""
        self._number += 1
        key = request, self._number

        def done(found: HistoryEnvelope) -> None:
            if self._cancel.pop(key, None) is not None:
                take(request, summary(found, request) if request.weighted else envelope(found))

        def failed(error: HaiheError) -> None:
            if self._cancel.pop(key, None) is not None:
                fail(request, self._wording.error(error))

        self._cancel[key] = lambda: None
        call = self._bridge.call(
            lambda client: client.history(
                request.name, request.start_ns, request.end_ns, request.columns, weighted=request.weighted
            ),
            done, failed, self._owner,
        )  # fmt: skip
        if call is not None:
            self._cancel[key] = call.cancel

    def cancel(self, request: WindowRequest) -> None:
        """Drop what was asked."""
        for key in [key for key in self._cancel if key[0] == request]:
            self._cancel.pop(key)()


def envelope(found: HistoryEnvelope) -> Envelope:
    """Return the rows of a window with the samples next to it; a column of two samples is two rows.

    What was filled in later has the mark of the historian in its status.
    """
    rows = [row for column in found.columns for row in _rows(column)]
    if found.before is not None:
        rows.insert(0, _sample(found.before))
    if found.after is not None:
        rows.append(_sample(found.after))
    columns: Sequence[Sequence[float]] = list(zip(*rows, strict=True)) or [()] * 7
    first, last = (np.array(column, dtype=np.int64) for column in columns[:2])
    low, high, end = (np.array(column, dtype=np.float64) for column in columns[2:5])
    status, count = np.array(columns[5], dtype=np.uint32), np.array(columns[6], dtype=np.uint64)
    return Envelope(first, last, low, high, end, status, count, bool((count == 1).all()))


def summary(found: HistoryEnvelope, request: WindowRequest) -> Summary:
    """Return the figures of a window, with those of the value held before its first sample."""
    columns = found.columns
    total = Summary()
    for c in columns:
        total += Summary(c.area or 0.0, c.good_ns or 0, _number(c.minimum), _number(c.maximum))
    held_ns = (columns[0].first_ns if columns else request.end_ns) - request.start_ns
    value = math.nan if found.before is None else _sample(found.before)[2]
    if held_ns > 0 and math.isfinite(value):
        total += Summary(value * held_ns / SECOND_NS, held_ns, value, value)
    return total


def bins(found: HistoryEnvelope, request: WindowRequest) -> list[Summary]:
    """Return the figures of each column of a weighted window, every value held until the next sample and no further.

    The database counts a sample's hold in the column where it begins; here it is cut at the borders of columns.
    """
    result = [Summary()] * request.columns
    width = found.width_ns

    def hold(value: float, begin: int, end: int) -> None:
        while math.isfinite(value) and begin < min(end, request.end_ns):
            number = (begin - request.start_ns) // width
            border = min(end, request.start_ns + (number + 1) * width)
            held_ns = border - begin
            result[number] += Summary(value * held_ns / SECOND_NS, held_ns, value, value)
            begin = border

    begin, value = request.start_ns, math.nan if found.before is None else _sample(found.before)[2]
    for place, c in enumerate(found.columns):
        hold(value, begin, c.first_ns)
        following = found.columns[place + 1].first_ns if place + 1 < len(found.columns) else request.end_ns
        begin, value = c.last_ns, _number(c.last) if c.last_status < BAD else math.nan
        held_ns = following - begin if math.isfinite(value) else 0
        area = (c.area or 0.0) - (value * held_ns / SECOND_NS if held_ns else 0.0)
        result[c.number] += Summary(area, max(0, (c.good_ns or 0) - held_ns), _number(c.minimum), _number(c.maximum))
    hold(value, begin, request.end_ns)
    return result


_Row = tuple[int, int, float, float, float, int, int]


def _rows(c: HistoryColumn) -> list[_Row]:
    status = c.status | (_MARK if c.flags & BACK_FILLED else 0)
    low, high = _number(c.minimum), _number(c.maximum)
    if c.samples == 2 and c.status < BAD and c.first_ns < c.last_ns:
        ends = ((c.first_ns, _number(c.first)), (c.last_ns, _number(c.last)))
        return [(at, at, value, value, value, status, 1) for at, value in ends]
    last = _number(c.last) if c.last_status < BAD else math.nan
    return [(c.first_ns, c.last_ns, low, high, last, status, c.samples)]


def _sample(row: HistoryRow) -> _Row:
    usable = row.status < BAD and isinstance(row.value, bool | int | float)
    value = float(row.value) if usable and not isinstance(row.value, str) and row.value is not None else math.nan
    status = row.status | (_MARK if row.flags & BACK_FILLED else 0)
    return row.time_ns, row.time_ns, value, value, value, status, 1


def _number(value: float | None) -> float:
    return math.nan if value is None else value
