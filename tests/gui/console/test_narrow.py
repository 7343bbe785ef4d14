"""The window at its least size: no control covers another or stands out, in both languages, with a faceplate too."""

from itertools import combinations

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QTableView, QWidget
from pytestqt.qtbot import QtBot

from app.console.console import Console
from app.console.window import MainWindow
from app.console.workspaces import WORKSPACES
from widgets.trend.workspace import TrendWorkspace

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
CONTROLS = (QAbstractButton, QComboBox, QLineEdit, QTableView)


def settle() -> None:
    for _ in range(5):
        QApplication.sendPostedEvents()
        QApplication.processEvents()


def controls(page: QWidget) -> list[QWidget]:
    """Return what is seen of a page, without what is inside another control or is scrolled."""
    found: list[QWidget] = []
    for one in page.findChildren(QWidget):
        above, inside = one.parentWidget(), False
        while above is not None and above is not page:
            inside = inside or isinstance(above, CONTROLS) or above.objectName() == "qt_scrollarea_viewport"
            above = above.parentWidget()
        if not inside and one.isVisible() and isinstance(one, (*CONTROLS, QLabel)):
            found.append(one)
    return found


def place(widget: QWidget, page: QWidget) -> QRect:
    return QRect(widget.mapTo(page, QPoint()), widget.size())


def wrong(page: QWidget) -> list[str]:
    """Return what is not as it should be."""
    found = controls(page)
    names = {one: f"{type(one).__name__} {getattr(one, 'text', str)() or one.accessibleName()}" for one in found}
    rects = {one: place(one, page) for one in found}
    covered = [f"{names[a]} covers {names[b]}" for a, b in combinations(found, 2) if rects[a].intersects(rects[b])]
    return covered + [f"{names[one]} stands out" for one in found if not page.rect().contains(rects[one])]


def least(console: Console) -> MainWindow:
    window = console.window
    assert window is not None
    window.resize(window.minimumSize())
    settle()
    return window


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_workspace_fits_into_the_least_window(console: Console, language: str) -> None:
    console.change_language(language)
    window = least(console)
    for name in WORKSPACES:
        for equipment in ("", "LZ.UF.R03"):
            window.navigator.go(name)
            if equipment:
                window.navigator.open_equipment(equipment)
            else:
                window.dock.close_faceplate()
            page = window.workspaces.current
            assert page is not None
            if isinstance(page.widget, TrendWorkspace):
                page.widget.add_tag("LZ.UF.PERM.TURB")  # changed, not saved
            settle()
            assert wrong(page.widget) == [], (name, equipment)
            assert wrong(window.header) == [], (name, equipment)
            centre = window.centralWidget()
            assert centre is not None
            assert centre.minimumSizeHint().width() <= window.minimumWidth()
            assert centre.minimumSizeHint().height() <= window.minimumHeight()


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_a_trend_window_fits_into_its_least_size(qtbot: QtBot, console: Console, language: str) -> None:
    console.change_language(language)
    window = least(console)
    window.navigator.go("trends")
    window.findChildren(TrendWorkspace)[0].window_wanted.emit()
    settle()
    [trend] = [one for one in QApplication.topLevelWidgets() if isinstance(one, TrendWorkspace) and one.isVisible()]
    trend.add_tag("LZ.UF.PERM.TURB")
    for width in (trend.minimumWidth(), 700, 820, 900, 1000, 1174, 1400):
        trend.resize(width, trend.minimumHeight())
        settle()
        assert wrong(trend) == [], width
        assert trend.plot.height() > 100
