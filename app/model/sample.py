"""One reading of a tag: value, status and both times, never sent apart."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from app.model import status as st
from app.model.batch import SampleBatch

Value: TypeAlias = float | int | bool | str | None


@dataclass(frozen=True, slots=True)
class Sample:
    """An immutable reading.

    Attributes:
        value: the last value known, in engineering units; None when there never was one. A bad sample keeps
            the last good value where there is one, so that it can be shown as such.
        status: OPC UA StatusCode.
        source_ns: the device's time (ns since the epoch, UTC); receive time where the device has no clock.
        receive_ns: when this computer received it (ns since the epoch, UTC).

    """

    value: Value
    status: int
    source_ns: int
    receive_ns: int

    @property
    def is_good(self) -> bool:
        """Whether the status is good."""
        return st.is_good(self.status)

    @property
    def number(self) -> float | None:
        """The value as a float (True is 1.0), or None where it is text or missing."""
        return None if self.value is None or isinstance(self.value, str) else float(self.value)


SlotSample: TypeAlias = tuple[int, Sample]
"""Store slot of a tag, and its sample."""


class PastSamples(list[SlotSample]):
    """Samples of a time that is over, fetched from a device's memory: they go to history only, marked as late.

    The source's times are trusted. They are of one tag each time, oldest first.
    """


Samples: TypeAlias = Sequence[SlotSample] | SampleBatch
"""Samples in order of arrival: one by one, of any type, or numbers in columns."""

SampleSink: TypeAlias = Callable[[Samples], None]
"""Takes samples; one channel for both ways, so that their order is kept. Called in the engine's event loop; must not
block. What it takes is its own: the columns of a batch are not touched any more by who delivered them.
"""
