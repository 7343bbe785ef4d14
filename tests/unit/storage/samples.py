"""Rows of history for tests."""

from typing import Any

from app.model.history import HistoryRow
from app.model.sample import Value


def sample(n: int, value: Value = None, **more: Any) -> HistoryRow:
    """Return the row of a second: time ``n`` s, received 1 ms later."""
    at = n * 1_000_000_000
    row = HistoryRow("T", at, n + 1, at, at + 1_000_000, float(n) if value is None else value, 0)
    return row._replace(**more)


WHOLE_NUMBERS = (2**53, 2**53 + 1, -(2**53) - 1, 2**60, 2**63 - 1, -(2**63), 2**64 - 1, 9_007_199_254_740_993_001)
"""Some that a real holds, and more that it does not: int64 and uint64 to their ends."""

WRITTEN_TIMES = {
    -1_500_000_000: "1969-12-31T23:59:58.500000Z",
    -1_000_000_000: "1969-12-31T23:59:59.000000Z",
    -1: "1969-12-31T23:59:59.999999Z",
    0: "1970-01-01T00:00:00.000000Z",
    1_999: "1970-01-01T00:00:00.000001Z",
    1_764_000_000_123_456_789: "2025-11-24T16:00:00.123456Z",
}
"""Times (ns since the epoch) as the view history_samples writes them."""
