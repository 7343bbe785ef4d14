"""A row of controls wraps where it is too narrow, and none covers another."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget

from widgets.flow import FlowLayout

pytestmark = pytest.mark.usefixtures("qapp")
GAP = 4


def row(*widths: int, grows: int | None = None, stretch: int | None = None) -> tuple[QWidget, list[QWidget]]:
    """Make a row of fixed widths; one may grow, and a stretch may stand before one."""
    whole = QWidget()
    layout = FlowLayout(whole, gap=GAP)
    parts = []
    for number, width in enumerate(widths):
        part = QWidget()
        part.setFixedHeight(20)
        part.setMinimumWidth(width)
        if number != grows:
            part.setMaximumWidth(width)
        if number == stretch:
            layout.add_stretch()
        layout.add(part, grows=number == grows)
        parts.append(part)
    return whole, parts


def places(whole: QWidget, parts: list[QWidget], width: int) -> list[QRect]:
    layout = whole.layout()
    assert layout is not None
    layout.setGeometry(QRect(0, 0, width, layout.heightForWidth(width)))
    return [part.geometry() for part in parts]


def test_what_does_not_fit_goes_on_in_the_next_line() -> None:
    whole, parts = row(50, 50, 50)
    assert [(r.x(), r.y()) for r in places(whole, parts, 158)] == [(0, 0), (54, 0), (108, 0)]
    assert [(r.x(), r.y()) for r in places(whole, parts, 157)] == [(0, 0), (54, 0), (0, 24)]


def test_a_stretch_pushes_what_follows_to_the_end_of_its_line() -> None:
    whole, parts = row(50, 50, stretch=1)
    assert [r.x() for r in places(whole, parts, 300)] == [0, 250]
    assert [(r.x(), r.y()) for r in places(whole, parts, 80)] == [(0, 0), (0, 24)]


def test_what_grows_takes_what_its_line_leaves_free() -> None:
    whole, parts = row(50, 50, grows=0)
    assert [r.width() for r in places(whole, parts, 300)] == [246, 50]


def test_a_hidden_widget_takes_no_place_and_lines_can_be_counted_without_hiding() -> None:
    whole, parts = row(50, 50, 50)
    layout = whole.layout()
    assert isinstance(layout, FlowLayout)
    assert layout.rows(110, (), ()) == 2
    assert layout.rows(110, parts[:1], ()) == 1
    parts[0].hide()
    assert places(whole, parts, 110)[1].x() == 0
    assert layout.rows(110, (), parts[:1]) == 2


@settings(max_examples=150, deadline=None)
@given(
    some.lists(some.integers(5, 120), min_size=1, max_size=8), some.integers(0, 8), some.integers(0, 8),
    some.integers(0, 400),
)  # fmt: skip
def test_none_covers_another_and_none_stands_out(widths: list[int], grows: int, stretch: int, more: int) -> None:
    whole, parts = row(*widths, grows=grows, stretch=stretch)
    width = max(widths) + more
    found = places(whole, parts, width)
    assert not any(a.intersects(b) for a, b in combinations(found, 2))
    layout = whole.layout()
    assert layout is not None
    inside = QRect(0, 0, width, layout.heightForWidth(width))
    assert all(inside.contains(one) for one in found)
    assert all(one.width() >= least for one, least in zip(found, widths, strict=True))
