"""What a PublishResponse says: plain numbers in columns by compiled code, everything else by the library."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from asyncua import ua
from numpy.typing import NDArray

from connectors.opcua._publish import decode
from connectors.opcua.channel import from_bytes


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Plain numbers as the device sent them, in order of the message; the receiver owns the arrays.

    Attributes:
        handles: uint32, client handle of each item.
        values: float64; NaN where there is none (kind 0), and where the device sent one.
        status: uint32, StatusCode.
        source_ns: int64, source time, else server time (ns since the epoch, UTC); the receive time where the server
            gave none. Whole microseconds.
        kinds: uint8, VariantType of the value; 0 where there is none.

    """

    handles: NDArray[np.uint32]
    values: NDArray[np.float64]
    status: NDArray[np.uint32]
    source_ns: NDArray[np.int64]
    kinds: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.handles)


@dataclass(frozen=True, slots=True, eq=False)
class Notification:
    """One answer to a publish request.

    Attributes:
        subscription: id of the subscription.
        sequence: number of the notification; of the next one where it is a keep-alive.
        is_keepalive: whether nothing is in it.
        columns: the numbers in it; None where it was decoded by the library.
        items: the other monitored items, each with the number of rows of the columns before it.
        events: fields (Variant) of each event.
        ended: name of the status that the server ended the subscription with, else empty.
        receive_ns: when it was received (ns since the epoch, UTC).

    """

    subscription: int
    sequence: int
    is_keepalive: bool
    receive_ns: int
    columns: Columns | None = None
    items: Sequence[tuple[int, Any]] = field(default=())
    ended: str = ""
    events: Sequence[Sequence[Any]] = field(default=())


def read(body: bytes, receive_ns: int) -> Notification:
    """Return what a PublishResponse says; ``body`` begins with its type id.

    Raises:
        Exception: whatever the library raises over bytes that are no PublishResponse; UaError where the service failed.

    """
    found = decode(body, receive_ns)
    if found is None:
        return read_by_library(body, receive_ns)
    subscription, sequence, is_keepalive, columns, skipped = found
    items = [
        (row, from_bytes(ua.MonitoredItemNotification, body[offset : offset + size])) for row, offset, size in skipped
    ]
    return Notification(subscription, sequence, is_keepalive, receive_ns, Columns(*columns), items)


def read_by_library(body: bytes, receive_ns: int) -> Notification:
    """Return the same, decoded without compiled code: of events, status changes and rarities of the encoding."""
    response = from_bytes(ua.PublishResponse, body)
    response.ResponseHeader.ServiceResult.check()
    return from_message(response.Parameters.SubscriptionId, response.Parameters.NotificationMessage, receive_ns)


def from_message(subscription: int, message: Any, receive_ns: int) -> Notification:
    """Return what a NotificationMessage of the library says."""
    items: list[tuple[int, Any]] = []
    events: list[Sequence[Any]] = []
    ended = ""
    for data in message.NotificationData or ():
        if isinstance(data, ua.DataChangeNotification):
            items.extend((0, item) for item in data.MonitoredItems or ())
        elif isinstance(data, ua.EventNotificationList):
            events.extend(event.EventFields or () for event in data.Events or ())
        elif isinstance(data, ua.StatusChangeNotification):
            ended = data.Status.name
    return Notification(
        subscription,
        message.SequenceNumber,
        not message.NotificationData,
        receive_ns,
        items=items,
        ended=ended,
        events=events,
    )
