"""What consoles and the command line ask of history: windows, counts, rows."""

from typing import Any, Final

from app.engine.queries import QueryPool
from app.link import messages as m
from app.link.server import Peer
from app.model.history import UNASKED_ROWS, HistoryCount, HistoryEnvelope, HistoryPage

STAND_IN_COLUMNS: Final = 2_000
"""Columns of the envelope that stands for too many rows."""


class HistoryAnswers:
    """One method a message; the work is done by a thread of the pool, in the turn of the client."""

    def __init__(self, queries: QueryPool) -> None:
        self._queries = queries

    async def envelope(self, peer: Peer, request: m.HistoryRequest) -> HistoryEnvelope:
        """Return a window in columns."""

        def work(database: Any) -> HistoryEnvelope:
            envelope: HistoryEnvelope = database.samples.envelope(
                request.tag, request.from_ns, request.to_ns, request.columns, weighted=request.weighted
            )
            return envelope

        return await self._queries.call(work, peer.number)

    async def count(self, peer: Peer, request: m.HistoryCountRequest) -> HistoryCount:
        """Return how many rows a window has."""

        def work(database: Any) -> HistoryCount:
            count: HistoryCount = database.samples.count(request.tag, request.from_ns, request.to_ns)
            return count

        return await self._queries.call(work, peer.number)

    async def page(self, peer: Peer, request: m.RawRequest) -> HistoryPage:
        """Return a page of rows; too many for the window, and not confirmed: their count and an envelope."""
        window = (request.tag, request.from_ns, request.to_ns)

        def work(database: Any) -> HistoryPage:
            page: HistoryPage = database.samples.page(
                *window, min(request.limit, m.HISTORY_LIMIT), request.after, newest_first=request.newest_first
            )
            if request.confirmed or request.after is not None or page.next is None:
                return page
            if database.samples.count(*window, UNASKED_ROWS).exact:
                return page
            envelope = database.samples.envelope(*window, STAND_IN_COLUMNS)
            return HistoryPage((), None, database.samples.count(*window), envelope)

        return await self._queries.call(work, peer.number)
