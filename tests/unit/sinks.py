"""Sinks of samples for tests."""

from app.model.batch import SampleBatch
from app.model.sample import Samples, SampleSink, SlotSample


def sink_into(out: list[SlotSample]) -> SampleSink:
    """Return a sink that adds to a list what comes one by one, and takes no columns."""

    def take(samples: Samples) -> None:
        assert not isinstance(samples, SampleBatch)
        out.extend(samples)

    return take
