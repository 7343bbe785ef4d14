"""The last sample of each of many tags: in columns where it came so, an object as soon as somebody asks for it."""

from array import array
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.model.columns import value_of
from app.model.sample import Sample
from app.model.tag import DataType


class LatestSamples:
    """Samples by number, from 0. Belongs to one thread.

    Attributes:
        status: uint32, the status of each; to be read only.

    """

    def __init__(self, types: Sequence[DataType], samples: Sequence[Sample]) -> None:
        """Begin with a sample of each; ``types`` tells what the numbers of columns stand for."""
        count = len(samples)
        self._types = types
        self._samples = list(samples)
        # An array is read and written one by one faster than numpy does it; both share the memory.
        self._status = array("I", [sample.status for sample in samples])
        self._made = bytearray(b"\x01") * count
        self.status: NDArray[np.uint32] = np.frombuffer(self._status, np.uint32, count)
        self._is_made = np.frombuffer(self._made, np.uint8, count)
        self._values = np.zeros(count)
        self._source_ns = np.zeros(count, np.int64)
        self._receive_ns = np.zeros(count, np.int64)

    def __len__(self) -> int:
        return len(self._samples)

    def get(self, index: int) -> Sample:
        """Return the last sample; the same object until there is another."""
        if not self._made[index]:
            status = self._status[index]
            value = value_of(float(self._values[index]), status, self._types[index])
            times = int(self._source_ns[index]), int(self._receive_ns[index])
            self._samples[index] = Sample(value, status, *times)
            self._made[index] = 1
        return self._samples[index]

    def all(self) -> list[Sample]:
        """Return the last sample of each."""
        return [self.get(index) for index in range(len(self._samples))]

    def put(self, index: int, sample: Sample) -> None:
        """Take a sample."""
        self._samples[index] = sample
        self._status[index] = sample.status
        self._made[index] = 1

    def put_columns(
        self,
        indices: NDArray[np.uint32],
        values: NDArray[np.float64],
        status: NDArray[np.uint32],
        source_ns: NDArray[np.int64],
        receive_ns: int,
    ) -> None:
        """Take samples in columns (as in ``SampleBatch``), each of another tag."""
        self._values[indices] = values
        self.status[indices] = status
        self._source_ns[indices] = source_ns
        self._receive_ns[indices] = receive_ns
        self._is_made[indices] = 0
