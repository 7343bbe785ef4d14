"""Several servers with the same data (Part 4, 6.6): the one with the greatest ServiceLevel serves.

All are asked when the connection is made, and again while the one that serves says of itself that it is not healthy; a
better one is connected before the other is left. Namespaces, types and items are looked up anew on each.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from connectors.opcua.faults import TROUBLE, fault_text
from connectors.opcua.services import UNTOLD
from connectors.opcua.sessions import Sessions
from connectors.opcua.verdict import HEALTHY

_LOG = logging.getLogger(__name__)

OTHERS_S: Final = 1.0
"""How long the others are waited for once a healthy server answered."""


@dataclass(slots=True)
class Serving:
    """Open sessions with one of the servers."""

    endpoint: str
    sessions: Sessions
    level: int = UNTOLD


class Servers:
    """The servers of one connection, first the one that is preferred among equals.

    Args:
        endpoints: one at least.
        make: returns sessions with an endpoint, not open yet.

    """

    def __init__(self, endpoints: Sequence[str], make: Callable[[str], Sessions]) -> None:
        self.endpoints = tuple(endpoints)
        self._make = make

    @property
    def are_several(self) -> bool:
        """Whether there is a choice."""
        return len(self.endpoints) > 1

    async def choose(self) -> Serving:
        """Connect to the best server that answers.

        Raises:
            OSError, UaError, AssertionError: see faults.TROUBLE; of the first one where none answers.

        """
        if not self.are_several:
            return await self._open(self.endpoints[0])
        return await self._best(self.endpoints, least=-1)

    async def better(self, than: Serving) -> Serving | None:
        """Connect to the best other server that says more of itself; None where there is none."""
        others = [endpoint for endpoint in self.endpoints if endpoint != than.endpoint]
        try:
            return await self._best(others, least=than.level)
        except TROUBLE as error:
            _LOG.info("no better server than %s: %s", than.endpoint, fault_text(error))
            return None

    async def _best(self, endpoints: Sequence[str], least: int) -> Serving:
        """Connect to all; keep the best one whose level is above ``least``, the earliest of equals."""
        asking = [asyncio.create_task(self._open(endpoint)) for endpoint in endpoints]
        best: Serving | None = None
        try:
            await _until_enough(asking)
            best = max(_answers(asking), key=lambda each: each.level, default=None)
            if best is not None and best.level <= least:
                best = None
        finally:
            for task in asking:
                task.cancel()
            await asyncio.gather(*asking, return_exceptions=True)
            await asyncio.gather(*(each.sessions.close() for each in _answers(asking) if each is not best))
        if best is not None:
            return best
        failures = (task.exception() for task in asking if not task.cancelled())
        failed = next((error for error in failures if error is not None), None)
        raise failed if failed is not None else ConnectionError("none is better")

    async def _open(self, endpoint: str) -> Serving:
        serving = Serving(endpoint, self._make(endpoint))
        try:
            await serving.sessions.open()
            if self.are_several:
                serving.level = (await serving.sessions.probe()).level
        except BaseException:
            await serving.sessions.close()
            raise
        return serving


async def _until_enough(asking: Sequence["asyncio.Task[Serving]"]) -> None:
    """Wait for all, but no longer than for a moment once one is healthy: a server that is gone answers after long."""
    pending = set(asking)
    while pending:
        healthy = any(each.level >= HEALTHY for each in _answers(asking))
        done, pending = await asyncio.wait(
            pending, timeout=OTHERS_S if healthy else None, return_when=asyncio.FIRST_COMPLETED
        )
        if not done:
            return


def _answers(asking: Sequence["asyncio.Task[Serving]"]) -> list[Serving]:
    ended = [task for task in asking if task.done() and not task.cancelled()]
    return [task.result() for task in ended if task.exception() is None]
