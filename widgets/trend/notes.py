"""Notes of operators on a trend: writing, listing, removing. The engine keeps them, for every desk."""

from collections.abc import Callable
from typing import Protocol

import shiboken6
from PySide6.QtCore import QObject, SignalInstance

from app.model.clock import SECOND_NS
from widgets.trend.markers import MarkerKind, Markers
from widgets.trend.navigation import TimeNavigator
from widgets.trend.notedialog import NoteDialog
from widgets.trend.notelist import NoteList
from widgets.trend.pens import PenSet
from widgets.trend.plot import TrendPlot
from widgets.wording import Wording

Failed = Callable[[str], None]


class NoteStore(Protocol):
    """Keeps notes; answers in the GUI thread, later. The engine decides what is permitted; this only foresees it."""

    @property
    def changed(self) -> SignalInstance:
        """Emitted when a note was added or removed at any desk, or what is permitted changed."""

    @property
    def why_not(self) -> str:
        """Why no note can be written now; empty where one can."""

    def may_remove(self, author: str) -> bool:
        """Whether a note of this author may be removed here."""

    def add(self, at_ns: int, text: str, tag: str, done: Callable[[], None], failed: Failed) -> None:
        """Keep a note; exactly one callback follows."""

    def remove(self, number: int, failed: Failed) -> None:
        """Remove a note; ``changed`` follows, or ``failed``."""


class Notes(QObject):
    """Opens the dialogs of notes over a trend."""

    def __init__(
        self, store: NoteStore, plot: TrendPlot, pens: PenSet, navigator: TimeNavigator, markers: Markers,
        wording: Wording, say: Callable[[str], None],
    ) -> None:  # fmt: skip
        super().__init__(plot)
        self._store, self._plot, self._pens, self._navigator = store, plot, pens, navigator
        self._markers, self._wording, self._say = markers, wording, say
        store.changed.connect(markers.ask_again)

    def write(self) -> None:
        """Ask for a note: at the ruler moved last, else now while live, else in the middle of the view."""
        why = self._store.why_not
        if why:
            self._say(why)
            return
        rulers, view = self._plot.rulers, self._navigator.view
        at = rulers.at_s[rulers.active]
        if at is None:
            at = self._navigator.now_s if view.live else (view.start_s + view.end_s) / 2
        current = self._pens.current
        tags = [pen.tag.name for pen in self._pens.pens]
        dialog = NoteDialog(
            int(at * SECOND_NS), tags, current.tag.name if current is not None else "", self._wording,
            lambda: int(self._navigator.now_s * SECOND_NS), self._plot.window(),
        )  # fmt: skip
        done, failed = _while_there(dialog, lambda _: dialog.accept()), _while_there(dialog, dialog.refuse)
        dialog.wanted.connect(lambda when, text, tag: self._store.add(when, text, tag, lambda: done(""), failed))
        dialog.open()

    def list(self) -> None:
        """Show the notes of the window shown."""
        dialog = NoteList(self._wording, self._store.may_remove, self._plot.window())

        def refresh() -> None:
            dialog.show_notes([one for one in self._markers.markers if one.kind is MarkerKind.NOTE])

        failed = _while_there(dialog, dialog.refuse)
        dialog.remove_wanted.connect(lambda number: self._store.remove(number, failed))
        self._markers.changed.connect(refresh)
        dialog.finished.connect(lambda _: self._markers.changed.disconnect(refresh))
        refresh()
        dialog.open()


def _while_there(dialog: QObject, do: Failed) -> Failed:
    """Return a callback that does nothing once the dialog was closed: an answer may come late."""
    return lambda text: do(text) if shiboken6.isValid(dialog) else None
