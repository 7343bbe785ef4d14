"""Events of conditions: the filter, what is read of an event, names of nodes."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from asyncua import ua
from asyncua.common.utils import Buffer
from asyncua.ua.ua_binary import struct_from_binary, struct_to_binary
from hypothesis import given
from hypothesis import strategies as s

from app.model.external_alarm import ExternalCondition, Shelving
from app.model.text import LocalText
from connectors.opcua.conditioncalls import refusal
from connectors.opcua.conditions import FIELDS, event_filter, read_condition
from connectors.opcua.nodes import name_of, node_of

URIS = ["http://opcfoundation.org/UA/", "urn:server", "urn:plc", "urn:plc;s=odd"]

GIVEN: dict[str, Any] = {
    "": ua.NodeId("tank.high", 2),
    "EventId": b"\x01\xff",
    "EventType": ua.NodeId(ua.ObjectIds.AlarmConditionType),
    "SourceName": "Tank1",
    "Time": datetime(2026, 3, 1, 12, 0, 0, 250),
    "Message": ua.LocalizedText("tank is full", "en"),
    "Severity": 700,
    "ConditionName": "High",
    "Retain": True,
    "EnabledState/Id": True,
    "Quality": ua.StatusCode(ua.UInt32(ua.StatusCodes.BadSensorFailure)),
    "Comment": ua.LocalizedText("seen"),
    "ClientUserId": "li",
    "AckedState/Id": False,
    "ConfirmedState/Id": True,
    "ActiveState/Id": True,
    "ShelvingState/CurrentState/Id": ua.NodeId(ua.ObjectIds.ShelvedStateMachineType_TimedShelved),
    "ShelvingState/UnshelveTime": 60_000.0,
}


def fields(**changed: Any) -> list[Any]:
    values = {**GIVEN, **changed}
    return [ua.Variant(values.get(path)) for path in FIELDS]


def test_what_an_event_says() -> None:
    assert read_condition(fields(), URIS, 5) == ExternalCondition(
        condition="nsu=urn:plc;s=tank.high",
        event="01ff",
        source="Tank1",
        message=LocalText("tank is full"),
        severity=700,
        time_ns=1_772_366_400_000_250_000,
        receive_ns=5,
        retained=True,
        kind="i=2915",
        name="High",
        active=True,
        acked=False,
        confirmed=True,
        shelving=Shelving.TIMED,
        unshelve_ms=60_000.0,
        quality=int(ua.StatusCodes.BadSensorFailure),
        comment="seen",
        user="li",
    )


def test_a_chinese_message_is_the_chinese_text() -> None:
    found = read_condition(fields(Message=ua.LocalizedText("水箱满", "zh-CN")), URIS, 5)
    assert found is not None
    assert found.message == LocalText("", "水箱满")


@pytest.mark.parametrize(("path", "value"), [("", None), ("", ua.NodeId()), ("EventId", None)])
def test_an_event_about_no_condition(path: str, value: Any) -> None:
    assert read_condition(fields(**{path: value}), URIS, 5) is None


def test_a_server_that_leaves_fields_out() -> None:
    found = read_condition(fields()[:2], URIS, 5)
    assert found is not None
    assert (found.retained, found.severity, found.time_ns, found.acked, found.enabled) == (False, 1, 5, None, True)


VARIANTS = s.one_of(
    s.none(),
    s.booleans(),
    s.integers(-(2**31), 2**31 - 1),
    s.floats(allow_nan=False),
    s.text(max_size=20),
    s.binary(max_size=20),
    s.datetimes(),
    s.builds(ua.LocalizedText, s.text(max_size=8), s.sampled_from(["en", "zh", None])),
    s.builds(ua.NodeId, s.integers(0, 1000), s.integers(0, 9)),
)


@given(s.lists(VARIANTS, max_size=len(FIELDS) + 2))
def test_whatever_stands_in_the_fields_nothing_breaks(values: list[Any]) -> None:
    found = read_condition([ua.Variant(value) for value in values], URIS, 5)
    if found is not None:
        assert 1 <= found.severity <= 1000
        assert bytes.fromhex(found.event) == values[1]


@given(s.datetimes(min_value=datetime(1971, 1, 1), max_value=datetime(2200, 1, 1)))
def test_times_are_exact_to_the_microsecond(time: datetime) -> None:
    found = read_condition(fields(Time=time), URIS, 5)
    assert found is not None
    assert found.time_ns % 1000 == 0
    assert datetime(1970, 1, 1) + timedelta(microseconds=found.time_ns // 1000) == time


IDENTIFIERS = s.one_of(
    s.integers(0, 2**32 - 1),
    s.text(min_size=1, max_size=30),
    s.uuids(),
    s.binary(min_size=1, max_size=12),
)


@given(IDENTIFIERS, s.integers(0, len(URIS) + 2))
def test_names_of_nodes_lead_back(identifier: Any, index: int) -> None:
    node = ua.NodeId(identifier, index)
    found = node_of(name_of(node, URIS), URIS)
    assert (found.Identifier, found.NamespaceIndex) == (identifier, index)


def test_a_namespace_that_moved() -> None:
    name = name_of(ua.NodeId("a;b", 2), URIS)
    assert node_of(name, ["http://opcfoundation.org/UA/", "urn:plc"]) == ua.NodeId("a;b", 1)
    with pytest.raises(ValueError, match="urn:plc"):
        node_of(name, URIS[:2])


def test_the_filter_survives_the_wire() -> None:
    chosen = event_filter()
    again = struct_from_binary(ua.EventFilter, Buffer(struct_to_binary(chosen)))
    assert [tuple(part.Name for part in each.BrowsePath) for each in again.SelectClauses] == [
        tuple(filter(None, path.split("/"))) for path in FIELDS
    ]
    assert again.SelectClauses[0].AttributeId == ua.AttributeIds.NodeId


def evaluate(elements: list[Any], number: int, kind: Any) -> bool:
    element = elements[number]
    if element.FilterOperator == ua.FilterOperator.Or:
        return any(evaluate(elements, operand.Index, kind) for operand in element.FilterOperands)
    assert element.FilterOperator == ua.FilterOperator.OfType
    return bool(element.FilterOperands[0].Value.Value == kind)


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        (ua.ObjectIds.ConditionType, True),
        (ua.ObjectIds.RefreshStartEventType, True),
        (ua.ObjectIds.RefreshEndEventType, True),
        (ua.ObjectIds.RefreshRequiredEventType, True),
        (ua.ObjectIds.EventQueueOverflowEventType, True),
        (ua.ObjectIds.AuditEventType, False),
    ],
)
def test_which_types_of_events_are_wanted(kind: int, wanted: bool) -> None:
    elements = event_filter().WhereClause.Elements
    assert evaluate(elements, 0, ua.NodeId(kind)) is wanted
    for number, element in enumerate(elements):  # operands come later in the list, as Part 4 asks
        assert all(getattr(operand, "Index", number + 1) > number for operand in element.FilterOperands)


def test_refusals_in_words() -> None:
    said = refusal(int(ua.StatusCodes.BadConditionBranchAlreadyAcked))
    assert said == LocalText(
        "it is already acknowledged (BadConditionBranchAlreadyAcked)", "已被确认（BadConditionBranchAlreadyAcked）"
    )
    assert "BadOutOfMemory" in refusal(int(ua.StatusCodes.BadOutOfMemory)).en
