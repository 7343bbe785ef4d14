"""What a trend shows where there is little room: its buttons, and the lines of its legend."""

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from widgets.trend.workspace import TrendWorkspace

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
NARROW = 1000


def entry(trend: TrendWorkspace, button: QPushButton) -> QAction:
    return next(action for action in trend.tools.menu.actions() if action.text() == button.text())


def texts_cut(trend: TrendWorkspace) -> list[str]:
    """Return the buttons in the row that are narrower than their text."""
    shown = [button for button in trend.tools.findChildren(QPushButton) if button.isVisible()]
    return [button.text() for button in shown if button.width() < button.minimumSizeHint().width()]


@pytest.mark.parametrize("width", [1600, NARROW])
def test_no_button_is_cut_and_each_is_in_the_row_or_in_the_menu(
    qtbot: QtBot, trend: TrendWorkspace, width: int
) -> None:
    trend.add_tag("X1")  # changed, not saved
    trend.resize(width, trend.height())
    buttons = trend.tools.overflow.buttons

    def settled() -> None:
        assert trend.tools.width() > width - 50
        assert [button.isVisible() for button in buttons] == [not entry(trend, one).isVisible() for one in buttons]
        assert texts_cut(trend) == []

    qtbot.waitUntil(settled, timeout=10_000)
    assert not trend.group_box.geometry().intersects(trend.tools.compare.geometry())
    assert all(button.isVisible() for button in buttons) == (width != NARROW)
    line = trend.tools.menu.actions()[len(buttons)]
    assert line.isSeparator()
    assert line.isVisible() == (width == NARROW)


def test_a_button_that_went_into_the_menu_does_there_what_it_did(trend: TrendWorkspace) -> None:
    trend.tools.overflow.show(len(trend.tools.overflow.buttons))
    axes = entry(trend, trend.tools.axes)
    assert axes.isVisible()
    axes.trigger()
    assert trend.plot.all_axes
    assert axes.isChecked()
    trend.tools.axes.click()
    assert not axes.isChecked()


def test_the_legend_has_the_height_of_its_lines_and_at_most_a_part_of_it(trend: TrendWorkspace) -> None:
    for number in range(1, 5):
        trend.add_tag(f"X{number}")
    assert trend.picture.sizes()[1] == trend.legend.height_of(trend.legend.lines)
    for number in range(5, 16):
        trend.add_tag(f"X{number}")
    plot, legend = trend.picture.sizes()
    assert legend < plot
    assert legend > trend.legend.height_of(7)
