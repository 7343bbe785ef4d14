"""What the window knows of a page: its widget, and whom to tell when something changes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QWidget

from app.console.bridge import LinkState
from app.console.trend_period import TrendPeriod
from app.model.engine import EngineStatus
from app.model.journal import JournalQuery


def _ignore(*_: object) -> None:
    """Do nothing: most pages are interested in little."""


@dataclass(frozen=True)
class Page:
    """A widget and its wishes; each workspace's module in ``app.console.pages`` makes one.

    Attributes:
        widget: what is shown.
        tags: what is live on it; the dock shows the alarms that belong to it.
        aspect: width over height that the widget wants to keep; 0 where it takes any shape.
        release: gives back subscriptions, before the widget goes.
        select: outlines an equipment (empty: none).
        add_tag: takes a tag that somebody wants to see here.
        show_period: takes a TrendPeriod that somebody wants to see here.
        show_rows: shows the rows of a query.
        session_changed, link_changed: as the names say.
        status: the engine's status, restarts of the engine and reconnections of this console.
        status_lost: why there is no status.
        kept: what the page of a new window (in another language) is to show again; None where nothing is.
        show_again: shows what ``kept`` of the old window's page gave, which is still there.

    """

    widget: QWidget
    tags: Callable[[], Iterable[str]] = tuple
    aspect: float = 0.0
    release: Callable[[], None] = _ignore
    select: Callable[[str], None] = _ignore
    add_tag: Callable[[str], object] = _ignore
    show_period: Callable[[TrendPeriod], object] = _ignore
    show_rows: Callable[[JournalQuery], None] = _ignore
    session_changed: Callable[[], None] = _ignore
    link_changed: Callable[[LinkState], None] = _ignore
    status: Callable[[EngineStatus, int, int], None] = _ignore
    status_lost: Callable[[LinkState, str], None] = _ignore
    kept: Callable[[], Any] = _ignore
    show_again: Callable[[Any], None] = _ignore
