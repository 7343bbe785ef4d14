"""The sessions of one connection as a whole: items divided over them, one of them lost is all of them lost."""

import asyncio
import math
from collections.abc import Sequence

from connectors.opcua.services import Services, Vitals
from connectors.opcua.session import OpcUaSession
from connectors.opcua.settings import OpcUaSettings, Terms
from connectors.opcua.subscription import Item, Subscription


class Sessions:
    """Some sessions with one server, one at least; used once, as each of them is.

    Requests for reading and writing go through the first one.
    """

    def __init__(self, sessions: Sequence[OpcUaSession], settings: OpcUaSettings) -> None:
        self._settings = settings
        self._sessions = sessions

    @property
    def services(self) -> Services:
        """Reading and writing."""
        return self._sessions[0].services

    @property
    def publishing_ms(self) -> float:
        """Longest publishing interval that the server keeps; 0 while nothing is subscribed."""
        kept = [subscription.publishing_ms for session in self._sessions for subscription in session.subscriptions]
        return max(kept, default=0.0)

    async def open(self) -> None:
        """Connect, each session within the hard deadline.

        Raises:
            OSError, UaError, AssertionError: see faults.TROUBLE; what is open then is closed by ``close``.

        """
        for session in self._sessions:
            await session.open()

    async def monitor(self, items: Sequence[Item]) -> list[int]:
        """Create monitored items, those of one scan class together; return the server's StatusCode for each."""
        statuses: dict[int, int] = {}
        for terms, part in self._by_terms(items).items():
            size = min(self._settings.items_per_subscription, math.ceil(len(part) / len(self._sessions)))
            for start in range(0, len(part), size):
                share = part[start : start + size]
                session, subscription = await self._room(terms, len(share))
                found = await subscription.monitor(share, session.services.limits)
                statuses.update(zip((item.handle for item in share), found, strict=True))
        return [statuses[item.handle] for item in items]

    async def subscribe(self, terms: Terms) -> Subscription:
        """Create a subscription for events, of the first session, to which ``services`` belong too."""
        return await self._sessions[0].subscribe(terms)

    async def probe(self) -> Vitals:
        """Ask the server how it is through every session; returns what the first one was told.

        Raises:
            SessionLost: no answer on one of them, or no notification although the server promised one.

        """
        return (await asyncio.gather(*(session.probe() for session in self._sessions)))[0]

    async def wait_lost(self, timeout_s: float) -> None:
        """Wait, at most ``timeout_s``, for one of the sessions to be lost.

        Raises:
            SessionLost: it was lost.

        """
        waiting = [asyncio.ensure_future(session.wait_lost(timeout_s)) for session in self._sessions]
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_EXCEPTION)
        finally:
            for each in waiting:
                each.cancel()
            results = await asyncio.gather(*waiting, return_exceptions=True)
        for result in results:
            if isinstance(result, Exception):
                raise result

    async def close(self) -> None:
        """Close all of them at the same time, also while being cancelled."""
        closing = asyncio.gather(*(session.close() for session in self._sessions))
        try:
            await asyncio.shield(closing)
        except asyncio.CancelledError:
            await closing
            raise

    def _by_terms(self, items: Sequence[Item]) -> dict[Terms, list[Item]]:
        parts: dict[Terms, list[Item]] = {}
        for item in items:
            parts.setdefault(self._settings.terms(item.scan_ms), []).append(item)
        return parts

    async def _room(self, terms: Terms, count: int) -> tuple[OpcUaSession, Subscription]:
        """Return a subscription with room for so many items, of the session that has fewest."""
        session = min(self._sessions, key=lambda each: each.items)
        for subscription in session.subscriptions:
            if subscription.terms == terms and subscription.items + count <= self._settings.items_per_subscription:
                return session, subscription
        return session, await session.subscribe(terms)
