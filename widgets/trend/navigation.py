"""Which time a trend shows: live that follows, scrolled back, and the views before and after."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from app.model.clock import SECOND_NS, Clock
from widgets.trend.period import FIRST_S, LAST_S, MAX_SPAN_S, MIN_SPAN_S

SETTLE_MS: Final = 600
"""A drag or a run of wheel steps is one view: it is kept once it rests this long."""
_LIMIT: Final = 100


@dataclass(frozen=True, slots=True)
class View:
    """A range of time (seconds since the epoch, UTC); a live one keeps its length and follows now."""

    start_s: float
    end_s: float
    live: bool

    @property
    def span_s(self) -> float:
        """Length (s)."""
        return self.end_s - self.start_s


class TimeNavigator(QObject):
    """Owns the view. Everything that moves a trend in time goes through here.

    Signals:
        changed(): another view. moved(): the live view went on with the time.
        history_changed(): back or forward became possible or impossible.

    """

    changed = Signal()
    moved = Signal()
    history_changed = Signal()

    def __init__(self, clock: Clock, span_s: float = 3600.0, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        now = self.now_s
        self._view = View(now - span_s, now, True)
        self._views: list[View] = [self._view]
        self._at = 0
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self._keep)

    @property
    def view(self) -> View:
        """What is shown."""
        return self._view

    @property
    def now_s(self) -> float:
        """Now (seconds since the epoch)."""
        return self._clock.now_ns() / SECOND_NS

    @property
    def can_go(self) -> tuple[bool, bool]:
        """Whether there is a view before and after."""
        unkept = self._settle.isActive()
        return self._at > 0 or unkept, self._at < len(self._views) - 1 and not unkept

    def follow(self, pixels: int) -> bool:
        """Let the live view go on with the time, once that is a pixel; tells whether it moved."""
        if not self._view.live:
            return False
        now, span = self.now_s, self._view.span_s
        if abs(now - self._view.end_s) < span / max(1, pixels):
            return False
        self._view = View(now - span, now, True)
        self.moved.emit()
        return True

    def go_live(self) -> None:
        """Follow now again, at the length shown."""
        now = self.now_s
        self._take(View(now - self._view.span_s, now, True))

    def show_span(self, seconds: float) -> None:
        """Show the last so many seconds while live, else as many around the middle."""
        seconds = min(MAX_SPAN_S, max(MIN_SPAN_S, seconds))
        view, now = self._view, self.now_s
        if view.live:
            self._take(View(now - seconds, now, True))
        else:
            middle = (view.start_s + view.end_s) / 2
            self._take(View(middle - seconds / 2, middle + seconds / 2, False))

    def show_until(self, end_s: float | None, span_s: float) -> None:
        """Show a period with a given end; None: live."""
        end = self.now_s if end_s is None else end_s
        self._take(View(end - span_s, end, end_s is None))

    def show_range(self, start_s: float, end_s: float) -> None:
        """Show a range (box zoom, between rulers), not shorter or longer than allowed."""
        self._take(View(start_s, end_s, False))

    def drag(self, start_s: float, end_s: float) -> None:
        """Take the range that dragging or the wheel gave; one that ends now is live. Kept once it rests."""
        live = abs(end_s - self.now_s) < max(2.0, 0.02 * (end_s - start_s))
        view = _allowed(View(start_s, end_s, live))
        if view != self._view:
            self._view = view
            self._settle.start()
            self.changed.emit()
            self.history_changed.emit()

    def pan(self, share: float) -> None:
        """Move by a share of the length, later when positive; not beyond now."""
        view = self._view
        shift = min(share * view.span_s, max(0.0, self.now_s - view.end_s))
        self.drag(view.start_s + shift, view.end_s + shift)

    def zoom(self, factor: float, at_s: float | None = None) -> None:
        """Lengthen (over 1) or shorten; ``at_s`` stays where it is (None: end while live, else middle)."""
        view = self._view
        span = min(MAX_SPAN_S, max(MIN_SPAN_S, view.span_s * factor))
        if at_s is None:
            at_s = view.end_s if view.live else (view.start_s + view.end_s) / 2
        share = (at_s - view.start_s) / view.span_s
        start = at_s - share * span
        self.drag(start, start + span)

    def back(self) -> None:
        """Return to the view before."""
        self._keep()
        if self._at > 0:
            self._go(self._at - 1)

    def forward(self) -> None:
        """Go to the view after."""
        self._keep()
        if self._at < len(self._views) - 1:
            self._go(self._at + 1)

    def _take(self, view: View) -> None:
        self._keep()
        self._view = _allowed(view)
        self._keep_now()
        self.changed.emit()

    def _go(self, place: int) -> None:
        self._at = place
        view = self._views[place]
        now = self.now_s
        self._view = View(now - view.span_s, now, True) if view.live else view
        self.changed.emit()
        self.history_changed.emit()

    def _keep(self) -> None:
        if self._settle.isActive():
            self._settle.stop()
            self._keep_now()

    def _keep_now(self) -> None:
        here = self._views[self._at]
        if (here.live and self._view.live and here.span_s == self._view.span_s) or here == self._view:
            return
        self._views = [*self._views[: self._at + 1], self._view][-_LIMIT:]
        self._at = len(self._views) - 1
        self.history_changed.emit()


def _allowed(view: View) -> View:
    """Return a view of a length and at a time that a trend may have; the end of a live one stays, else the middle."""
    span = min(MAX_SPAN_S, max(MIN_SPAN_S, view.span_s))
    start = view.start_s if span == view.span_s else view.end_s - (span if view.live else (view.span_s + span) / 2)
    start = min(LAST_S - span, max(FIRST_S, start))
    return view if start == view.start_s and span == view.span_s else View(start, start + span, view.live)
