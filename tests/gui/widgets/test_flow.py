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


def test_a_hidden_widget_takes_no_place() -> None:
    whole, parts = row(50, 50, 50)
    parts[0].hide()
    assert [r.x() for r in places(whole, parts, 110)[1:]] == [0, 54]


def test_those_that_may_leave_do_so_for_a_row_less_and_come_back() -> None:
    whole, parts = row(50, 50, 50, 50)
    layout = whole.layout()
    assert isinstance(layout, FlowLayout)
    told: list[int] = []
    layout.let_leave(parts[2:], told.append)
    for width in (300, 160, 110, 60):
        places(whole, parts, width)
        assert layout.heightForWidth(width) == (44 if width == 60 else 20)
    for part in parts[2:]:
        part.hide()
    places(whole, parts, 300)
    assert told == [0, 1, 2, 2, 0]


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
