"""The left margin of a trend: names of lanes."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication

from app.model.tag import DataType, Tag
from app.model.text import LocalText
from widgets.trend.axes import in_scene
from widgets.trend.margin import LEAST_PX, Margin
from widgets.trend.pens import PenSet
from widgets.trend.workspace import TrendWorkspace
from widgets.wording import Wording

pytestmark = [pytest.mark.usefixtures("qapp"), pytest.mark.qt_log_ignore("propagateSizeHints")]
VALVE = Tag("A.VALVE", LocalText("Inlet valve", "进水阀"), data_type=DataType.ENUM)
LONG = replace(VALVE, name="A.LONG", description=LocalText("Motor-operated valve before the second flocculation basin"))


def margin_of(*tags: Tag, language: str = "en") -> Margin:
    pens = PenSet()
    for tag in tags:
        assert pens.add(tag) is not None
    return Margin(pens, Wording("Asia/Shanghai", language))


def written(trend: TrendWorkspace) -> bool:
    """Tell whether something stands in the margin beside the lowest lane."""
    QApplication.processEvents()
    trend.plot.redraw()
    place = in_scene(trend.plot._value).toRect()
    image = trend.plot._view.grab(QRect(0, place.bottom() - 15, place.width() - 3, 15)).toImage()
    field = trend.themes.theme.color("field")
    return any(image.pixelColor(x, y) != field for x in range(image.width()) for y in range(image.height()))


def test_every_lane_has_its_name_at_its_place_in_the_language_of_the_desk() -> None:
    margin = margin_of(VALVE, Tag("A.FLOW"), replace(VALVE, name="A.V2", description=LocalText("")), language="zh_CN")
    assert [one.text for one in margin.labels()] == ["进水阀", "A.V2"]
    first, second = margin.labels()
    assert first.bottom == pytest.approx(second.top)
    assert second.bottom == 0.0


def test_the_margin_is_as_wide_as_its_names_need_and_leaves_the_plot_its_part() -> None:
    none, short, long = margin_of(Tag("A.FLOW")), margin_of(VALVE), margin_of(LONG)
    assert none.width(none.labels(), 1200.0) == LEAST_PX
    assert short.width(short.labels(), 1200.0) >= LEAST_PX
    assert LEAST_PX < long.width(long.labels(), 600.0) < long.width(long.labels(), 1200.0) < 200
    assert long.width(long.labels(), 100.0) == LEAST_PX


def test_the_name_of_a_lane_stands_beside_it_while_it_shows(trend: TrendWorkspace) -> None:
    trend.watch.stop()
    trend.pens.choose(trend.pens.pens[1])  # no figures of an axis
    assert written(trend)
    trend.pens.set_visible(trend.pens.pens[1], False)
    assert not written(trend)
