"""Several servers with the same data (Part 4, 6.6): the one with the greatest ServiceLevel serves.

All are asked when the connection is made, and again while the one that serves says of itself that it is not healthy; a
better one is connected before the other is left. Namespaces, types and items are looked up anew on each.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from app.model.text import LocalText
from connectors.opcua.faults import TROUBLE, SessionLost, fault, fault_text
from connectors.opcua.services import UNTOLD
from connectors.opcua.sessions import Sessions
from connectors.opcua.verdict import HEALTHY
from connectors.reasons import located

_LOG = logging.getLogger(__name__)

STANDBY_S: Final = 60.0
"""So often it is asked whether the others could take over, so that nobody relies on one that is gone."""
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
        self._problems: dict[str, LocalText] = {}

    @property
    def are_several(self) -> bool:
        """Whether there is a choice."""
        return len(self.endpoints) > 1

    def notices(self, serving: str) -> tuple[LocalText, ...]:
        """Return which of the servers beside the one that serves could not take over when last asked, and why."""
        return tuple(
            LocalText(f"{endpoint} cannot take over: {problem.en}", f"{endpoint} 无法接管：{problem.get('zh')}")
            for endpoint, problem in self._problems.items()
            if problem and endpoint != serving
        )

    async def choose(self) -> Serving:
        """Connect to the best server that answers.

        Raises:
            OSError, UaError, AssertionError: see faults.TROUBLE; where none answers, with the reason of each.

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

    async def watch_others(self, than: Serving) -> None:
        """Ask the servers beside the one that serves every minute whether they could take over, until cancelled."""
        while self.are_several:
            await asyncio.sleep(STANDBY_S)
            await self._check_others(than)

    async def _check_others(self, than: Serving) -> None:
        others = [endpoint for endpoint in self.endpoints if endpoint != than.endpoint]
        asking = [asyncio.create_task(self._open(endpoint)) for endpoint in others]
        try:
            await asyncio.gather(*asking, return_exceptions=True)
            self._note(others, asking)
        finally:
            for task in asking:
                task.cancel()
            await asyncio.gather(*asking, return_exceptions=True)
            await asyncio.gather(*(each.sessions.close() for each in _answers(asking)))

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
        self._note(endpoints, asking)
        if best is not None:
            return best
        raise _none_serves(endpoints, asking)

    def _note(self, endpoints: Sequence[str], asked: Sequence["asyncio.Task[Serving]"]) -> None:
        """Keep what was learned of servers that were asked; the log hears what is new."""
        for endpoint, task in zip(endpoints, asked, strict=True):
            before, problem = self._problems.get(endpoint, LocalText()), _problem(task)
            self._problems[endpoint] = problem
            if problem != before:
                _LOG.warning("%s %s", endpoint, f"cannot take over: {problem.en}" if problem else "can take over again")

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


def _problem(task: "asyncio.Task[Serving]") -> LocalText:
    """Return why a server that was asked could not take over; empty where it could."""
    error = TimeoutError() if task.cancelled() else task.exception()
    if error is not None:
        return fault(error)
    level = task.result().level
    if level >= HEALTHY:
        return LocalText()
    return LocalText(
        f"it is not healthy (service level {level}): see its diagnosis",
        f"其状态不佳（服务等级 {level}）：请查看其诊断信息",
    )


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


def _none_serves(endpoints: Sequence[str], asked: Sequence["asyncio.Task[Serving]"]) -> Exception:
    """Return why none of these servers serves: of each what is the matter with it, or that its level is too low."""
    reasons = []
    for endpoint, task in zip(endpoints, asked, strict=True):
        error = None if task.cancelled() else task.exception()
        if error is not None and not isinstance(error, TROUBLE):
            return error if isinstance(error, Exception) else SessionLost(str(error))
        if error is not None:
            reasons.append(located(fault(error), endpoint))
    if not reasons:
        return SessionLost("none is better")
    count = len(endpoints)
    return SessionLost(
        LocalText(
            f"none of {count} servers serves: " + "; ".join(each.en for each in reasons),
            f"{count} 个服务器均不可用：" + "；".join(each.get("zh") for each in reasons),
        )
    )
