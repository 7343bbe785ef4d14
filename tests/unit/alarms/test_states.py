"""The table of states is total, and says what the standard says."""

from itertools import product

import pytest

from app.alarms.states import TRANSITIONS, AlarmInput
from app.model.alarm import AnnunciationState

A, B, C, D, E, F = AnnunciationState

STANDARD = """
    A ACTIVATE ack B      A ACTIVATE no C
    B ACKNOWLEDGE any C   B CLEAR ack D         B CLEAR no A      B CLEAR latched E   B ESCALATE any B
    C CLEAR any A         C CLEAR latched F     C REALARM ack B
    D ACKNOWLEDGE any A   D ACTIVATE ack B      D ACTIVATE no C
    E ACKNOWLEDGE any F   E ACTIVATE ack B      E ACTIVATE no C
    F RESET any A         F ACTIVATE ack B      F ACTIVATE no C
"""
"""From, event, whom it concerns (latched stands before the others), to; all else changes nothing."""


def _standard() -> dict[tuple[str, str, str], str]:
    words = STANDARD.split()
    return {(words[n], words[n + 1], words[n + 2]): words[n + 3] for n in range(0, len(words), 4)}


@pytest.mark.parametrize(
    ("state", "event", "required", "latched"),
    list(product(AnnunciationState, AlarmInput, (True, False), (True, False))),
)
def test_what_follows_is_what_the_standard_says(
    state: AnnunciationState, event: AlarmInput, required: bool, latched: bool
) -> None:
    letters = dict(zip(AnnunciationState, "ABCDEF", strict=True))
    concerned = [*(["latched"] if latched else []), "ack" if required else "no", "any"]
    found = (_standard().get((letters[state], event.name, whom)) for whom in concerned)
    row = TRANSITIONS[state, event, required, latched]
    assert (letters[row.to] if row else None) == next(filter(None, found), None)
    if row is not None:
        assert row.new_occurrence == (event in {AlarmInput.ACTIVATE, AlarmInput.REALARM})
