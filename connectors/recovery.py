"""How every connector goes on: serve, say why it is lost, wait, serve again, until it is cancelled."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Protocol

from app.model.connection import ConnectionState
from app.model.text import LocalText
from connectors.backoff import Backoff
from connectors.reasons import DEFECT, TO_RETRY

_LOG = logging.getLogger(__name__)


class Lose(Protocol):
    """Tells that the connection is lost or stopped, and marks its tags."""

    def __call__(self, reason: LocalText, state: ConnectionState = ...) -> None:
        """Take the reason, and the state that is entered."""


async def serve_until_cancelled(
    connection: str,
    serve: Callable[[Backoff], Awaitable[None]],
    lose: Lose,
    trouble: Callable[[Exception], LocalText | None],
    cap_s: float,
    promise: Callable[[float, LocalText], None],
) -> None:
    """Serve again and again; what ends it is told by ``lose``, and so is the end.

    Args:
        connection: id of the connection, for the log.
        serve: connects and serves until the connection is lost, which it raises; resets the wait once it serves.
        lose: see Lose.
        trouble: returns why the connection was lost; None where the error is a defect, which is logged.
        cap_s: longest wait between attempts.
        promise: is told before each of these waits (Health.promise).

    """
    backoff = Backoff(cap_s=cap_s)
    try:
        while True:
            try:
                await serve(backoff)
            except Exception as error:  # top of a connector: the network's, or a defect that must not end it
                reason = trouble(error)
                if reason is None:
                    _LOG.exception("connection %s: defect; connecting anew", connection)
                lose(DEFECT if reason is None else reason)
            wait_s = backoff.next()
            promise(wait_s, TO_RETRY)
            await asyncio.sleep(wait_s)
    finally:
        lose(LocalText(), ConnectionState.STOPPED)
