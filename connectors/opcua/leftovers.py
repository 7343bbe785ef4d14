"""Sessions that were left without a word to the server, closed by the next one with it.

A cut connection ends no session: the server keeps it, its subscriptions and their queues until its time is over. Twenty
cuts in a row were twenty sessions, and a server has few. The next connection takes such a session over
(ActivateSession on its own channel, Part 4, 5.7.3), closes it with its subscriptions, and begins one of its own.
"""

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from asyncua import Client, ua

from app.model.clock import Clock
from connectors.opcua.faults import USER_REFUSED

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Former:
    """What it takes to activate a session again.

    Attributes:
        token: AuthenticationToken of the session.
        nonce: what the server gave last, to be signed.
        user_policies: how users log in, as the server said.

    """

    token: Any
    nonce: bytes | None
    user_policies: Any


class Leftovers:
    """The sessions that one connection left, by endpoint; used from the event loop.

    Args:
        timeout_s: how long the servers keep them.

    """

    def __init__(self, timeout_s: float, clock: Clock) -> None:
        self._timeout_s = timeout_s
        self._clock = clock
        self._left: dict[str, deque[tuple[float, Former]]] = {}

    def leave(self, endpoint: str, former: Former) -> None:
        """Note a session that the server may still have."""
        self._left.setdefault(endpoint, deque()).append((self._clock.monotonic() + self._timeout_s, former))

    def take(self, endpoint: str) -> Former | None:
        """Return the session that was left first and that the server may still have; it is not returned again."""
        left = self._left.get(endpoint, deque())
        while left:
            until, former = left.popleft()
            if self._clock.monotonic() < until:
                return former
        return None


class SuccessorClient(Client):  # type: ignore[misc]  # the library's types are not followed
    """The library's client, which closes a session that was left before it creates its own.

    One only: servers differ in whether a channel may have several sessions one after another.

    Attributes:
        predecessor: returns the session to close, asked once the channel is open.

    """

    predecessor: Callable[[], Former | None] = staticmethod(lambda: None)

    def former(self) -> Former:
        """Return what it takes to activate this session, which is activated now, again."""
        return Former(self.uaclient.session.authentication_token, self._server_nonce, self._policy_ids)

    async def create_session(self) -> Any:
        """Close a session that was left, if there is one, and create one."""
        former = self.predecessor()
        if former is not None:
            await self._close(former)
        return await super().create_session()

    async def _close(self, former: Former) -> None:
        """Close a session over the channel of this one.

        Raises:
            OSError, UaError: the channel is lost, or the server does not take the user any more.

        """
        session = self.uaclient.session
        session.restore_authentication_token(former.token)
        self._server_nonce, self._policy_ids = former.nonce, former.user_policies
        try:
            await self._activate_with_credentials()
            await session.close_session(delete_subscriptions=True)
        except ua.UaStatusCodeError as error:
            if int(error.code) in USER_REFUSED:  # asked once more it might lock the account
                raise
            _LOG.info("the session before cannot be closed, the server answered %s", type(error).__name__)
        else:
            _LOG.info("the session before was closed")
        finally:
            session.reset_authentication_token()
            self._server_nonce = None
