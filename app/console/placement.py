"""Where a window stands on its screen."""

from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget


def within(box: QRect, room: QRect) -> QRect:
    """Return a box (px) shrunk and moved as little as it takes to lie in a room."""
    fitted = QRect(box.topLeft(), box.size().boundedTo(room.size()))
    fitted.moveLeft(max(room.left(), min(box.left(), room.right() + 1 - fitted.width())))
    fitted.moveTop(max(room.top(), min(box.top(), room.bottom() + 1 - fitted.height())))
    return fitted


def keep_on_screen(window: QWidget) -> None:
    """Fit a window into its screen: a size kept for a larger one would hide banner and faceplate."""
    if QGuiApplication.platformName() != "offscreen":  # pictures may be larger than the screen that this one pretends
        window.setGeometry(within(window.geometry(), window.screen().availableGeometry()))
