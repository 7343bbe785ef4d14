"""The figures of the window shown for each pen: at once from the store, and later with what history adds."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer, Signal

from app.model.clock import Clock
from widgets.trend.archive import Archive
from widgets.trend.parts import PartCache
from widgets.trend.pens import PenSet
from widgets.trend.source import EnvelopeSource, LateSource, WindowRequest
from widgets.trend.summary import Summary, absent, summaries_of

_COLUMNS: Final = 1000
"""A hole of the ring is short below two of so many parts of a window (widgets.trend.summary)."""
_KEPT: Final = 20_000
_REST_MS: Final = 200
"""History is asked no more often than this: the first and last part are those of one view alone."""


@dataclass(frozen=True, slots=True)
class WindowFigures:
    """What is known of a window.

    Attributes:
        summary: of all that is there; None where nothing is.
        good_fraction: 0 to 1, of the whole window. is_whole: nothing of history is missing.

    """

    summary: Summary | None
    good_fraction: float = 0.0
    is_whole: bool = True


class Figures(QObject):
    """Adds to the store's figures those of history, for the time that the store does not have.

    Signals:
        changed(): history gave more of a window.

    """

    changed = Signal()

    def __init__(
        self, pens: PenSet, source: EnvelopeSource, rows: Callable[[str], Any | None],
        late: LateSource | None = None, clock: Clock | None = None,
    ) -> None:  # fmt: skip
        """``rows`` gives what the store answered for the same window."""
        super().__init__(pens)
        self._source, self._rows = source, rows
        self._has_history = late is not None
        self._span = 0, 0
        self._owed: dict[str, list[WindowRequest]] = {}
        self._extremes: dict[str, list[WindowRequest]] = {}
        self._ring: dict[str, Summary | None] = {}
        self._wanted: frozenset[WindowRequest] = frozenset()
        self._archive = Archive(late, self, clock, cache=PartCache(_KEPT), at_once=1)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._want)
        self._archive.came.connect(lambda _name: self.changed.emit())

    def query(self, names: list[str], start_ns: int, end_ns: int) -> None:
        """Read the figures of these tags in a window that does not end after now."""
        self._span = start_ns, end_ns
        self._ring, self._owed, self._extremes = {}, {}, {}
        for name in names:
            ring = self._rows(name)
            self._ring[name] = self._read(name, ring)
            if self._has_history:
                missing = absent(ring, start_ns, end_ns, _COLUMNS)
                self._owed[name] = summaries_of(name, missing.counted)
                self._extremes[name] = summaries_of(name, missing.extremes)
        self._archive.want(self._wanted & {*self._all()})
        if not self._rest.isActive():
            self._rest.start()

    def of(self, name: str) -> WindowFigures:
        """Return what is known of a tag in the window last read."""
        start, end = self._span
        total, there = self._ring.get(name), self._archive.cache.get
        owed = [there(one) for one in self._owed.get(name, [])]
        hidden = [there(one) for one in self._extremes.get(name, [])]
        found = [one for one in owed if one is not None] + [one.extremes for one in hidden if one is not None]
        if found:
            total = sum(found, total or Summary())
        share = total.good_ns / (end - start) if total is not None and end > start else 0.0
        return WindowFigures(total, share, None not in owed and None not in hidden)

    def cancel(self) -> None:
        """Ask no more for the window shown."""
        if self._rest.isActive():
            self._want()
        self._archive.give_up()

    def resume(self) -> None:
        """Ask for what was given up with the next view."""
        self._archive.resume()

    def _all(self) -> list[WindowRequest]:
        return [one for asked in (self._owed, self._extremes) for some in asked.values() for one in some]

    def _want(self) -> None:
        self._rest.stop()
        self._wanted = frozenset(self._all())
        self._archive.want(self._wanted)

    def _read(self, name: str, ring: Any | None) -> Summary | None:
        start, end = self._span
        begin = max(start, int(ring.t_first[0])) if ring is not None and len(ring.t_first) else start
        found = self._source.statistics(name, begin, end) if end > begin else None
        if found is None:
            return None
        good_ns = float(found.good_fraction) * (end - begin)
        return Summary(float(found.total) if good_ns else 0.0, good_ns, float(found.minimum), float(found.maximum))
