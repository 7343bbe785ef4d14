"""Names of limits beside the axis."""

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from app.model.tag import Limits, Tag
from app.model.text import LocalText
from widgets.theme import load_theme
from widgets.trend.frame import Frame
from widgets.trend.ground import apart, paint_ground, paint_limits
from widgets.trend.pens import PenSet
from widgets.wording import Wording

pytestmark = pytest.mark.usefixtures("qapp")
CURVE = 0xFF00FF00


def paint(limits: Limits, curve: int) -> NDArray[np.uint32]:
    """Paint limits over a plot that is full of a colour."""
    pens = PenSet()
    assert pens.add(Tag("A", LocalText(""), decimals=1, low=0.0, high=100.0, limits=limits)) is not None
    image = QImage(600, 400, QImage.Format.Format_RGB32)
    image.fill(curve)
    pixels = np.frombuffer(image.bits(), np.uint32).reshape(400, 600)
    paint_limits(Frame(pixels, image, 0.0, 60.0, 1.0, load_theme("dark")), pens, Wording("Asia/Shanghai"))
    return pixels.copy()


def test_a_name_is_read_on_a_ground_of_its_own_over_any_curve() -> None:
    name = paint(Limits(high=50.0), CURVE)[192:208, 10:40]
    assert not (name == CURVE).any()
    assert (paint(Limits(high=50.0), CURVE)[192:199, 200:] == CURVE).all()


def test_names_of_limits_close_by_stand_one_below_the_other() -> None:
    assert apart([100.0, 104.0, 300.0], 0.0, 400.0, 17.0) == [100.0, 117.0, 300.0]


def test_a_name_at_either_edge_stays_within_the_plot() -> None:
    assert apart([2.0, 3.0], 0.0, 400.0, 17.0) == [8.5, 25.5]
    assert apart([398.0, 399.0], 0.0, 400.0, 17.0) == [374.5, 391.5]


def bands(tags: int, *, staggered: bool = False) -> NDArray[np.uint32]:
    """Paint the ground of a plot with so many curves, the first of which is current."""
    pens = PenSet()
    for number in range(tags):
        tag = Tag(f"A{number}", LocalText(""), low=0.0, high=100.0, limits=Limits(high=50.0, high_high=70.0))
        assert pens.add(tag) is not None
    pens.set_staggered(staggered)
    image = QImage(600, 400, QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.bits(), np.uint32).reshape(400, 600)
    paint_ground(Frame(pixels, image, 0.0, 60.0, 1.0, load_theme("light")), pens, (), ())
    return pixels.copy()


def test_bands_of_a_curve_alone_fill_the_plot() -> None:
    ground = bands(1)
    assert ground[20, 300] != ground[380, 300]


def test_no_band_of_one_tag_lies_behind_the_curve_of_another() -> None:
    ground = bands(2)
    assert ground[20, 300] == ground[380, 300]
    assert ground[20, 3] != ground[160, 3] != ground[380, 3]


def test_staggered_curves_keep_their_bands_for_they_are_apart() -> None:
    ground = bands(2, staggered=True)
    assert ground[5, 300] != ground[195, 300]
