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
