"""The entries of a trend's menu: export, print, analyse, another window."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from app.model.clock import SECOND_NS
from app.model.tag import Tag
from widgets.trend.exporter import TrendExporter
from widgets.trend.sampling import ExportKind

if TYPE_CHECKING:
    from widgets.trend.workspace import TrendWorkspace


def add_actions(trend: "TrendWorkspace", exporter: TrendExporter) -> dict[str, Callable[[], object]]:
    """Fill the menu; returns the keys of its entries."""
    translate, add = QCoreApplication.translate, trend.tools.add_action
    entries: list[tuple[str, Callable[[], object], str]] = [
        (translate("TrendActions", "Copy picture"), exporter.copy_picture, "Ctrl+C"),
        (translate("TrendActions", "PNG…"), exporter.ask_png, "Ctrl+G"),
        (translate("TrendActions", "Print…"), exporter.ask_print, "Ctrl+P"),
        (translate("TrendActions", "Raw samples (CSV, XLSX)…"), lambda: exporter.ask_table(ExportKind.RAW), "Ctrl+E"),
        (translate("TrendActions", "Bins (CSV, XLSX)…"), lambda: exporter.ask_table(ExportKind.BINNED), "Ctrl+B"),
        (translate("TrendActions", "Values at even steps (CSV, XLSX)…"),
         lambda: exporter.ask_table(ExportKind.INTERPOLATED), "Ctrl+I"),
        (translate("TrendActions", "XY plot of the current pen over the first"), lambda: _xy(trend), "Y"),
        (translate("TrendActions", "Histogram of the current pen"), lambda: _histogram(trend), "H"),
        (translate("TrendActions", "Marks of alarms, commands and notes"),
         lambda: trend.markers.show(not trend.markers.shown), "M"),
        (translate("TrendActions", "New trend window"), trend.window_wanted.emit, "N"),
    ]  # fmt: skip
    notes = trend.notes
    if notes is not None:
        entries[:0] = [
            (translate("TrendActions", "Add a note…"), notes.write, "K"),
            (translate("TrendActions", "Notes…"), notes.list, "Shift+K"),
        ]
    for title, do, keys in entries:
        add(title, do, keys)
    return {keys: do for _, do, keys in entries}


def shown(trend: "TrendWorkspace") -> tuple[list[Tag], int, int]:
    """Return the visible tags and the window, not after now (ns since the epoch, UTC)."""
    start, end = trend.plot.span
    tags = [pen.tag for pen in trend.pens.pens if pen.visible]
    return tags, int(start * SECOND_NS), int(min(end, trend.navigator.now_s) * SECOND_NS)


def _xy(trend: "TrendWorkspace") -> None:
    pens, current = trend.pens.pens, trend.pens.current
    first = next((pen for pen in pens if pen is not current), None)
    if current is not None and first is not None:
        _, start, end = shown(trend)
        trend.analyses.xy(first.tag, current.tag, (start, end), trend.themes.theme).show()


def _histogram(trend: "TrendWorkspace") -> None:
    current = trend.pens.current
    if current is not None:
        _, start, end = shown(trend)
        trend.analyses.histogram(current.tag, (start, end), trend.themes.theme).show()
