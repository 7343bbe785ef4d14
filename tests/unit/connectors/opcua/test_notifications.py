"""Compiled decoding beside the library's: the same samples of whatever the library can encode."""

import math
import struct
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from asyncua import ua
from asyncua.ua.ua_binary import struct_to_binary
from hypothesis import given
from hypothesis import strategies as some

from app.model import status as st
from app.model.batch import SampleBatch
from app.model.clock import ManualClock
from app.model.columns import one_by_one
from app.model.connection import Binding
from app.model.sample import Sample, Samples
from app.model.tag import DataType, Tag
from connectors.ledger import Ledger
from connectors.opcua._publish import decode
from connectors.opcua.faults import SessionLost
from connectors.opcua.feed import Feed
from connectors.opcua.notifications import Notification, read, read_by_library

KINDS = ua.VariantType
RECEIVE_NS = 1_700_000_000_000_000_000
WHOLE = {
    **{KINDS[f"Int{bits}"]: (bits, True) for bits in (16, 32, 64)},
    **{KINDS[f"UInt{bits}"]: (bits, False) for bits in (16, 32, 64)},
    KINDS.SByte: (8, True),
    KINDS.Byte: (8, False),
}


def whole(kind: Any) -> some.SearchStrategy[Any]:
    bits, signed = WHOLE[kind]
    low, high = (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) if signed else (0, (1 << bits) - 1)
    return some.integers(low, high).map(lambda number: ua.Variant(number, kind))


def variant(kind: Any, values: some.SearchStrategy[Any]) -> some.SearchStrategy[Any]:
    return values.map(lambda value: ua.Variant(value, kind))


TIMES = some.one_of(
    some.none(),
    some.datetimes(datetime(1601, 1, 1), datetime(9999, 12, 31), timezones=some.just(UTC)),
    some.sampled_from([datetime(1601, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)]),
    some.datetimes(datetime(1969, 12, 31), datetime(1970, 1, 2), timezones=some.just(UTC)),
)
VARIANTS = some.one_of(
    some.just(ua.Variant(None)),
    variant(KINDS.Boolean, some.booleans()),
    *[whole(kind) for kind in WHOLE],
    variant(KINDS.Float, some.floats(width=32)),
    variant(KINDS.Double, some.floats()),
    variant(KINDS.String, some.none() | some.text(max_size=20)),
    variant(KINDS.DateTime, some.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=some.just(UTC))),
    variant(KINDS.Double, some.lists(some.floats(), max_size=4)),
    variant(KINDS.String, some.lists(some.text(max_size=5), max_size=4)),
    variant(KINDS.LocalizedText, some.text(max_size=5).map(lambda text: ua.LocalizedText(text, "zh"))),
    variant(KINDS.ExtensionObject, some.just(ua.EUInformation(NamespaceUri="u", UnitId=1))),
    variant(KINDS.NodeId, some.sampled_from([ua.NodeId(1, 2), ua.NodeId("x", 3), ua.NodeId(70000, 2)])),
)
# With a server's time beside the source's picoseconds the library encodes in an order of its own.
DATA = some.builds(
    lambda value, status, source, server, picoseconds: ua.DataValue(
        value,
        None if status is None else ua.StatusCode(ua.UInt32(status)),
        source,
        server,
        SourcePicoseconds=None if server else picoseconds,
        ServerPicoseconds=picoseconds if server else None,
    ),
    VARIANTS,
    some.sampled_from([None, 0, 0x480, 0x40900000, 0x80000000, 0x80740000]) | some.integers(0, 0xFFFFFFFF),
    TIMES,
    TIMES,
    some.none() | some.integers(0, 9999),
)
TAGS = tuple(
    Tag(f"T{n}", data_type=data_type, scale=scale, offset=offset)
    for n, (data_type, scale, offset) in enumerate(
        (data_type, *scaling) for data_type in DataType for scaling in ((1.0, 0.0), (0.1, -3.0), (1e300, 0.0))
    )
)
PLAIN = [n for n, tag in enumerate(TAGS) if tag.data_type is not DataType.STRING and tag.scale < 1e300]
NUMBERS = some.lists(
    some.builds(
        lambda value, status, source: ua.DataValue(value, ua.StatusCode(ua.UInt32(status)), source),
        some.one_of(
            some.just(ua.Variant(None)),
            variant(KINDS.Boolean, some.booleans()),
            whole(KINDS.Int32),
            variant(KINDS.Double, some.floats(-1e6, 1e6) | some.sampled_from([math.nan, math.inf, -0.0])),
        ),
        some.sampled_from([0, 0x480, 0x40900000, 0x80740000]),
        TIMES,
    ),
    min_size=1,
    max_size=12,
)
"""What stays in columns, of tags in PLAIN."""

ITEMS = some.lists(some.tuples(some.integers(0, len(TAGS) - 1), DATA), max_size=40)


def published(items: list[tuple[int, Any]], *more: Any, sequence: int = 3) -> bytes:
    response = ua.PublishResponse()
    response.Parameters.SubscriptionId = 5
    response.Parameters.AvailableSequenceNumbers = [2, 3]
    response.Parameters.NotificationMessage.SequenceNumber = sequence
    response.Parameters.NotificationMessage.PublishTime = datetime(2026, 1, 1, tzinfo=UTC)
    change = ua.DataChangeNotification(
        MonitoredItems=[ua.MonitoredItemNotification(ClientHandle=handle, Value=data) for handle, data in items]
    )
    response.Parameters.NotificationMessage.NotificationData = [change, *more]
    return bytes(struct_to_binary(response))


