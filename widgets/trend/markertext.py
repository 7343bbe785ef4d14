"""What a mark of a trend says when it is pointed at."""

from typing import Final

from PySide6.QtCore import QCoreApplication, QPointF

from widgets.trend.markers import Marker, MarkerKind, Markers
from widgets.trend.plot import TrendPlot
from widgets.wording import Wording

_MOST: Final = 8
"""Marks of which one tip tells."""


def tip_at(plot: TrendPlot, markers: Markers, wording: Wording, position: QPointF) -> str:
    """Return what the marks at a position of the plot say."""
    start, end = plot.span
    near = markers.near(plot.time_at(position), (end - start) / plot.columns)
    return "\n".join(marker_text(one, wording) for one in near[:_MOST])


def marker_text(marker: Marker, wording: Wording) -> str:
    """Return time, what it is, tag, text and who."""
    translate = QCoreApplication.translate
    kind = {
        MarkerKind.ALARM: translate("MarkerText", "Alarm"),
        MarkerKind.RETURN: translate("MarkerText", "Alarm returned"),
        MarkerKind.COMMAND: translate("MarkerText", "Command"),
        MarkerKind.NOTE: translate("MarkerText", "Note"),
    }[marker.kind]
    parts = (kind, marker.tag, marker.text, marker.author)
    return f"{wording.date_time(marker.at_ns)}  {' · '.join(part for part in parts if part)}"
