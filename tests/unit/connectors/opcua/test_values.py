from datetime import UTC, datetime
from typing import Any

import pytest
from asyncua import ua
from asyncua.ua.ua_binary import struct_to_binary
from hypothesis import given
from hypothesis import strategies as some

from app.model import status as st
from app.model.tag import DataType, Tag
from app.model.text import LocalText
from connectors.opcua.faults import SessionLost, fault, fault_status, fault_text, is_decided
from connectors.opcua.values import decode, encode, overflowed, to_ns
from connectors.scaling import ValueRefused

FLOW = Tag("FLOW", scale=0.5, offset=10)
PLAIN = Tag("PLAIN")
STATE = Tag("STATE", data_type=DataType.ENUM)


def data_value(raw: Any, status: int = 0, **times: Any) -> Any:
    return ua.DataValue(ua.Variant(raw), StatusCode=ua.StatusCode(ua.UInt32(status)), **times)


def test_value_status_and_source_time_are_taken_together() -> None:
    moment = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
    value, status, source_ns = decode(FLOW, data_value(3.0, 0x408F0000, SourceTimestamp=moment))
    assert (value, status) == (11.5, st.UNCERTAIN_NO_COMMUNICATION_LAST_USABLE)
    assert source_ns == 1_767_323_045_678_901_000
    assert to_ns(datetime(1970, 1, 1)) == 0


@pytest.mark.parametrize("year", [1601, 1969, 2200, 9999])
def test_a_time_that_is_none_gives_way_to_the_servers_and_to_the_time_of_receipt(year: int) -> None:
    none, moment = datetime(year, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)
    assert decode(PLAIN, data_value(1.0, SourceTimestamp=none, ServerTimestamp=moment))[2] == to_ns(moment)
    assert decode(PLAIN, data_value(1.0, SourceTimestamp=none, ServerTimestamp=none)) == (1.0, st.GOOD, None)


def test_bad_value_comes_without_a_value() -> None:
    assert decode(FLOW, data_value(None, st.BAD_SENSOR_FAILURE))[:2] == (None, st.BAD_SENSOR_FAILURE)


@pytest.mark.parametrize(
    ("raw", "status"),
    [("text", st.BAD_TYPE_MISMATCH), ([1.0, 2.0], st.BAD_TYPE_MISMATCH), (float("nan"), st.BAD_OUT_OF_RANGE),
     (None, st.BAD_WAITING_FOR_INITIAL_DATA)],
)  # fmt: skip
def test_what_the_tag_cannot_show_is_bad(raw: Any, status: int) -> None:
    assert decode(PLAIN, data_value(raw))[:2] == (None, status)


def test_types_follow_the_tag() -> None:
    assert decode(STATE, data_value(3.0))[0] == 3
    assert decode(Tag("B", data_type=DataType.BOOL), data_value(1))[0] is True
    assert decode(Tag("S", data_type=DataType.STRING), data_value("x"))[0] == "x"


def test_overflow_bits_are_seen_and_kept() -> None:
    _, status, _ = decode(PLAIN, data_value(1.0, st.OVERFLOW_BITS))
    assert overflowed(status)
    assert st.is_good(status)
    assert not overflowed(st.GOOD)


@given(some.sampled_from(["Float", "Double", "Int16", "UInt16", "Int32", "UInt32", "Int64", "Byte", "SByte"]),
       some.integers(0, 100))  # fmt: skip
def test_write_has_the_exact_type_and_nothing_but_the_variant(name: str, value: int) -> None:
    kind = ua.VariantType[name]
    written = encode(Tag("T"), value, kind)
    assert written.Value.VariantType is kind
    assert written.StatusCode is None
    assert written.SourceTimestamp is None
    assert struct_to_binary(written)[0] == 1


def test_write_undoes_the_scaling() -> None:
    assert encode(FLOW, 11.5, ua.VariantType.Double).Value.Value == 3.0
    assert encode(FLOW, 11.74, ua.VariantType.Int16).Value.Value == 3


@pytest.mark.parametrize(
    ("value", "kind", "status"),
    [(300, "Byte", st.BAD_OUT_OF_RANGE), (1e39, "Float", st.BAD_OUT_OF_RANGE), ("x", "Int16", st.BAD_TYPE_MISMATCH),
     (None, "Int16", st.BAD_TYPE_MISMATCH), (2, "Boolean", st.BAD_OUT_OF_RANGE), (1, "String", st.BAD_TYPE_MISMATCH),
     (1, "DateTime", st.BAD_NOT_SUPPORTED), (float("inf"), "Double", st.BAD_OUT_OF_RANGE)],
)  # fmt: skip
def test_what_does_not_fit_is_refused(value: Any, kind: str, status: int) -> None:
    with pytest.raises(ValueRefused) as caught:
        encode(PLAIN, value, ua.VariantType[kind])
    assert caught.value.status == status


def test_faults_of_the_library_are_put_into_words() -> None:
    assert "certificate" in fault_text(AssertionError())
    assert fault_text(TimeoutError()).startswith("the server did not answer in time")
    assert fault(TimeoutError()).zh.startswith("服务器未及时应答")
    assert fault_text(SessionLost("why")) == "why"
    assert fault(SessionLost(LocalText("why", "原因"))).zh == "原因"
    assert fault_text(ConnectionRefusedError()).startswith("connection refused")
    denied = ua.uaerrors.BadUserAccessDenied()
    assert "BadUserAccessDenied" in fault_text(denied)
    assert fault_status(denied) == 0x801F0000
    assert fault_status(TimeoutError()) == st.BAD_TIMEOUT


def test_a_servers_own_time_out_does_not_say_what_the_device_did() -> None:
    assert is_decided(st.GOOD)
    assert is_decided(st.BAD_NOT_WRITABLE)
    assert not is_decided(st.BAD_TIMEOUT)
    assert not is_decided(st.BAD_COMMUNICATION_ERROR)
