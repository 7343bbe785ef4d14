"""Brings the data of the view to the pens: at once from the store, later and in chunks from history."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.model.clock import SECOND_NS
from app.trend.types import Envelope
from widgets.trend.pens import Pen, PenSet
from widgets.trend.shape import EMPTY, polyline
from widgets.trend.source import EnvelopeSource, LateSource, WindowRequest

_FIELDS: Final = ("t_first", "t_last", "minimum", "maximum", "last", "status", "count")


class TrendFeed(QObject):
    """Asks for what is visible only. A chunk that comes for a view that is gone is dropped.

    Signals:
        taken(): a late answer was put into its pen.
        waiting_changed(int): so many late answers are awaited.

    """

    taken = Signal()
    waiting_changed = Signal(int)

    def __init__(self, pens: PenSet, source: EnvelopeSource, late: LateSource | None = None) -> None:
        super().__init__(pens)
        self._pens, self._source, self._late = pens, source, late
        self._waiting: dict[WindowRequest, Pen] = {}
        self._parts: dict[Pen, list[Any]] = {}
        self._now_ns = 0

    def query(self, start_s: float, end_s: float, columns: int, now_ns: int, past_s: float = 0.0) -> None:
        """Read the windows of all visible pens; ``past_s``: also the course of so long before, 0: none."""
        start_ns, end_ns = int(start_s * SECOND_NS), int(end_s * SECOND_NS)
        self._now_ns = min(end_ns, now_ns)
        self.cancel()
        shift_ns = int(past_s * SECOND_NS)
        for pen in self._pens.pens:
            if not pen.visible:
                continue
            envelope = self._source.window(pen.tag.name, start_ns, end_ns, columns)
            self._parts[pen] = [envelope] if envelope is not None else []
            self._show(pen)
            pen.past = EMPTY
            if shift_ns and not pen.tag.is_discrete:
                self._show_past(pen, start_ns, end_ns, columns, shift_ns)
            first = int(envelope.t_first[0]) if envelope is not None and len(envelope.t_first) else end_ns
            if self._late is not None and first > start_ns:
                self._request(pen, WindowRequest(pen.tag.name, start_ns, min(first, end_ns), columns))

    def cancel(self) -> None:
        """Give up what is still awaited."""
        waiting, self._waiting, self._parts = self._waiting, {}, {}
        if self._late is not None and waiting:
            for request in waiting:
                self._late.cancel(request)
            self.waiting_changed.emit(0)

    def _request(self, pen: Pen, request: WindowRequest) -> None:
        if self._late is not None:
            self._waiting[request] = pen
            self._late.request(request, self._take)
            self.waiting_changed.emit(len(self._waiting))

    def _take(self, request: WindowRequest, envelope: Any, last: bool) -> None:
        pen = self._waiting.get(request)
        if pen is None:
            return
        if last:
            del self._waiting[request]
            self.waiting_changed.emit(len(self._waiting))
        if envelope is not None and len(envelope.t_first):
            self._parts[pen].append(envelope)
            self._show(pen)
            self.taken.emit()

    def _show(self, pen: Pen) -> None:
        parts = self._parts[pen]
        pen.lines = polyline(joined(parts), pen.tag.is_discrete, self._now_ns) if parts else EMPTY

    def _show_past(self, pen: Pen, start_ns: int, end_ns: int, columns: int, shift_ns: int) -> None:
        found = self._source.window(pen.tag.name, start_ns - shift_ns, end_ns - shift_ns, columns)
        if found is not None:
            moved = Envelope(found.t_first + shift_ns, found.t_last + shift_ns, found.minimum, found.maximum,
                             found.last, found.status, found.count, found.is_raw)  # fmt: skip
            pen.past = polyline(moved, False, 0)


def joined(parts: Sequence[Any]) -> Any:
    """Put envelopes of one tag together by time; of rows that overlap, those of the part given first stay.

    The store is the first part: where history reaches into it, the store's rows count.
    """
    whole = parts[0]
    for part in parts[1:]:
        low = int(whole.t_first[0]) if len(whole.t_first) else None
        high = int(whole.t_last[-1]) if len(whole.t_last) else None
        before = np.ones(len(part.t_last), dtype=bool) if low is None else part.t_last < low
        after = np.zeros(len(part.t_last), dtype=bool) if high is None else part.t_first > high
        arrays: dict[str, Any] = {
            name: np.concatenate((getattr(part, name)[before], getattr(whole, name), getattr(part, name)[after]))
            for name in _FIELDS
        }
        whole = Envelope(**arrays, is_raw=whole.is_raw and part.is_raw)
    return whole
