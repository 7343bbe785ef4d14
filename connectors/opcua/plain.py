"""Values of the library's types as the plain ones that tags have; pure.

| From the server | to a text tag | to any other tag |
|---|---|---|
| LocalizedText, QualifiedName, XmlElement | its text | refused |
| DateTime | ISO 8601, UTC (empty: no time) | seconds since the epoch |
| Guid, NodeId | as they are written | refused |
| ByteString | hexadecimal digits | refused |
| StatusCode | its name | its number |
| number of an enumeration | its text where the server tells one | the number |
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from asyncua import ua

from app.model import status as st
from connectors.scaling import ValueRefused

_NO_TIME: Final = frozenset({1601, 9999})
"""Years of the least and the greatest DateTime, which stand for "no time"."""


def plain(raw: object, *, as_text: bool, texts: Mapping[int, str] | None = None) -> object:
    """Return a value as a number, a boolean or text; what is none of them comes back as it is.

    Args:
        raw: one value of the library, no array.
        as_text: whether the tag is text.
        texts: of an enumeration by number.

    Raises:
        ValueRefused: BadOutOfRange for a DateTime that stands for no time, where a number is wanted.

    """
    if isinstance(raw, bool | float | str):
        return raw
    if isinstance(raw, int):
        return texts.get(int(raw), str(int(raw))) if as_text and texts is not None else int(raw)
    if isinstance(raw, datetime):
        return _moment(raw, as_text=as_text)
    if isinstance(raw, ua.StatusCode):
        return raw.name if as_text else int(raw.value)
    return _text(raw) if as_text else raw


def _text(raw: object) -> object:
    if isinstance(raw, ua.LocalizedText):
        return raw.Text or ""
    if isinstance(raw, ua.QualifiedName):
        return raw.Name or ""
    if isinstance(raw, ua.XmlElement):
        return raw.Value or ""
    if isinstance(raw, UUID):
        return str(raw)
    if isinstance(raw, bytes):
        return raw.hex().upper()
    return raw.to_string() if isinstance(raw, ua.NodeId) else raw


def _moment(moment: datetime, *, as_text: bool) -> str | float:
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    if moment.year in _NO_TIME:
        if as_text:
            return ""
        raise ValueRefused(st.BAD_OUT_OF_RANGE, "the device has no time there")
    return moment.isoformat().replace("+00:00", "Z") if as_text else moment.timestamp()
