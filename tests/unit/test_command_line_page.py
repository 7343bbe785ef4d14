"""docs/command-line.md names every key and outcome that ``--json`` prints."""

import dataclasses
from pathlib import Path

import pytest

from app.cli.common import sample_json
from app.model.alarm_state import AlarmSnapshot
from app.model.command import CommandOutcome
from app.model.connection import ConnectionStatus
from app.model.engine import EngineStatus
from app.model.journal import JournalKind, JournalRow
from app.model.sample import Sample
from app.project.problem import Problem

PAGE = (Path(__file__).parents[2] / "docs" / "command-line.md").read_text(encoding="utf-8")


def _fields(kind: type) -> set[str]:
    return {field.name for field in dataclasses.fields(kind)}


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ("read", set(sample_json("X", None, Sample(1.0, 0, 0, 0)))),
        ("write", {outcome.value for outcome in CommandOutcome}),
        ("alarms", _fields(AlarmSnapshot) | {"priority", "text"}),
        ("alarms --journal", _fields(JournalRow) | {"time"} | set(JournalKind)),
        ("status", _fields(EngineStatus) | _fields(ConnectionStatus)),
        ("check", _fields(Problem)),
    ],
)
def test_every_key_is_documented(section: str, words: set[str]) -> None:
    text = PAGE.split(f"**`{section}`**", 1)[1].split("\n**`", 1)[0]
    assert sorted(word for word in words if f"`{word}`" not in text and f'"{word}"' not in text) == []
