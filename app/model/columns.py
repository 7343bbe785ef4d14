"""What rules of samples mean for columns of them: types of values, statuses, and which samples are of one tag."""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.model import status as st
from app.model.batch import SampleBatch
from app.model.sample import Sample, SlotSample, Value
from app.model.tag import DataType

EXACT: Final = 2.0**53
"""Whole numbers up to this are exact as float64."""

_WHOLE: Final = frozenset({DataType.INT, DataType.ENUM})
_OF_COMMUNICATION: Final = np.array(sorted(st.COMMUNICATION), np.uint32)
_CODE: Final = np.uint32(0xFFFF0000)


def typed(number: float, data_type: DataType) -> Value:
    """Return a number of a column as the value that a tag of this type has.

    A whole number is an int, 0 and 1 of a boolean are truth values; what does not fit the type stays a float.
    """
    if data_type in _WHOLE:
        return int(number) if number.is_integer() and abs(number) <= EXACT else number
    if data_type is DataType.BOOL:
        return number == 1.0 if number in {0.0, 1.0} else number
    return number


def in_column(value: Value, data_type: DataType) -> bool:
    """Tell whether a column has this value exactly as it is: ``typed`` gives it back. None and NaN are not in any."""
    if value is None or isinstance(value, str):
        return False
    try:
        back = typed(float(value), data_type)
    except OverflowError:
        return False
    return type(back) is type(value) and back == value


def one_by_one(batch: SampleBatch, types: Sequence[DataType]) -> list[SlotSample]:
    """Return the samples of a batch as objects; ``types``: data type by slot."""
    rows = zip(
        batch.slots.tolist(), batch.values.tolist(), batch.status.tolist(), batch.source_ns.tolist(), strict=True
    )
    return [
        (slot, Sample(value_of(number, status, types[slot]), status, source_ns, batch.receive_ns))
        for slot, number, status, source_ns in rows
    ]


def value_of(number: float, status: int, data_type: DataType) -> Value:
    """Return the value of one sample of columns; NaN with a bad status is none."""
    return None if math.isnan(number) and st.is_bad(status) else typed(number, data_type)


def are_bad(status: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Tell which statuses are bad."""
    return status >= st.BAD


def tell_of_communication(status: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Tell which statuses were given by this side of the link."""
    if not status.any():
        return np.zeros(len(status), np.bool_)
    return np.isin(status & _CODE, _OF_COMMUNICATION)


def by_tag(slots: NDArray[np.uint32]) -> NDArray[np.intp] | None:
    """Return the order that puts the samples of a tag next to each other, in order of arrival; None: no tag repeats."""
    if len(slots) < 2 or bool((slots[1:] > slots[:-1]).all()):
        return None
    narrow = slots.astype(np.uint16) if int(slots.max()) <= 0xFFFF else slots  # two bytes are sorted by radix
    order = np.argsort(narrow, kind="stable")
    ordered = slots[order]
    return order if bool((ordered[1:] == ordered[:-1]).any()) else None


def last_of_each(slots: NDArray[np.uint32], order: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the position of the last sample of each tag; ``order`` as ``by_tag`` gave it."""
    ordered = slots[order]
    ends: NDArray[np.intp] = order[np.append(ordered[1:] != ordered[:-1], True)]
    return ends
