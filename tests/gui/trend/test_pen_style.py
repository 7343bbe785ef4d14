"""How a pen is drawn: changed in its menu or by keys, saved with the group, shown again."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import shiboken6
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from app.model.pen import PenAxis, PenLine, PenSetting
from app.model.plant import MAX_GROUP_SPAN_S, MIN_GROUP_SPAN_S, Plant, TrendGroup
from tests.gui.trend.site import press
from widgets.live import TagHub
from widgets.theme import ThemeManager
from widgets.trend.pens import LineStyle
from widgets.trend.period import MAX_SPAN_S, MIN_SPAN_S
from widgets.trend.scaledialog import ScaleDialog
from widgets.trend.source import HubSource
from widgets.trend.workspace import TrendWorkspace
from widgets.wording import Wording

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "does not support raise", "grabbing the keyboard")


class Shelf(QObject):
    """Keeps groups in memory, at once."""

    changed = Signal()
    shared = True

    def __init__(self, plant: Plant) -> None:
        super().__init__()
        self.shared_groups = dict(plant.trends)
        self.private_groups: dict[str, TrendGroup] = {}
        self.saved: list[TrendGroup] = []

    def save(
        self, group: TrendGroup, done: Callable[[TrendGroup], None], failed: Callable[[str], None], **_: object
    ) -> None:  # fmt: skip
        self.saved.append(group)
        done(group)


@pytest.fixture
def shelf(plant: Plant) -> Shelf:
    return Shelf(plant)


@pytest.fixture
def trend(qtbot: QtBot, plant: Plant, hub: TagHub, shelf: Shelf) -> TrendWorkspace:
    made = TrendWorkspace(
        plant, HubSource(hub), hub.sample, ThemeManager("light", hub), Wording("Asia/Shanghai"), store=shelf
    )
    qtbot.addWidget(made)
    made.resize(1200, 700)
    made.show()
    qtbot.waitExposed(made)
    return made


def menu(trend: TrendWorkspace) -> QMenu:
    trend.current_pen.show_menu()
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, QMenu)
    return popup


def choose(shown: QMenu, text: str) -> None:
    action = next(action for action in shown.actions() if action.text() == text)
    assert action.isEnabled()
    action.trigger()
    shown.close()


def test_what_the_menu_changes_is_saved_and_shown_again(trend: TrendWorkspace, shelf: Shelf) -> None:
    pen = trend.pens.pens[0]
    assert trend.group_box.state.text() == ""
    for text in ("Dashed line", "2 px wide", "Own axis, also while others share", "Shown"):
        choose(menu(trend), text)
        assert trend.group_box.state.text() == "changed, not saved"
    trend.pens.set_color(pen, 6)
    trend.tools.shared.click()
    trend.group_box.save_as("Flow")
    assert trend.group_box.state.text() == ""
    group = shelf.saved[-1]
    assert group.pens[0] == PenSetting("A.FLOW", "curve7", PenLine.DASH, 2, PenAxis.OWN, None, None, False)
    assert group.shared_axis
    trend.tools.shared.click()
    trend.pens.replace([pen.tag])
    assert trend.group_box.state.text() == "changed, not saved"
    trend.groups.show("flow")
    again = trend.pens.pens[0]
    assert (again.style, again.width, again.own_axis, again.visible, again.color) == (
        LineStyle.DASHED, 2, True, False, 6,
    )  # fmt: skip
    assert trend.tools.shared.isChecked()
    assert trend.group_box.state.text() == ""


def test_a_fixed_scale_is_typed_stays_and_is_saved(qtbot: QtBot, trend: TrendWorkspace, shelf: Shelf) -> None:
    trend.query()
    pen = trend.pens.pens[0]
    choose(menu(trend), "Fixed scale…")
    dialog = next(iter(trend.findChildren(ScaleDialog)))
    dialog.low.setText("90")
    dialog.high.setText("90")
    assert not dialog.agree.isEnabled()
    dialog.high.setText("nan")
    assert not dialog.agree.isEnabled()
    dialog.low.setText("0")
    dialog.high.setText("1e-310")
    assert not dialog.agree.isEnabled()
    dialog.low.setText("90")
    dialog.high.setText("1,100")  # a thousand and a hundred, or a little over one?
    assert not dialog.agree.isEnabled()
    dialog.high.setText("1 100.5")
    dialog.agree.click()
    qtbot.waitUntil(lambda: not shiboken6.isValid(dialog))
    press(trend, "Fit")
    press(trend, "Full range")
    trend.pens.set_shared(True)
    assert trend.pens.scale(pen) == (90.0, 1100.5)
    trend.group_box.save_as("Flow")
    assert (shelf.saved[-1].pens[0].low, shelf.saved[-1].pens[0].high) == (90.0, 1100.5)
    choose(menu(trend), "Scale as the tag's range")
    assert trend.pens.scale(pen) == (0.0, 200.0)
    assert trend.group_box.state.text() == "changed, not saved"


def test_keys_open_the_menu_and_hide_the_pen(qtbot: QtBot, trend: TrendWorkspace) -> None:
    trend.activateWindow()
    trend.plot._view.setFocus()
    qtbot.waitUntil(trend.plot._view.hasFocus)
    qtbot.keyClick(trend.plot._view, Qt.Key.Key_V)  # type: ignore[no-untyped-call]
    assert not trend.pens.pens[0].visible
    qtbot.keyClick(trend.plot._view, Qt.Key.Key_P)  # type: ignore[no-untyped-call]
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, QMenu)
    popup.close()


def test_another_window_shows_the_pens_as_they_are(trend: TrendWorkspace, plant: Plant, hub: TagHub) -> None:
    trend.pens.set_style(trend.pens.pens[0], LineStyle.DOTTED, 3)
    trend.pens.fix_scale(trend.pens.pens[0], 1.0, 2.0)
    other = TrendWorkspace(plant, HubSource(hub), hub.sample, trend.themes, trend.wording)
    other.show_like(trend)
    pen = other.pens.pens[0]
    assert (pen.style, pen.width, pen.low, pen.high, pen.fixed) == (LineStyle.DOTTED, 3, 1.0, 2.0, True)
    other.deleteLater()


def test_a_group_saved_elsewhere_is_what_is_compared_with(trend: TrendWorkspace, shelf: Shelf) -> None:
    assert trend.group_box.state.text() == ""
    saved = shelf.shared_groups["flow"]
    shelf.shared_groups = {"flow": replace(saved, pens=(PenSetting("A.FLOW", width=2),)), "new": saved}
    shelf.changed.emit()
    assert trend.pens.pens[0].width == 1
    assert trend.group_box.state.text() == "changed, not saved"
    assert trend.group_box.choice.findData("new") > 0
    trend.groups.show("flow")
    assert trend.pens.pens[0].width == 2
    assert trend.group_box.state.text() == ""


def test_a_group_kept_for_the_desk_does_not_hide_that_of_the_project(trend: TrendWorkspace, shelf: Shelf) -> None:
    choice = trend.group_box.choice
    shelf.shared = False
    trend.show_span(600)
    trend.group_box.save_as("Flow")
    assert choice.currentText() == "Flow (this desk)"
    shelf.private_groups = {"flow": shelf.saved[-1]}
    shelf.changed.emit()
    assert choice.currentText() == "Flow (this desk)"
    assert trend.group_box.state.text() == ""
    trend.groups.show(str(choice.itemData(choice.findText("Flow"))))
    assert trend.navigator.view.span_s == pytest.approx(1800)
    assert choice.currentText() == "Flow"

    shelf.shared = True
    trend.show_span(300)
    trend.group_box.save_as("Flow")
    shelf.shared_groups = {"flow": shelf.saved[-1]}
    shelf.changed.emit()
    assert choice.currentText() == "Flow"
    assert trend.group_box.state.text() == ""
    trend.groups.show(str(choice.itemData(choice.findText("Flow (this desk)"))))
    assert trend.navigator.view.span_s == pytest.approx(600)

    shelf.shared_groups = {}
    shelf.changed.emit()
    assert choice.currentText() == "Flow (this desk)"
    assert trend.group_box.state.text() == ""


@pytest.mark.parametrize(("shown_s", "kept_s"), [(MAX_SPAN_S, MAX_GROUP_SPAN_S), (MIN_SPAN_S, MIN_GROUP_SPAN_S)])
def test_a_period_that_no_group_can_have_is_saved_as_the_nearest(
    trend: TrendWorkspace, shelf: Shelf, shown_s: float, kept_s: int
) -> None:
    trend.show_span(shown_s)
    assert trend.group_box.state.text() == "changed, not saved"
    trend.group_box.save_as("Flow")
    assert shelf.saved[-1].span_s == kept_s
    assert trend.group_box.state.text() == ""


def test_without_any_group_the_list_still_says_what_it_is(qtbot: QtBot, plant: Plant, hub: TagHub) -> None:
    none = replace(plant, trends={})
    made = TrendWorkspace(none, HubSource(hub), hub.sample, ThemeManager("light", hub), Wording("Asia/Shanghai"))
    qtbot.addWidget(made)
    assert made.group_box.choice.currentText() == "Trend group…"
