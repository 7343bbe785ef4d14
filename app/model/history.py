"""Samples as history keeps them."""

from dataclasses import dataclass
from typing import Final, NamedTuple

from app.model.sample import Value

LATE: Final = 1
"""Flag: the sample came after a newer one of its tag."""
BACK_FILLED: Final = 2
"""Flag: the sample waited on disk while the database was away, and was written afterwards."""


class HistoryRow(NamedTuple):
    """A sample with the time at which it counts.

    Attributes:
        tag: name of the tag.
        time_ns: where the engine placed it (ns since the epoch, UTC): the source's time where that could be trusted.
        id: grows with every row of an engine; orders rows of equal time.
        source_ns, receive_ns: the device's time, and when it was received (ns since the epoch, UTC).
        value: number, truth value or text; None where there is none.
        status: OPC UA StatusCode.
        flags: LATE and BACK_FILLED.

    """

    tag: str
    time_ns: int
    id: int
    source_ns: int
    receive_ns: int
    value: Value
    status: int
    flags: int = 0


@dataclass(frozen=True, slots=True)
class HistoryCursor:
    """Key of the last row that was seen; rows of equal time differ in their id."""

    time_ns: int
    id: int


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Rows of one tag, and where the next page goes on; None: there are no more."""

    rows: tuple[HistoryRow, ...]
    next: HistoryCursor | None = None
