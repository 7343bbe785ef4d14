"""Numbers as an operator reads them."""

import pytest

from app.model.tag import DataType, Tag
from app.model.text import LocalText
from widgets.wording import Wording, with_minus

WORDING = Wording("Asia/Shanghai")


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [(-0.04, 2, "−0.04"), (-1234.5, 1, "−1\u202f234.5"), (-0.001, 2, "0.00"), (-0.0, 0, "0"), (12.0, 0, "12")],
)
def test_a_number_has_a_typographic_minus_and_none_before_zero(value: float, decimals: int, written: str) -> None:
    assert WORDING.number(value, decimals) == written
    tag = Tag("A", LocalText(""), decimals=decimals)
    assert WORDING.value(tag, value) == written


def test_a_state_without_a_text_has_it_too() -> None:
    tag = Tag("A", LocalText(""), data_type=DataType.ENUM, states=((0, LocalText("Off")),))
    assert WORDING.value(tag, -3) == "−3"


def test_what_has_no_minus_is_left_alone() -> None:
    assert [with_minus(text) for text in ("", "0.0", "7", "—", "---")] == ["", "0.0", "7", "—", "---"]
