"""How fast operators acknowledged."""

from collections.abc import Iterable

import numpy as np

from app.alarms.kpi.occurrences import Annunciation
from app.model.alarm_kpi import ResponseTimes
from app.model.clock import SECOND_NS


def response_times(annunciations: Iterable[Annunciation]) -> list[ResponseTimes]:
    """Return the times of all that want to be acknowledged, then those of each priority that occurred."""
    required = [each for each in annunciations if each.needs_acknowledgement]
    priorities: list[int | None] = [None, *sorted({each.priority for each in required if each.priority})]
    return [_times(each, [one for one in required if each is None or one.priority == each]) for each in priorities]


def _times(priority: int | None, required: list[Annunciation]) -> ResponseTimes:
    seconds = [
        max(0, one.acknowledged_ns - one.told_ns) / SECOND_NS for one in required if one.acknowledged_ns is not None
    ]
    if not seconds:
        return ResponseTimes(priority, len(required), 0)
    median_s, p95_s = (float(each) for each in np.percentile(seconds, [50, 95]))
    return ResponseTimes(priority, len(required), len(seconds), median_s, p95_s)
