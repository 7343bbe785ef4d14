"""When values were missing, and the filling of that once the tags are served again."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from app.model import status as st
from app.model.clock import SECOND_NS, Clock
from connectors.ledger import Ledger
from connectors.opcua.backfill import Backfill, Gap
from connectors.opcua.feed import Feed
from connectors.opcua.services import Services

_LOG = logging.getLogger(__name__)

TRUSTED_SKEW_MS: Final = 10_000.0
"""With a clock further away the engine places live values at the time of receipt: the past has no such time."""
CLOCK_STANDS_NS: Final = 2 * SECOND_NS
"""So long the time that a server tells may stand still."""
FIRST_VALUES_S: Final = 6.0
"""So long the first values are waited for: what comes live is not fetched."""


class Gaps:
    """The gap of one connection, if there is one; used from the event loop.

    Args:
        ledger: tags and their last samples.
        feed: live values.
        most_h: longest part of a gap that is filled (hours); 0: none is.
        clock: ours.

    """

    def __init__(self, ledger: Ledger, feed: Feed, most_h: float, clock: Clock) -> None:
        self._ledger = ledger
        self._feed = feed
        self._most_ns = round(most_h * 3600 * SECOND_NS)
        self._clock = clock
        self._backfill = Backfill(ledger, feed.pick, clock.now_ns)
        self._gap: Gap | None = None

    def open(self, server_ns: int | None, publishing_ms: float) -> None:
        """Note from when on values are missing, unless that is known of a loss before; tags have their last values yet.

        ``server_ns``: what the server's clock showed last (ns, UTC); None: it never told.
        """
        if not self._most_ns or self._gap is not None or server_ns is None:
            return
        last = [self._ledger.last(index) for index in range(len(self._ledger))]
        known = {index: sample.source_ns for index, sample in enumerate(last) if not st.is_bad(sample.status)}
        margin_ns = CLOCK_STANDS_NS + round(2e6 * publishing_ms)  # sampled, but not published yet
        self._gap = Gap(server_ns - margin_ns, 0, known)

    async def fill(self, services: Services, nodes: Sequence[Any], skew_ms: float | None) -> None:
        """Fetch what the server kept of the tags (``nodes`` by index) in the gap; it stays open if that fails.

        Raises:
            OSError, UaError: see faults.TROUBLE.

        """
        if self._gap is None:
            return
        if skew_ms is None or abs(skew_ms) > TRUSTED_SKEW_MS:
            _LOG.warning("a gap is not filled: the server's clock is too far from ours")
            return
        began = self._clock.monotonic()
        while self._feed.silent() and self._clock.monotonic() - began < FIRST_VALUES_S:  # noqa: ASYNC110 - seldom
            await asyncio.sleep(0.1)
        live = {index: at_ns for index in range(len(nodes)) if (at_ns := self._feed.first_ns(index))}
        to_ns = self._clock.now_ns() + round(skew_ms * 1e6) + CLOCK_STANDS_NS
        gap = replace(self._gap, to_ns=to_ns, until=live).shortened(self._most_ns)
        await self._backfill.fetch(services, nodes, gap)
        self._gap = None
