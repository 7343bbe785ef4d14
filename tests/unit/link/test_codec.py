import dataclasses
import json
import math
from enum import IntEnum
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as s

from app.link.codec import CodecError, decode, encode
from app.link.messages import (
    AcknowledgeReport,
    AlarmActionRequest,
    AlarmChanged,
    AnnotationChanged,
    CommandFinished,
    ConnectionChanged,
    FloodChanged,
    LoginRequest,
    SelectRequest,
    decode_event,
    encode_event,
)
from app.model.alarm_action import AlarmAction
from app.model.alarm_state import AlarmSnapshot
from app.model.command import CommandResult, Selection
from app.model.connection import ConnectionStatus
from app.model.engine import EngineEndpoint, EngineStatus
from app.model.history import HistoryColumn, HistoryCursor, HistoryEnvelope, HistoryPage, HistoryRow
from app.model.journal import JournalPage, JournalQuery
from app.model.sample import Sample
from app.model.user import Session

TYPES: list[type] = [
    Sample, AlarmSnapshot, Selection, CommandResult, ConnectionStatus, EngineEndpoint, EngineStatus, JournalPage,
    JournalQuery, Session, AcknowledgeReport, AlarmActionRequest, LoginRequest, SelectRequest,
]  # fmt: skip
EVENTS = [AlarmChanged, AnnotationChanged, ConnectionChanged, CommandFinished, FloodChanged]


def same(left: object, right: object) -> bool:
    """Equality in which NaN equals NaN, and 1, 1.0 and True differ."""
    if dataclasses.is_dataclass(left) and not isinstance(left, type):
        return type(left) is type(right) and all(
            same(getattr(left, f.name), getattr(right, f.name)) for f in dataclasses.fields(left)
        )
    if isinstance(left, tuple) and isinstance(right, tuple):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, float) and isinstance(right, float) and math.isnan(left):
        return math.isnan(right)
    return type(left) is type(right) and left == right


def over_the_wire(value: object) -> Any:
    return json.loads(json.dumps(encode(value), allow_nan=False))


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.__name__)
def test_every_message_survives_the_wire(kind: type[Any]) -> None:
    @given(s.from_type(kind))
    def check(value: Any) -> None:
        assert same(decode(kind, over_the_wire(value)), value)

    check()


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
def test_events_survive_the_wire(kind: type[Any]) -> None:
    @given(s.from_type(kind))
    def check(event: Any) -> None:
        data = json.loads(json.dumps(encode_event(event), allow_nan=False))
        assert same(decode_event(data), event)

    check()


@pytest.mark.parametrize("value", [1, 1.0, True, False, 0, "1", None, math.inf, -math.inf, math.nan, 2**63 - 1])
def test_values_keep_their_type(value: object) -> None:
    sample = Sample(value, 0, 2**63 - 1, 1)  # type: ignore[arg-type]
    assert same(decode(Sample, over_the_wire(sample)), sample)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"value": 1, "status": 0, "source_ns": 1.5, "receive_ns": 1}, "Sample.source_ns: expected int, got float"),
        ({"value": 1, "status": 0}, "Sample: missing receive_ns, source_ns"),
        ({"value": [], "status": 0, "source_ns": 1, "receive_ns": 1}, "list is not allowed here"),
        ({"value": 1, "status": True, "source_ns": 1, "receive_ns": 1}, "Sample.status: expected int, got bool"),
        ([], "expected an object, got list"),
        ({"value": "\ud800", "status": 0, "source_ns": 1, "receive_ns": 1}, "Sample.value: the text is not Unicode"),
    ],
)
def test_mistakes_are_named(data: Any, message: str) -> None:
    with pytest.raises(CodecError, match=message.replace(".", r"\.").replace("[", r"\[")):
        decode(Sample, data)


def test_unknown_fields_and_unknown_types() -> None:
    assert decode(SelectRequest, {"command": "A", "added_later": 1}) == SelectRequest("A")
    with pytest.raises(CodecError, match="cannot be sent"):
        encode(object())
    with pytest.raises(CodecError, match="unknown"):
        decode_event({"type": "os.system", "data": {}})


def test_a_password_is_not_in_the_repr() -> None:
    assert "hunter2" not in repr(AlarmActionRequest(AlarmAction.RESET, (), approver_password="hunter2"))
    assert "hunter2" not in repr(LoginRequest("anna", "hunter2", "desk"))


def test_pages_and_envelopes_of_history_survive() -> None:
    rows = (HistoryRow("T", 2**62, 7, 1, 2, "开", 0x80310000, 3), HistoryRow("T", 1, 8, 1, 2, float("inf"), 0))
    column = HistoryColumn(3, 2, None, 1.5, 10, None, 11, 1.5, 0)
    for value in (HistoryPage(rows, HistoryCursor(1, 8)), HistoryPage(()), HistoryEnvelope(0, 5, (column,))):
        assert decode(type(value), json.loads(json.dumps(encode(value)))) == value
    with pytest.raises(CodecError, match="expected 8 items"):
        decode(HistoryPage, {"rows": [["T", 1]]})


class _Kind(IntEnum):
    ON = 1


class _Row(NamedTuple):
    """What looks plain and is not: a list, an enum, and a real that came as a whole number."""

    name: str
    parts: tuple[int, ...] = ()
    kind: _Kind = _Kind.ON
    value: float | None = None
    real: float = 0.0


class _Parts(NamedTuple):
    name: str
    parts: tuple[int, ...]


@given(s.from_type(HistoryRow))
def test_a_row_of_history_survives_the_wire(row: HistoryRow) -> None:
    assert same(decode(HistoryRow, over_the_wire(row)), row)


@given(s.from_type(HistoryColumn))
def test_a_column_of_history_survives_the_wire(column: HistoryColumn) -> None:
    assert same(decode(HistoryColumn, over_the_wire(column)), column)


def test_a_row_is_taken_by_the_types_of_its_items_alone() -> None:
    row = _Row("A", (1, 2), _Kind.ON, math.nan, math.inf)
    assert same(decode(_Row, over_the_wire(row)), row)
    found = decode(_Row, ["A", [], 1, 2, 3])
    assert [type(each) for each in found] == [str, tuple, _Kind, float, float]
    for wrong, message in (
        (["A", 1, 1, None, 0.0], r"_Row\[1\]: expected a list"),
        (["A", [], 7, None, 0.0], "is not a _Kind"),
        (["\ud800", [], 1, None, 0.0], r"_Row\[0\]: the text is not Unicode"),
        (["A", [], 1, "B", 0.0], r"_Row\[3\]: expected a number"),
    ):
        with pytest.raises(CodecError, match=message):
            decode(_Row, wrong)  # type: ignore[arg-type]
    with pytest.raises(CodecError, match=r"_Parts\[1\]: expected a list"):
        decode(_Parts, ["A", 1])
    assert same(decode(HistoryRow, over_the_wire(HistoryRow("T", 1, 2, 3, 4, math.nan, 0, 0)))[5], math.nan)
    good: list[Any] = ["T", 1, 2, 3, 4, None, 0, 0]
    item: Any
    for place, item in ((0, "\ud800"), (5, "\ud800"), (1, True), (1, 1.0), (1, None), (0, None), (5, []), (7, "1")):
        with pytest.raises(CodecError, match=rf"HistoryRow(\[{place}\])?: |HistoryRow\[{place}\]|list is not allowed"):
            decode(HistoryRow, [*good[:place], item, *good[place + 1 :]])
    short: Any
    for short in (good[:7], [*good, 0], {}, "T", None):
        with pytest.raises(CodecError):
            decode(HistoryRow, short)
