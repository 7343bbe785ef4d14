"""Many samples of numbers at once, in columns: what a fast source delivers instead of one object a sample."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class SampleBatch:
    """Samples in order of arrival, n of them; several may be of one tag. The receiver owns the arrays.

    Attributes:
        slots: uint32, store slot of each sample's tag.
        values: float64, in engineering units; the tag's data type says what it stands for (a boolean is 0 or 1, a
            whole number is exact up to 2^53; text and greater integers never come in columns). NaN with a bad status:
            no value is known of the tag.
        status: uint32, OPC UA StatusCode.
        source_ns: int64, ns since the epoch, UTC; the receive time where the device gave none.
        receive_ns: when all of them were received (ns since the epoch, UTC).

    """

    slots: NDArray[np.uint32]
    values: NDArray[np.float64]
    status: NDArray[np.uint32]
    source_ns: NDArray[np.int64]
    receive_ns: int

    def __len__(self) -> int:
        return len(self.slots)

    def select(self, which: NDArray[np.intp] | NDArray[np.bool_]) -> "SampleBatch":
        """Return a batch of these samples, by position or by truth value."""
        return SampleBatch(
            self.slots[which], self.values[which], self.status[which], self.source_ns[which], self.receive_ns
        )
