"""What journal and audit keep of a substitute's end and reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.model.clock import SECOND_NS
from app.model.substitution import end_and_reason, with_end


@given(some.text(max_size=200), some.integers(0, 4_000_000_000))
def test_end_and_reason_are_read_as_they_were_written(reason: str, until_s: int) -> None:
    assert end_and_reason(with_end(reason, until_s * SECOND_NS + 7)) == (until_s * SECOND_NS, reason)


@pytest.mark.parametrize("words", ["", "sensor fouled", "until tomorrow: why", "until 2026-13-28T00:00:00Z: why"])
def test_a_text_without_an_end_is_all_reason(words: str) -> None:
    assert end_and_reason(words) == (None, words)
