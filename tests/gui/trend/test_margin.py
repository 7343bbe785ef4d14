"""The left margin of a trend: names of lanes, and of staggered pens the scale of each."""

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


FLOW = Tag("A.FLOW", low=0.0, high=200.0, decimals=1)
LEVEL = Tag("A.LEVEL", low=-2.0, high=4.0, decimals=2)


def halves(low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
    """Return the ends and the middle."""
    return [((high - low) / 2, [low, (low + high) / 2, high])]


def margin_of(*tags: Tag, language: str = "en", staggered: bool = False) -> Margin:
    pens = PenSet()
    pens.set_staggered(staggered)
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
    assert [one.text for one in margin.labels(400.0, halves)] == ["进水阀", "A.V2"]
    first, second = margin.labels(400.0, halves)
    assert first.bottom == pytest.approx(second.top)
    assert second.bottom == 0.0


def test_the_margin_is_as_wide_as_its_names_need_and_leaves_the_plot_its_part() -> None:
    none, short, long = margin_of(Tag("A.FLOW")), margin_of(VALVE), margin_of(LONG)
    assert none.width(none.labels(400.0, halves), 1200.0) == LEAST_PX
    assert short.width(short.labels(400.0, halves), 1200.0) >= LEAST_PX
    assert (
        LEAST_PX < long.width(long.labels(400.0, halves), 600.0) < long.width(long.labels(400.0, halves), 1200.0) < 200
    )
    assert long.width(long.labels(400.0, halves), 100.0) == LEAST_PX


def test_the_name_of_a_lane_stands_beside_it_while_it_shows(trend: TrendWorkspace) -> None:
    trend.watch.stop()
    trend.pens.choose(trend.pens.pens[1])  # no figures of an axis
    assert written(trend)
    trend.pens.set_visible(trend.pens.pens[1], False)
    assert not written(trend)


def test_every_staggered_pen_has_its_own_scale_beside_its_band() -> None:
    labels = margin_of(FLOW, LEVEL, VALVE, staggered=True).labels(400.0, halves)
    texts = {color: [one.text for one in labels if one.color == color] for color in (0, 1, None)}
    assert texts == {0: ["0", "100", "200"], 1: ["\u22122", "1", "4"], None: ["Inlet valve"]}
    high, low = ([one for one in labels if one.color == color] for color in (0, 1))
    assert min(one.at for one in high) == pytest.approx(max(one.at for one in low)) == high[0].bottom
    assert all(one.is_tick for one in (*high, *low))


def test_pens_that_share_the_plot_have_no_scale_but_that_of_the_axis() -> None:
    assert margin_of(FLOW, LEVEL).labels(400.0, halves) == ()


@pytest.mark.parametrize(
    ("height", "texts"),
    [
        (200.0, ["0", "100", "200"]),
        (100.0, ["0.0", "200.0"]),  # half of it is too low for ticks
        (50.0, ["0.0 \u2013 200.0"]),
    ],
)
def test_a_low_band_has_its_ends_and_a_very_low_one_both_in_one_line(height: float, texts: list[str]) -> None:
    labels = margin_of(FLOW, LEVEL, staggered=True).labels(height, halves)
    assert [one.text for one in labels if one.color == 0] == texts


def test_above_lanes_the_scale_of_the_current_pen_stays_clear_of_their_names() -> None:
    labels = margin_of(FLOW, LEVEL, VALVE).labels(400.0, halves)
    name, *scale = labels
    assert [one.text for one in scale] == ["0", "100", "200"]
    assert {one.bottom for one in scale} == {name.top}


def test_figures_that_would_touch_are_every_other_one_and_still_round() -> None:
    def tenths(low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        return [((high - low) / 10, [low + n * (high - low) / 10 for n in range(11)])]

    labels = margin_of(FLOW, staggered=True).labels(200.0, tenths)
    assert [one.text for one in labels] == ["0", "40", "80", "120", "160", "200"]


def test_a_scale_on_which_hardly_a_round_value_lies_has_its_ends() -> None:
    labels = margin_of(FLOW, staggered=True).labels(200.0, lambda *_: [(500.0, [0.0])])
    assert [one.text for one in labels] == ["0.0", "200.0"]


def test_the_scales_of_staggered_pens_are_drawn_in_their_colours_and_hide_none_of_each_other(
    trend: TrendWorkspace,
) -> None:
    trend.watch.stop()
    for number in range(4):
        trend.add_tag(f"X{number}")
    trend.pens.set_staggered(True)
    QApplication.processEvents()
    trend.plot.redraw()
    place = in_scene(trend.plot._value).toRect()
    image = trend.plot._view.grab(QRect(0, 0, place.width() - 3, place.bottom())).toImage()
    theme = trend.themes.theme
    for pen in trend.pens.curves():
        bottom, top = (place.top() + (1 - share) * place.height() for share in trend.pens.place(pen))
        spots = ((x, y) for x in range(image.width()) for y in range(round(top) + 1, round(bottom) - 1))
        seen = {image.pixelColor(*spot).name() for spot in spots}
        assert theme.curve_color(pen.color).name() in seen, pen.tag.name
        assert not seen & {theme.curve_color(other.color).name() for other in trend.pens.curves() if other is not pen}
