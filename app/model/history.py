"""Samples as history keeps them."""

from dataclasses import dataclass
from typing import Final, NamedTuple

from app.model.sample import Value

LATE: Final = 1
"""Flag: the sample came after a newer one of its tag."""
BACK_FILLED: Final = 2
"""Flag: the sample waited on disk while the database was away, and was written afterwards."""

UNASKED_ROWS: Final = 100_000
"""Samples of a window beyond which rows are sent, or written, only where that is confirmed."""


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


class HistoryColumn(NamedTuple):
    """What a column of a window holds; columns without a sample are left out.

    Attributes:
        number: of the column, from 0.
        samples: how many are in it, bad ones too.
        minimum, maximum: of numbers whose status is not bad; None where there is none.
        first_ns, first, last_ns, last: time (ns since the epoch, UTC) and number of its first and last sample.
        status, last_status: the worst, and that of the last sample.
        flags: of all its samples together.
        area: value x seconds, each value held until the next sample or the end of the window, and ``good_ns``: for how
            long a value was held so; None where they were not asked for.

    """

    number: int
    samples: int
    minimum: float | None
    maximum: float | None
    first_ns: int
    first: float | None
    last_ns: int
    last: float | None
    status: int
    last_status: int = 0
    flags: int = 0
    area: float | None = None
    good_ns: int | None = None


@dataclass(frozen=True, slots=True)
class HistoryEnvelope:
    """A window in columns of ``width_ns`` from ``from_ns``; ``before`` and ``after``: the samples next to it."""

    from_ns: int
    width_ns: int
    columns: tuple[HistoryColumn, ...] = ()
    before: HistoryRow | None = None
    after: HistoryRow | None = None


@dataclass(frozen=True, slots=True)
class HistoryCount:
    """How many rows a window has; with ``exact`` False there are more than that."""

    rows: int
    exact: bool = True


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Rows of one tag.

    Attributes:
        rows: none of them where the window has more than may be sent unasked.
        next: where the next page goes on; None: there are no more.
        count: of the whole window, where that is more than may be sent unasked.
        envelope: stands for the rows then.

    """

    rows: tuple[HistoryRow, ...]
    next: HistoryCursor | None = None
    count: HistoryCount | None = None
    envelope: HistoryEnvelope | None = None
