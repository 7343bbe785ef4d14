"""OPC UA values to samples and back; pure."""

import struct
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

import numpy as np
from asyncua import ua
from numpy.typing import NDArray

from app.model import status as st
from app.model.sample import Value
from app.model.tag import DataType, Tag
from connectors.opcua.plain import plain
from connectors.scaling import ValueRefused, clamped, to_engineering, to_raw, whole

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_END_NS: Final = 1 << 62

_WHOLE: Final[dict[Any, tuple[int, int]]] = {
    ua.VariantType.SByte: (-(2**7), 2**7 - 1),
    ua.VariantType.Byte: (0, 2**8 - 1),
    ua.VariantType.Int16: (-(2**15), 2**15 - 1),
    ua.VariantType.UInt16: (0, 2**16 - 1),
    ua.VariantType.Int32: (-(2**31), 2**31 - 1),
    ua.VariantType.UInt32: (0, 2**32 - 1),
    ua.VariantType.Int64: (-(2**63), 2**63 - 1),
    ua.VariantType.UInt64: (0, 2**64 - 1),
}


def to_ns(moment: datetime | None) -> int | None:
    """Return a timestamp as nanoseconds since the epoch (UTC), without a detour through floats.

    None for the least and the greatest DateTime (1601 and 9999), which stand for "no time", and for all that 64 bits
    of nanoseconds do not hold.
    """
    if moment is None:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    time_ns = (moment - _EPOCH) // _MICROSECOND * 1000
    return time_ns if 0 <= time_ns < _END_NS else None


def decode(
    tag: Tag, data: Any, pick: Callable[[object], object] | None = None, texts: Mapping[int, str] | None = None
) -> tuple[Value, int, int | None]:
    """Return value (None where there is none), status and source time (ns) of a DataValue; see ``judge``."""
    status = st.GOOD if data.StatusCode is None else int(data.StatusCode.value)
    source_ns = to_ns(data.SourceTimestamp)
    if source_ns is None:
        source_ns = to_ns(data.ServerTimestamp)
    raw = None if data.Value is None else data.Value.Value
    return *judge(tag, raw, status, pick, texts), source_ns


def judge(
    tag: Tag,
    raw: object,
    status: int,
    pick: Callable[[object], object] | None = None,
    texts: Mapping[int, str] | None = None,
) -> tuple[Value, int]:
    """Return value (None where there is none) and status of a raw value.

    A good value that the tag cannot show makes the status bad, and so does none at all.

    Args:
        tag: whose value it is.
        raw: as the library decoded it; None where there is none.
        status: StatusCode that came with it.
        pick: returns the part of the value that the tag is; raises ValueRefused where there is none.
        texts: of an enumeration by number.

    """
    if raw is None:
        return None, status if st.is_bad(status) else st.BAD_WAITING_FOR_INITIAL_DATA
    try:
        part = raw if pick is None else pick(raw)
        if part is None:
            return None, status if st.is_bad(status) else st.BAD_NO_DATA
        value = to_engineering(tag, plain(part, as_text=tag.data_type is DataType.STRING, texts=texts))
    except ValueRefused as error:
        return None, status if st.is_bad(status) else error.status
    if not st.is_good(status):
        return value, status
    held, limit_bits = clamped(tag, value)
    return held, status | limit_bits


def typed(number: float, kind: int) -> float | int | bool | None:
    """Return a number of a column as the value of its VariantType; 0: there is none."""
    if kind == 0:
        return None
    if kind == ua.VariantType.Boolean.value:
        return number != 0
    return number if kind >= ua.VariantType.Float.value else int(number)


_Status = TypeVar("_Status", int, NDArray[np.uint32])


def overflowed(status: _Status) -> Any:
    """Tell whether the server's queue lost values before this one; of a column, of each."""
    return (status & st.OVERFLOW_BITS) == st.OVERFLOW_BITS


def changed_semantics(status: _Status) -> Any:
    """Tell whether range, unit or texts of a value changed at the server; of a column, of each."""
    return (status & st.SEMANTICS_CHANGED) != 0


def encode(tag: Tag, value: Value, kind: Any) -> Any:
    """Return the DataValue to write: the Variant only, in the node's exact type.

    Status and timestamps are left out: many servers answer BadWriteNotSupported to a write that has them.

    Raises:
        ValueRefused: the value cannot be represented in the node's type; nothing was sent.

    """
    raw = to_raw(tag, value)
    exact: float | int | bool | str
    if kind in _WHOLE:
        exact = whole(raw, *_WHOLE[kind])
    elif kind is ua.VariantType.Boolean:
        exact = bool(whole(raw, 0, 1))
    elif kind in {ua.VariantType.Float, ua.VariantType.Double}:
        if isinstance(raw, str):
            raise ValueRefused(st.BAD_TYPE_MISMATCH, f"{raw!r} is not a number")
        exact = float(raw)
        if kind is ua.VariantType.Float:
            _check_float32(exact)
    elif kind is ua.VariantType.String:
        if not isinstance(raw, str):
            raise ValueRefused(st.BAD_TYPE_MISMATCH, f"{raw!r} is not text")
        exact = raw
    else:
        raise ValueRefused(st.BAD_NOT_SUPPORTED, f"nodes of type {getattr(kind, 'name', kind)} cannot be written")
    return ua.DataValue(ua.Variant(exact, kind), StatusCode=None)


def _check_float32(number: float) -> None:
    try:
        struct.pack("<f", number)
    except OverflowError:
        raise ValueRefused(st.BAD_OUT_OF_RANGE, f"{number:g} does not fit into a 32-bit float") from None
