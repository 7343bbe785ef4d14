"""A window kept for a larger screen fits into a smaller one."""

from hypothesis import given
from hypothesis import strategies as some
from PySide6.QtCore import QRect

from app.console.placement import within

ROOM = QRect(100, 24, 1366, 744)
sides = some.integers(1, 4000)
places = some.integers(-3000, 5000)


@given(places, places, sides, sides)
def test_every_window_lies_in_its_screen(x: int, y: int, width: int, height: int) -> None:
    fitted = within(QRect(x, y, width, height), ROOM)
    assert ROOM.contains(fitted)
    assert (fitted.width(), fitted.height()) == (min(width, 1366), min(height, 744))


def test_what_fits_stays_where_it_is() -> None:
    box = QRect(200, 100, 800, 600)
    assert within(box, ROOM) == box
