"""Raw device values to engineering values and back; pure."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.model import status as st
from app.model.columns import EXACT
from app.model.sample import Value
from app.model.tag import DataType, Tag


class ValueRefused(ValueError):
    """A value that cannot be represented; carries the StatusCode that says why."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


def to_engineering(tag: Tag, raw: object) -> Value:
    """Convert a raw value to what the tag shows (engineering value = raw x scale + offset).

    Raises:
        ValueRefused: BadTypeMismatch where the raw value cannot be the tag's type, BadOutOfRange where it is
            not finite, or not finite once scaled.

    """
    if tag.data_type is DataType.STRING:
        if not isinstance(raw, str | bool | int | float):
            raise ValueRefused(st.BAD_TYPE_MISMATCH, f"{type(raw).__name__} where text is expected")
        return str(raw)
    if not isinstance(raw, bool | int | float):
        raise ValueRefused(st.BAD_TYPE_MISMATCH, f"{type(raw).__name__} where {tag.data_type} is expected")
    if tag.data_type is DataType.BOOL:
        return bool(raw)
    scaled = raw if tag.scale == 1.0 and tag.offset == 0.0 else raw * tag.scale + tag.offset
    if not math.isfinite(scaled):
        raise ValueRefused(st.BAD_OUT_OF_RANGE, f"the device delivers {raw}")
    return float(scaled) if tag.data_type is DataType.FLOAT else round(scaled)


def clamped(tag: Tag, value: Value) -> tuple[Value, int]:
    """Return a number within the range of a tag that is clamped, and the limit bits of its status; others as they are.

    The range is rounded inwards for a tag of whole numbers. A value outside its instrument's range is left as it is: it
    tells of a failed sensor, and held within the range it would not be found.
    """
    if not tag.clamp or isinstance(value, str | bool) or value is None:
        return value, 0
    bottom, top = valid_range(tag)
    if not bottom <= value <= top:
        return value, 0
    low, high = clamp_range(tag)
    if value < low:
        return (low if tag.data_type is DataType.FLOAT else round(low)), st.LOW_LIMITED
    if value > high:
        return (high if tag.data_type is DataType.FLOAT else round(high)), st.HIGH_LIMITED
    return value, 0


def clamp_range(tag: Tag) -> tuple[float, float]:
    """Return what the values of a tag are held within; infinite where it is not clamped."""
    if not tag.clamp:
        return -math.inf, math.inf
    return (tag.low, tag.high) if tag.data_type is DataType.FLOAT else (math.ceil(tag.low), math.floor(tag.high))


def valid_range(tag: Tag) -> tuple[float, float]:
    """Return the range of a tag's instrument; infinite where it has no bound."""
    low, high = tag.valid_low, tag.valid_high
    return -math.inf if low is None else low, math.inf if high is None else high


