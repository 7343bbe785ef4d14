"""Raw device values to engineering values and back; pure."""

import math

from app.model import status as st
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
