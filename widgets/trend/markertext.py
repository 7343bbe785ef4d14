"""What a mark of a trend says when it is pointed at."""

from PySide6.QtCore import QCoreApplication

from widgets.trend.markers import Marker, MarkerKind
from widgets.wording import Wording


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