def delivered(notification: Notification) -> tuple[list[tuple[int, Sample]], Feed, Ledger]:
    found: list[tuple[int, Sample]] = []

    def sink(samples: Samples) -> None:
        single = one_by_one(samples, [tag.data_type for tag in TAGS]) if isinstance(samples, SampleBatch) else samples
        found.extend(single)

    clock = ManualClock(RECEIVE_NS)
    ledger = Ledger([Binding(slot, tag) for slot, tag in enumerate(TAGS)], sink, clock)
    feed = Feed(ledger, clock)
    feed.take(notification)
    return found, feed, ledger


@given(ITEMS)
def test_the_same_samples_come_of_both(items: list[tuple[int, Any]]) -> None:
    check_both(items)


@given(NUMBERS, some.lists(some.tuples(some.integers(0, len(TAGS) - 1), DATA), max_size=5), some.integers(0, 300))
def test_the_same_samples_come_of_both_in_columns(numbers: list[Any], others: list[tuple[int, Any]], at: int) -> None:
    items = [(PLAIN[n % len(PLAIN)], numbers[n % len(numbers)]) for n in range(300)]
    check_both([*items[:at], *others, *items[at:]])


def check_both(items: list[tuple[int, Any]]) -> None:
    body = published(items)
    ours, theirs = read(body, RECEIVE_NS), read_by_library(body, RECEIVE_NS)
    assert ours.columns is not None
    assert (ours.subscription, ours.sequence, ours.is_keepalive) == (5, 3, False)
    found, feed, ledger = delivered(ours)
    expected, other, reference = delivered(theirs)
    assert found == expected
    assert [type(sample.value) for _, sample in found] == [type(sample.value) for _, sample in expected]
    assert feed.overflows == other.overflows
    assert [ledger.last(n) for n in range(len(TAGS))] == [reference.last(n) for n in range(len(TAGS))]
    for n in range(len(TAGS)):  # of several types of one node, which no server has, any will do
        assert (feed.kind(n) is None) == (other.kind(n) is None)


@given(ITEMS, some.binary(max_size=60), some.integers(0, 5000))
def test_bytes_that_are_no_message_are_refused_or_understood(
    items: list[tuple[int, Any]], junk: bytes, at: int
) -> None:
    body = published(items)
    at %= len(body)
    found = decode(body[:at] + junk + body[at + len(junk) :], RECEIVE_NS)
    if found is not None:
        assert len({len(column) for column in found[3]}) == 1
        assert all(row <= len(found[3][0]) for row, _, _ in found[4])
    assert decode(body[:at], RECEIVE_NS) is None


def test_picoseconds_stand_behind_the_time_that_they_belong_to() -> None:
    ticks = 116_444_736_000_000_000 + 70_000_000
    data = struct.pack("<IBBiqHqH", 1, 0x3D, KINDS.Int32.value, 8, 0, 9, ticks, 9)
    change = struct.pack("<i", 1) + data + struct.pack("<i", 0)
    template = published([])
    empty = struct.pack("<i", 8) + struct.pack("<ii", 0, 0)
    assert template.count(empty) == 1
    notification = read(template.replace(empty, struct.pack("<i", len(change)) + change), RECEIVE_NS)
    assert notification.columns is not None
    assert notification.columns.source_ns.tolist() == [7_000_000_000]
    assert notification.columns.values.tolist() == [8.0]


def test_a_status_change_and_a_keep_alive_are_told_by_the_library() -> None:
    ended = ua.StatusChangeNotification(Status=ua.StatusCode(ua.StatusCodes.BadTimeout))
    found = read(published([], ended), RECEIVE_NS)
    assert found.columns is None
    assert found.ended == "BadTimeout"
    response = ua.PublishResponse()
    response.Parameters.NotificationMessage.SequenceNumber = 9
    keep_alive = read(bytes(struct_to_binary(response)), RECEIVE_NS)
    assert keep_alive.is_keepalive
    assert keep_alive.sequence == 9


def test_an_overflow_in_columns_is_counted() -> None:
    overflow = ua.StatusCode(ua.UInt32(st.OVERFLOW_BITS))
    items = [(0, ua.DataValue(ua.Variant(float(n), KINDS.Double), overflow if n % 2 else None)) for n in range(100)]
    notification = read(published(items), RECEIVE_NS)
    found, feed, _ = delivered(notification)
    assert feed.overflows == 50
    assert len(found) == 100
    assert notification.items == []


def test_a_text_among_numbers_keeps_its_place() -> None:
    numbers = [(0, ua.DataValue(ua.Variant(float(n), KINDS.Double))) for n in range(100)]
    items = [*numbers[:50], (0, ua.DataValue(ua.Variant("text", KINDS.String))), *numbers[50:]]
    found, _, ledger = delivered(read(published(items), RECEIVE_NS))
    assert found[50][1].status == st.BAD_TYPE_MISMATCH
    assert found[50][1].value == 49.0
    assert math.isclose(float(str(ledger.last(0).value)), 99.0)


def test_an_item_that_nobody_asked_for_ends_the_session() -> None:
    body = published([(len(TAGS), ua.DataValue(ua.Variant(1.0, KINDS.Double)))])
    with pytest.raises(SessionLost, match="was not asked for"):
        delivered(read(body, RECEIVE_NS))
    with pytest.raises(SessionLost, match="was not asked for"):
        delivered(read_by_library(body, RECEIVE_NS))


def test_time_has_a_resolution_of_a_microsecond() -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(microseconds=3)
    found, _, _ = delivered(read(published([(0, ua.DataValue(ua.Variant(1.0, KINDS.Double), None, moment))]), 1))
    assert found[0][1].source_ns % 1_000_000 == 3000
