"""Drags with the mouse: this platform has none of its own, so what it would bring to the goal is sent there."""

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDrag, QDragEnterEvent, QDragMoveEvent, QDropEvent, QMouseEvent, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from widgets.drag import dragged_tags, tag_data

LEFT, NONE, COPY = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.DropAction.CopyAction


def begin(start: QWidget, at: QPoint) -> QMimeData | None:
    """Press and move; return what is dragged, or None where no drag began."""
    QTest.mousePress(start, LEFT, NONE, at)
    there = at + QPoint(40, 4)
    moved = QMouseEvent(QEvent.Type.MouseMove, QPointF(there), QPointF(start.mapToGlobal(there)), LEFT, LEFT, NONE)
    QApplication.sendEvent(start, moved)
    begun = start.findChild(QDrag)
    return tag_data(dragged_tags(begun.mimeData())) if isinstance(begun, QDrag) else None  # a copy: the drag is over


def hold(data: QMimeData, goal: QWidget, at: QPoint | None = None) -> bool:
    """Bring a drag over a widget of a window; tell whether it is taken there."""
    aim, spot = _aim(goal, at)
    enter = QDragEnterEvent(spot, COPY, data, LEFT, NONE)
    QApplication.sendEvent(aim, enter)
    move = QDragMoveEvent(spot, COPY, data, LEFT, NONE)
    move.setAccepted(enter.isAccepted())  # as QGuiApplication does
    QApplication.sendEvent(aim, move)
    return move.isAccepted()


def drop(data: QMimeData, goal: QWidget, at: QPoint | None = None) -> None:
    """Let go over a widget."""
    aim, spot = _aim(goal, at)
    QApplication.sendEvent(aim, QDropEvent(QPointF(spot), COPY, data, LEFT, NONE))


def drag(start: QWidget, at: QPoint, goal: QWidget) -> list[str]:
    """Drag from a point of a widget to the middle of another; return the tags dragged."""
    data = begin(start, at)
    assert data is not None
    if hold(data, goal):
        drop(data, goal)
    return dragged_tags(data)


def _aim(goal: QWidget, at: QPoint | None) -> tuple[QWindow, QPoint]:
    spot = goal.mapTo(goal.window(), at if at is not None else goal.rect().center())
    handle = goal.window().windowHandle()
    assert handle is not None
    return handle, spot
