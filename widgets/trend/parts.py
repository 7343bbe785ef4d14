"""Parts of history: aligned stretches of time, so that an answer can be used again. Times: ns since the epoch, UTC."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from app.trend.types import Envelope
from widgets.trend.source import WindowRequest

COLUMNS: Final = 512
"""Most columns of a part."""
LONGEST_NS: Final = 2**46
"""A part is not longer than this (19.5 h) unless a column is: the database reads every sample of it."""
_ROWS: Final = 400_000
FIELDS: Final = ("t_first", "t_last", "minimum", "maximum", "last", "status", "count")
EMPTY: Final = Envelope(
    np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), np.empty(0), np.empty(0),
    np.empty(0, np.uint32), np.empty(0, np.uint64), True,
)  # fmt: skip


def column_width(span_ns: int, columns: int) -> int:
    """Return the greatest power of two that is not wider than a column of the view."""
    return 1 << max(0, (max(1, span_ns // max(1, columns))).bit_length() - 1)


def parts_of(name: str, start_ns: int, end_ns: int, width_ns: int) -> list[WindowRequest]:
    """Return the aligned parts that cover a stretch, newest first."""
    columns = max(1, min(COLUMNS, LONGEST_NS // width_ns))
    length = columns * width_ns
    first, last = start_ns // length, (max(start_ns, end_ns - 1)) // length
    return [WindowRequest(name, n * length, (n + 1) * length, columns) for n in range(last, first - 1, -1)]


def concatenated(envelopes: list[Any]) -> Envelope:
    """Return the rows of all, in the order given."""
    arrays: dict[str, Any] = {name: np.concatenate([getattr(one, name) for one in envelopes]) for name in FIELDS}
    return Envelope(**arrays, is_raw=all(one.is_raw for one in envelopes))


def rows_at(envelope: Any, place: Any) -> Envelope:
    """Return rows by mask, index or slice."""
    arrays: dict[str, Any] = {name: getattr(envelope, name)[place] for name in FIELDS}
    return Envelope(**arrays, is_raw=envelope.is_raw)


@dataclass(frozen=True, slots=True)
class _Kept:
    rows: Any
    size: int
    at_ns: int


class PartCache:
    """Answers by what was asked; those used longest ago are forgotten when the rows become too many."""

    def __init__(self, limit: int = _ROWS) -> None:
        self._limit = limit
        self._kept: OrderedDict[WindowRequest, _Kept] = OrderedDict()
        self.rows = 0

    def get(self, request: WindowRequest) -> Any | None:
        """Return an answer, or None where there is none."""
        kept = self._kept.get(request)
        if kept is None:
            return None
        self._kept.move_to_end(request)
        return kept.rows

    def age_ns(self, request: WindowRequest, now_ns: int) -> int | None:
        """Return how long ago an answer came; None where there is none."""
        kept = self._kept.get(request)
        return None if kept is None else now_ns - kept.at_ns

    def put(self, request: WindowRequest, rows: Any, now_ns: int) -> None:
        """Keep an answer: an envelope, or a summary."""
        old = self._kept.pop(request, None)
        size = 1 if request.weighted else len(rows.t_first) + 1
        self.rows += size - (0 if old is None else old.size)
        self._kept[request] = _Kept(rows, size, now_ns)
        while self.rows > self._limit and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            self.rows -= oldest.size
