"""A trend store for tests of what comes before it."""

import numpy as np
from numpy.typing import NDArray

from app.model.columns import typed
from app.model.sample import Value
from app.model.tag import DataType
from app.trend.writer import KIND_BOOLEAN, KIND_INTEGER, KIND_REAL

TYPES = {KIND_REAL: DataType.FLOAT, KIND_INTEGER: DataType.INT, KIND_BOOLEAN: DataType.BOOL}


class Ring:
    """A store that keeps what it is given, and refuses what is older than the newest.

    Attributes:
        rows: slot, time, value, status of each sample; received: when it was.
        in_columns: how many came so.

    """

    def __init__(self, newest: dict[int, int]) -> None:
        self.rows: list[tuple[int, int, Value, int]] = []
        self.received: list[int] = []
        self.newest = newest
        self.in_columns = 0

    def append(self, slot: int, source_ns: int, value: Value, status: int, receive_ns: int) -> bool:
        if source_ns < self.newest[slot]:
            return False
        self.newest[slot] = source_ns
        self.rows.append((slot, source_ns, value, status))
        self.received.append(receive_ns)
        return True

    def append_batch(
        self,
        slots: NDArray[np.uint32],
        source_ns: NDArray[np.int64],
        values: NDArray[np.float64],
        status: NDArray[np.uint32],
        receive_ns: int,
        kinds: NDArray[np.uint8] | None = None,
    ) -> int:
        each = [KIND_REAL] * len(slots) if kinds is None else kinds.tolist()
        columns = zip(slots.tolist(), source_ns.tolist(), values.tolist(), status.tolist(), each, strict=True)
        self.in_columns += len(slots)
        return sum(
            not self.append(slot, at, typed(value, TYPES[kind]), code, receive_ns)
            for slot, at, value, code, kind in columns
        )
