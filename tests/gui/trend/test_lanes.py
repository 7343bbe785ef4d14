"""Lanes of discrete tags, drawn into a picture."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from app.model.tag import DataType, Tag
from app.model.text import LocalText
from app.trend.types import Envelope
from widgets.theme import load_theme
from widgets.trend.frame import Frame
from widgets.trend.lanes import lane_name, paint_lanes
from widgets.trend.pens import PenSet
from widgets.trend.shape import polyline
from widgets.wording import Wording

pytestmark = pytest.mark.usefixtures("qapp")
NS = 1_000_000_000
WORDING = Wording("Asia/Shanghai")
VALVE = Tag("A.VALVE", LocalText("Inlet valve"), data_type=DataType.ENUM)


def states(first: str) -> Tag:
    return replace(VALVE, states=((0, LocalText(first)), (1, LocalText("Open"))))


def paint(tag: Tag, *switches: int) -> NDArray[np.uint32]:
    """Paint one lane of 60 s, 600 pixels wide; the state changes at these seconds."""
    pens = PenSet()
    pen = pens.add(tag)
    assert pen is not None
    t = np.array([0, *switches], dtype=np.int64) * NS
    values = (np.arange(len(t)) % 2).astype(np.float64)
    good, ones = np.zeros(len(t), np.uint32), np.ones(len(t), np.uint64)
    pen.lines = polyline(Envelope(t, t, values, values, values, good, ones, True), pen.tag, 60 * NS)
    image = QImage(600, 800, QImage.Format.Format_RGB32)
    image.fill(0)
    pixels = np.frombuffer(image.bits(), np.uint32).reshape(800, 600)
    paint_lanes(Frame(pixels, image, 0.0, 60.0, 1.0, load_theme("dark")), pens, WORDING)
    return pixels.copy()


def paint_nothing() -> NDArray[np.uint32]:
    """Paint the lane of a tag of which nothing is known, and no name."""
    pens = PenSet()
    assert pens.add(states("")) is not None
    image = QImage(600, 800, QImage.Format.Format_RGB32)
    image.fill(0)
    pixels = np.frombuffer(image.bits(), np.uint32).reshape(800, 600)
    paint_lanes(Frame(pixels, image, 0.0, 60.0, 1.0, load_theme("dark")), pens, WORDING)
    return pixels.copy()


def test_no_name_covers_a_state_not_even_the_newest() -> None:
    one, other = paint(VALVE, 59), paint(replace(VALVE, description=LocalText("Drain of the backwash tank")), 59)
    assert (one == other).all()
    assert one[775, 595] != one[775, 585]  # the state of the last second


def test_a_tag_without_description_is_told_by_its_name() -> None:
    pen = PenSet().add(replace(VALVE, description=LocalText("")))
    assert pen is not None
    assert lane_name(pen, WORDING) == "A.VALVE"


@pytest.mark.parametrize(("seconds", "written"), [(6, False), (40, True)])
def test_a_state_that_does_not_fit_its_block_is_left_out_and_not_cut(seconds: int, written: bool) -> None:
    named, unnamed = paint(states("Closed by hand"), seconds, 50), paint(states(""), seconds, 50)
    assert (named[:, : seconds * 10] != unnamed[:, : seconds * 10]).any() == written


def test_state_zero_is_not_taken_for_a_gap() -> None:
    off = paint(states(""), 30)  # zero for 30 s, then one
    nothing = paint_nothing()
    block = off[:, 50:250]
    assert (block != nothing[:, 50:250]).any(axis=0).all()  # in every column, so also where no text fits
