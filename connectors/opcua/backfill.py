"""What a server kept while the connection was lost: raw history of a gap (Part 11), fetched once the tags are served.

It goes to the engine as samples of the past, beside live ones, in batches that hold up neither.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from asyncua import ua

from app.model import status as st
from app.model.sample import Sample
from connectors.ledger import Ledger
from connectors.opcua.services import Services
from connectors.opcua.values import decode

_LOG = logging.getLogger(__name__)

NODES_AT_ONCE: Final = 20
VALUES_AT_ONCE: Final = 1000
"""Of each node, with one request."""
MOST_VALUES: Final = 1_000_000
"""Of one gap; what is beyond is left out and told."""
_HISTORY_READ: Final = int(ua.AccessLevel.HistoryRead)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

Pick = Callable[[object], object]


@dataclass(frozen=True, slots=True)
class Gap:
    """A time that no values came from.

    Attributes:
        from_ns, to_ns: by the server's clock (ns since the epoch, UTC).
        known: source time of the last value of each tag before it, by index.
        until: source time of the first value of each tag after it, by index.

    """

    from_ns: int
    to_ns: int
    known: Mapping[int, int]
    until: Mapping[int, int] = field(default_factory=dict)

    def shortened(self, most_ns: int) -> "Gap":
        """Return the last part of it, so long at most."""
        return replace(self, from_ns=max(self.from_ns, self.to_ns - most_ns))


class Backfill:
    """Fetches the history of one gap.

    Attributes:
        samples: fetched since start.

    """

    def __init__(self, ledger: Ledger, pick: Callable[[int], Pick | None], now_ns: Callable[[], int]) -> None:
        self.samples = 0
        self._ledger = ledger
        self._pick = pick
        self._now_ns = now_ns
        self._reached: dict[int, int] = {}
        """Source time of the newest past sample of each tag: a gap whose filling was cut short is asked for again."""

    async def fetch(self, services: Services, nodes: Sequence[Any], gap: Gap) -> None:
        """Fetch what the server kept of tags (``nodes`` by index) in a gap, and hand it on.

        Raises:
            OSError, UaError: see faults.TROUBLE.

        """
        present = [index for index, node in enumerate(nodes) if node is not None]
        levels = await services.read([nodes[index] for index in present], ua.AttributeIds.UserAccessLevel)
        kept = [
            index
            for index, data in zip(present, levels, strict=True)
            if data.Value is not None and isinstance(data.Value.Value, int) and data.Value.Value >> _HISTORY_READ & 1
        ]
        before = self.samples
        for start in range(0, len(kept), NODES_AT_ONCE):
            await self._fetch(services, {index: nodes[index] for index in kept[start : start + NODES_AT_ONCE]}, gap)
            if self.samples - before >= MOST_VALUES:
                _LOG.warning("the gap has more than %d values; the rest is left out", MOST_VALUES)
                break
        _LOG.info("%d values of %d tags fetched for a gap", self.samples - before, len(kept))

    async def _fetch(self, services: Services, nodes: Mapping[int, Any], gap: Gap) -> None:
        """Fetch a portion of each node, and again what is behind it.

        A portion that is full may have no continuation point all the same: then the rest is asked for by its time.
        """
        waiting: dict[int, tuple[int, Any]] = dict.fromkeys(nodes, (gap.from_ns, None))
        while waiting:
            from_ns = min(start_ns for start_ns, _ in waiting.values())  # all nodes of a request have one start
            asked = {index: point for index, (start_ns, point) in waiting.items() if start_ns == from_ns}
            results = await services.history(
                _details(from_ns, gap.to_ns),
                [ua.HistoryReadValueId(NodeId=nodes[index], ContinuationPoint=point) for index, point in asked.items()],
            )
            for index, result in zip(asked, results, strict=True):
                del waiting[index]
                if st.is_bad(int(result.StatusCode.value)):
                    _LOG.info("no history of %s: %s", self._ledger.tags[index].name, result.StatusCode.name)
                    continue
                values = getattr(result.HistoryData, "DataValues", None) or ()
                last_ns = self._hand_on(index, values, gap)
                if result.ContinuationPoint:
                    waiting[index] = (from_ns, result.ContinuationPoint)
                elif len(values) >= VALUES_AT_ONCE and last_ns is not None and last_ns > from_ns:
                    waiting[index] = (last_ns, None)
            await asyncio.sleep(0)

    def _hand_on(self, index: int, values: Sequence[Any], gap: Gap) -> int | None:
        """Hand on what is new and lies in the gap; return the time of the last value."""
        tag, receive_ns = self._ledger.tags[index], self._now_ns()
        after_ns = max(self._reached.get(index, 0), gap.known.get(index, 0), gap.from_ns - 1)
        until_ns = gap.until.get(index, gap.to_ns)
        samples = []
        last_ns = None
        for data in values:
            value, status, source_ns = decode(tag, data, self._pick(index))
            if source_ns is not None:
                last_ns = source_ns
                if after_ns < source_ns < until_ns:
                    samples.append(Sample(value, status, source_ns, receive_ns))
        if samples:
            self._reached[index] = samples[-1].source_ns
        self.samples += len(samples)
        self._ledger.put_past(index, samples)
        return last_ns


def _details(from_ns: int, to_ns: int) -> Any:
    return ua.ReadRawModifiedDetails(
        IsReadModified=False,
        StartTime=_time(from_ns),
        EndTime=_time(to_ns),
        NumValuesPerNode=VALUES_AT_ONCE,
        ReturnBounds=False,
    )


def _time(time_ns: int) -> datetime:
    return _EPOCH + timedelta(microseconds=time_ns // 1000)
