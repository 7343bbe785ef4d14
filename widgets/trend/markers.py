"""Marks of alarms, commands and notes over the plot, from the engine, which answers later."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from PySide6.QtCore import QLineF, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPen

from app.model.alarm import Priority
from app.model.clock import SECOND_NS
from widgets.marks import paint_mark
from widgets.trend.frame import Frame
from widgets.trend.signs import paint_command, paint_note

SIZE_PX: Final = 15
_CLOSE_PX: Final = 12
_ASK_MS: Final = 300
_LIVE_MS: Final = 5000
"""A view that only goes on with the time asks this often."""


class MarkerKind(StrEnum):
    """What a marker stands for."""

    ALARM = "alarm"
    RETURN = "return"
    COMMAND = "command"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Marker:
    """Something that happened at a time (ns since the epoch, UTC); ``text`` is in the operator's language."""

    at_ns: int
    kind: MarkerKind
    tag: str
    text: str
    priority: Priority | None = None
    id: int = 0
    """Of a note."""
    author: str = ""


Take = Callable[[Sequence[Marker], int | None], None]
"""Takes marks, and the time before which there are more than could be fetched (ns), or None."""


class MarkerSource(Protocol):
    """Answers later, in the GUI thread; an answer that never comes leaves the plot without markers."""

    def request(self, start_ns: int, end_ns: int, tags: Sequence[str], take: Take) -> Callable[[], object] | None:
        """Ask for what happened to these tags from start to end; returns what gives it up, where it can be."""


class Markers(QObject):
    """Keeps the markers of the window shown; asks again when the view rests.

    Signals:
        changed(): other markers.
        cut(object): before this time (ns since the epoch, UTC) there are more than could be fetched.

    """

    changed = Signal()
    cut = Signal(object)

    def __init__(self, source: MarkerSource | None, parent: QObject) -> None:
        super().__init__(parent)
        self._source = source
        self._wanted: tuple[int, int, tuple[str, ...]] | None = None
        self._asked: tuple[int, int, tuple[str, ...]] | None = None
        self._number = 0
        self._give_up: Callable[[], object] | None = None
        self.markers: list[Marker] = []
        self.shown = True
        self._ask_soon = QTimer(self, singleShot=True, interval=_ASK_MS)
        self._ask_soon.timeout.connect(self._ask)

    def want(self, start_ns: int, end_ns: int, tags: Sequence[str]) -> None:
        """Say what is shown."""
        if self._source is not None and self.shown:
            self._wanted = (start_ns, end_ns, tuple(tags))
            if self._asked is None or not self._went_on(self._asked):
                self._ask_soon.start(_ASK_MS)
            elif not self._ask_soon.isActive():
                self._ask_soon.start(_LIVE_MS)

    def show(self, shown: bool) -> None:
        """Show or hide them."""
        self.shown = shown
        self.cancel()
        self.changed.emit()

    def cancel(self) -> None:
        """Ask no more for what is still coming; a view that is wanted is asked for anew."""
        self._number += 1
        self._asked = None
        self._ask_soon.stop()
        if self._give_up is not None:
            self._give_up()
            self._give_up = None

    def ask_again(self) -> None:
        """Ask anew for what is shown: something was added or removed."""
        self._asked = None
        if self._source is not None and self.shown and self._wanted is not None:
            self._ask_soon.start(_ASK_MS)

    def paint(self, frame: Frame) -> None:
        """Paint them along the upper edge; of those that would cover one another the most urgent."""
        if not self.shown or not self.markers:
            return
        painter = frame.painter()
        for marker in self._apart(frame):
            x = frame.x_of(marker.at_ns / SECOND_NS) / frame.ratio
            box = QRectF(x - SIZE_PX / 2, 3.0, SIZE_PX, SIZE_PX)
            painter.setPen(QPen(frame.theme.color("faint"), 0.0, Qt.PenStyle.DotLine))
            painter.drawLine(QLineF(x, SIZE_PX + 4.0, x, frame.height / frame.ratio))
            if marker.kind is MarkerKind.NOTE:
                paint_note(painter, box, frame.theme)
            elif marker.priority is not None:
                paint_mark(painter, box, marker.priority, frame.theme, hollow=marker.kind is MarkerKind.RETURN)
            else:
                paint_command(painter, box, frame.theme)
        painter.end()

    def near(self, seconds: float, seconds_a_pixel: float) -> list[Marker]:
        """Return the markers under the pointer."""
        reach = _CLOSE_PX * seconds_a_pixel * SECOND_NS
        return [m for m in self.markers if self.shown and abs(m.at_ns - seconds * SECOND_NS) <= reach]

    def _apart(self, frame: Frame) -> list[Marker]:
        places: dict[int, Marker] = {}
        for marker in self.markers:
            x = frame.x_of(marker.at_ns / SECOND_NS) / frame.ratio
            if 0 <= x <= frame.width / frame.ratio:
                known = places.get(int(x) // SIZE_PX)
                if known is None or _urgency(marker) < _urgency(known):
                    places[int(x) // SIZE_PX] = marker
        return list(places.values())

    def _went_on(self, asked: tuple[int, int, tuple[str, ...]]) -> bool:
        if self._wanted is None:
            return True
        span, old = self._wanted[1] - self._wanted[0], asked[1] - asked[0]
        return (
            self._wanted[2] == asked[2]
            and abs(span - old) < span // 100
            and abs(self._wanted[1] - asked[1]) < span // 4
        )

    def _ask(self) -> None:
        wanted = self._wanted
        if wanted is None or self._source is None or wanted == self._asked:
            return
        self.cancel()
        self._asked = wanted
        number = self._number

        def take(markers: Sequence[Marker], cut_ns: int | None) -> None:
            if number == self._number:
                self._give_up = None
                self.markers = sorted(markers, key=lambda marker: marker.at_ns)
                self.changed.emit()
                if cut_ns is not None:
                    self.cut.emit(cut_ns)

        self._give_up = self._source.request(*wanted, take)


def _urgency(marker: Marker) -> tuple[int, int]:
    """Return what comes first where marks would cover one another: raised alarms by priority, notes, all else."""
    if marker.kind is MarkerKind.ALARM:
        return 0, marker.priority or 9
    return (1, 0) if marker.kind is MarkerKind.NOTE else (2, marker.priority or 9)
