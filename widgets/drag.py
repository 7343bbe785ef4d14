"""Tags that are dragged: from a faceplate or a display onto a trend."""

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QDrag
from PySide6.QtWidgets import QWidget

MIME = "text/x-haihe-tag"
"""UTF-8, one tag name a line."""


def tag_data(names: list[str]) -> QMimeData:
    """Return what a drag of tags carries."""
    data = QMimeData()
    data.setData(MIME, "\n".join(names).encode())
    data.setText("\n".join(names))
    return data


def dragged_tags(data: QMimeData) -> list[str]:
    """Return the tags that a drag carries; none for any other drag."""
    if not data.hasFormat(MIME):
        return []
    return [name for name in bytes(data.data(MIME).data()).decode("utf-8", "replace").splitlines() if name]


def drag_tags(widget: QWidget, names: list[str]) -> None:
    """Begin to drag tags from a widget; returns when they were dropped."""
    drag = QDrag(widget)
    drag.setMimeData(tag_data(names))
    drag.exec()