class Scaling:
    """``to_engineering`` for many numbers at once, of tags by their index."""

    def __init__(self, tags: Sequence[Tag]) -> None:
        types = [tag.data_type for tag in tags]
        self._scale = np.array([tag.scale for tag in tags], np.float64)
        self._offset = np.array([tag.offset for tag in tags], np.float64)
        self._is_scaled = bool(((self._scale != 1) | (self._offset != 0)).any())
        self._range = np.array([clamp_range(tag) for tag in tags], np.float64).reshape(-1, 2)
        self._valid = np.array([valid_range(tag) for tag in tags], np.float64).reshape(-1, 2)
        self._is_clamped = bool(np.isfinite(self._range).any())
        self._booleans = _mask(types, DataType.BOOL)
        self._wholes = _mask(types, DataType.INT, DataType.ENUM)
        self._texts = _mask(types, DataType.STRING)

    def to_engineering(
        self,
        indices: NDArray[np.uint32],
        raw: NDArray[np.float64],
        status: NDArray[np.uint32],
        has_value: NDArray[np.bool_],
    ) -> tuple[NDArray[np.float64], NDArray[np.uint32], NDArray[np.bool_]]:
        """Return engineering values, statuses, and which rows a column cannot hold (text, great whole numbers).

        A value that the tag cannot show is NaN, and its status bad, as is that of a row without a value; a status
        that is bad stays.
        """
        with np.errstate(over="ignore", invalid="ignore"):
            values = raw * self._scale[indices] + self._offset[indices] if self._is_scaled else raw.copy()
        alone = np.zeros(len(indices), np.bool_)
        if self._booleans is not None:
            boolean = self._booleans[indices]
            values[boolean] = raw[boolean] != 0
        if self._wholes is not None:
            whole = self._wholes[indices]
            values[whole] = np.rint(values[whole])
            alone |= whole & (np.abs(values) > EXACT) & np.isfinite(values)
        if self._is_clamped:
            status = self._clamp(indices, values, status)
        refused = ~np.isfinite(values)
        if refused.any() or not has_value.all():
            good = status < st.BAD
            status = np.where(refused & good, np.uint32(st.BAD_OUT_OF_RANGE), status)
            status = np.where(~has_value & good, np.uint32(st.BAD_WAITING_FOR_INITIAL_DATA), status)
            values[refused | ~has_value] = np.nan
        if self._texts is not None:
            alone |= self._texts[indices]
        return values, status, alone

    def _clamp(
        self, indices: NDArray[np.uint32], values: NDArray[np.float64], status: NDArray[np.uint32]
    ) -> NDArray[np.uint32]:
        """Hold finite values within their range, in place; return the statuses with limit bits where one was beyond."""
        low, high = self._range[indices, 0], self._range[indices, 1]
        is_held = np.isfinite(values) & (status < st.UNCERTAIN)
        is_held &= (values >= self._valid[indices, 0]) & (values <= self._valid[indices, 1])
        below, above = is_held & (values < low), is_held & (values > high)
        values[below], values[above] = low[below], high[above]
        return (
            status
            | np.where(below, np.uint32(st.LOW_LIMITED), np.uint32(0))
            | np.where(above, np.uint32(st.HIGH_LIMITED), np.uint32(0))
        )


def _mask(types: Sequence[DataType], *wanted: DataType) -> NDArray[np.bool_] | None:
    """Return which tags are of the wanted types; None where there is none, as is common."""
    mask = np.array([data_type in wanted for data_type in types], np.bool_)
    return mask if mask.any() else None


def to_raw(tag: Tag, value: Value) -> float | int | bool | str:
    """Convert an engineering value to the device's raw value (not yet rounded to the device's type).

    Raises:
        ValueRefused: BadTypeMismatch, BadOutOfRange for a value that is not finite, or not finite once scaled back,
            or BadConfigurationError (scale 0).

    """
    if tag.data_type is DataType.STRING:
        if not isinstance(value, str):
            raise ValueRefused(st.BAD_TYPE_MISMATCH, f"{value!r} is not text")
        return value
    if value is None or isinstance(value, str):
        raise ValueRefused(st.BAD_TYPE_MISMATCH, f"{value!r} is not a number")
    if tag.data_type is DataType.BOOL:
        return bool(value)
    if tag.scale == 0.0:
        raise ValueRefused(st.BAD_CONFIGURATION_ERROR, f"{tag.name} has scale 0 and cannot be written")
    try:
        raw = value if tag.scale == 1.0 and tag.offset == 0.0 else (value - tag.offset) / tag.scale
        finite = math.isfinite(raw)
    except OverflowError:
        finite = False
    if not finite:
        raise ValueRefused(st.BAD_OUT_OF_RANGE, "the value is not a finite number for the device")
    return raw


def whole(raw: float | int | bool | str, low: int, high: int) -> int:
    """Round a raw value to a whole number within a device type's range.

    Raises:
        ValueRefused: BadTypeMismatch for text, BadOutOfRange outside ``low`` to ``high``.

    """
    if isinstance(raw, str):
        raise ValueRefused(st.BAD_TYPE_MISMATCH, f"{raw!r} is not a number")
    number = round(raw)
    if not low <= number <= high:
        raise ValueRefused(st.BAD_OUT_OF_RANGE, f"{number} is outside the device's range {low} to {high}")
    return number
