"""The last sample of each of many tags: in columns where it came so, an object as soon as somebody asks for it."""

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
        self.status: NDArray[np.uint32] = np.array([sample.status for sample in samples], np.uint32)
        self._is_made = np.ones(count, np.bool_)
        self._status, self._made = self.status.data, self._is_made.data  # the same memory, faster for one at a time
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
            self._made[index] = True
        return self._samples[index]

    def all(self) -> list[Sample]:
        """Return the last sample of each."""
        return [self.get(index) for index in range(len(self._samples))]

    def put(self, index: int, sample: Sample) -> None:
        """Take a sample."""
        self._samples[index] = sample
        self._status[index] = sample.status
        self._made[index] = True

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
        self._is_made[indices] = False
