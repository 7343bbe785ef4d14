"""Brings the data of the view to the pens: at once from the store, later and in parts from history."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.model.clock import SECOND_NS
from widgets.trend.archive import Archive
from widgets.trend.beside import beside
from widgets.trend.compare import Piece
from widgets.trend.joining import Stretch, cut_open, in_order, joined, wanted
from widgets.trend.parts import column_width, parts_of
from widgets.trend.pens import Pen, PenSet
from widgets.trend.shape import EMPTY, polyline
from widgets.trend.source import EnvelopeSource, LateSource, WindowRequest


@dataclass(slots=True, eq=False)
class _Window:
    """What one pen shows: the ring's rows, and the parts of history that belong to them, with what each is for."""

    ring: Any | None
    parts: dict[WindowRequest, list[Stretch]]
    column_ns: float
    span: Stretch
    shift_ns: int = 0


class TrendFeed(QObject):
    """Asks for what is visible only, and of history only what is not there yet.

    Signals:
        taken(): a late answer was put into its pen.
        waiting_changed(int): history of so many tags is awaited.
        problem_changed(str): why history does not come now; empty when it does.

    """

    taken = Signal()
    waiting_changed = Signal(int)
    problem_changed = Signal(str)

    def __init__(self, pens: PenSet, source: EnvelopeSource, late: LateSource | None = None) -> None:
        super().__init__(pens)
        self._pens, self._source = pens, source
        self.archive = Archive(late, self)
        self._has_history = late is not None
        self._shown: dict[Pen, tuple[_Window, list[_Window]]] = {}
        self._rings: dict[str, Any | None] = {}
        self._now_ns = 0
        self.archive.came.connect(self._take)
        self.archive.waiting_changed.connect(self.waiting_changed)
        self.archive.problem_changed.connect(self.problem_changed)

    def query(
        self, start_s: float, end_s: float, columns: int, now_ns: int, past: Sequence[Piece] = ()
    ) -> None:  # fmt: skip
        """Read the windows of all visible pens; ``past``: and beside these parts of them the course of before."""
        start_ns, end_ns = int(start_s * SECOND_NS), int(end_s * SECOND_NS)
        self._now_ns = min(end_ns, now_ns)
        self._shown, self._rings = {}, {}
        for pen in self._pens.pens:
            if not pen.visible:
                continue
            name = pen.tag.name
            window = self._window(name, start_ns, end_ns, columns, now_ns)
            before: list[_Window] = []
            for one in past if not pen.tag.is_discrete else ():
                share = (one.end_s - one.start_s) / (end_s - start_s)
                shift = round(one.shift_s * SECOND_NS)
                begin, end = int(one.start_s * SECOND_NS) - shift, int(one.end_s * SECOND_NS) - shift
                before.append(self._window(name, begin, end, max(2, round(share * columns)), now_ns))
                before[-1].shift_ns = shift
            self._shown[pen] = window, before
            self._rings[name] = window.ring
            self._show(pen)
        self.archive.want(
            part for window, before in self._shown.values() for one in (window, *before) for part in one.parts
        )

    def cancel(self) -> None:
        """Give up what is still awaited."""
        self.archive.give_up()

    def resume(self) -> None:
        """Ask for what was given up with the next view."""
        self.archive.resume()

    def ring(self, name: str) -> Any | None:
        """Return the store's rows of a tag in the window last read."""
        return self._rings.get(name)

    def _window(self, name: str, start_ns: int, end_ns: int, columns: int, now_ns: int) -> _Window:
        ring = self._source.window(name, start_ns, end_ns, columns)
        column_ns = (end_ns - start_ns) / max(1, columns)
        parts: dict[WindowRequest, list[Stretch]] = {}
        if self._has_history:
            width = column_width(end_ns - start_ns, columns)
            for begin, end in reversed(wanted(ring, start_ns, min(end_ns, now_ns), column_ns)):
                for part in parts_of(name, begin, end, width):
                    own = max(begin, part.start_ns), min(end, part.end_ns)
                    parts.setdefault(part, []).append(own)
        return _Window(ring, parts, column_ns, (start_ns, end_ns))

    def _take(self, name: str) -> None:
        for pen in self._shown:
            if pen.tag.name == name:
                self._show(pen)
        self.taken.emit()

    def _show(self, pen: Pen) -> None:
        window, before = self._shown[pen]
        found = self._joined(window, pen)
        pen.lines = polyline(found, pen.tag, self._now_ns) if found is not None else EMPTY
        past = beside([(self._joined(one, pen), one.span, one.shift_ns) for one in before])
        pen.past = polyline(past, pen.tag, 0) if past is not None else EMPTY

    def _joined(self, window: _Window, pen: Pen) -> Any | None:
        if not window.parts:
            return window.ring if window.ring is not None and len(window.ring.t_first) else None
        answers = {part: self.archive.cache.get(part) for part in window.parts}
        missing = [one for part, rows in answers.items() if rows is None for one in window.parts[part]]
        history = cut_open(in_order([rows for rows in answers.values() if rows is not None]), missing)
        if window.ring is None and not len(history.t_first):
            return None
        return joined(window.ring, history, window.column_ns, pen.tag.deadband, window.span)
