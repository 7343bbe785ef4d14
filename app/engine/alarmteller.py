"""Tells desks of alarms: changes that come together in one message, and a desk that just connected all of them."""

import asyncio
from collections.abc import Callable
from typing import Final

from app.engine.alarmdesk import AlarmDesk
from app.link.messages import AlarmChanged, AlarmsChanged
from app.link.server import LinkServer, Peer
from app.model.alarm_state import AlarmSnapshot

PORTION: Final = 500
"""Alarms of one message at most: some 200 KiB."""


class AlarmTeller:
    """Belongs to the event loop. Every desk hears of each alarm in the order of its changes."""

    def __init__(self, server: Callable[[], LinkServer]) -> None:
        """``server`` is asked for once there is something to tell."""
        self._server = server
        self._waiting: list[AlarmSnapshot] = []

    def changed(self, snapshot: AlarmSnapshot) -> None:
        """Tell every desk of a change, together with the others of this turn of the loop."""
        if not self._waiting:
            asyncio.get_running_loop().call_soon(self._send)
        self._waiting.append(snapshot)

    async def tell_all(self, peer: Peer, desk: AlarmDesk) -> None:
        """Tell one desk of every alarm that is not normal; other things are done in between."""
        for portion in desk.portions(PORTION):
            self._server().tell(peer, AlarmsChanged(portion))
            await asyncio.sleep(0)

    def _send(self) -> None:
        waiting, self._waiting = self._waiting, []
        server = self._server()
        if len(waiting) == 1:
            server.announce(AlarmChanged(waiting[0]))
            return
        for first in range(0, len(waiting), PORTION):
            server.announce(AlarmsChanged(tuple(waiting[first : first + PORTION])))
