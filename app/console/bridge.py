"""The console's side of the link: one thread with an event loop that runs EngineClient, answers delivered to Qt.

Nothing here ever waits on the GUI thread. Calls are given a pair of callbacks, which run on the GUI thread; a callback
whose owner (a QObject) is gone is dropped. While there is no link, calls fail at once with LinkError: no command waits.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Future
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal

from app.model.engine import EngineEndpoint
from app.model.errors import HaiheError, LinkError
from app.model.text import LocalText

if TYPE_CHECKING:
    from app.link.client import EngineClient
    from app.link.messages import LinkEvent
    from app.model.alarm_state import AlarmSnapshot

log = logging.getLogger(__name__)

T = TypeVar("T")

FindEngine = Callable[[], EngineEndpoint | None]
FIRST_RETRY_S: Final = 0.1
LAST_RETRY_S: Final = 2.0
_NO_LINK: Final = LocalText(
    "There is no link to the engine; try again when it is back", "与引擎没有连接，请在恢复后重试"
)
LINK_CLOSED: Final = LocalText("The link to the engine was closed", "与引擎的连接已关闭")


class LinkState(StrEnum):
    """State of the link to the engine."""

    STARTING = "starting"
    CONNECTED = "connected"
    LOST = "lost"


class EngineBridge(QObject):
    """Keeps one EngineClient connected, and carries calls and events between it and the GUI thread.

    Signals (GUI thread):
        state_changed(object): the new LinkState.
        alarms_changed(object): AlarmSnapshots in the order in which the engine told them; what came before the GUI
            thread looked is handed over together.
        flood_changed(object): a FloodState.
        connection_changed(object): a ConnectionStatus.
        session_ended(str, object): the engine ended the session of this id, for this reason (LocalText).
        annotation_changed(object): an Annotation that was added or removed.
        substitution_changed(object): a Substitution that began or ended.
        project_changed(int): the engine runs another configuration of the project, with so many changes.

    """

    state_changed = Signal(object)
    alarms_changed = Signal(object)
    flood_changed = Signal(object)
    connection_changed = Signal(object)
    session_ended = Signal(str, object)
    annotation_changed = Signal(object)
    substitution_changed = Signal(object)
    project_changed = Signal(int)
    _from_thread = Signal(object)

    def __init__(self, find_engine: FindEngine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._find_engine = find_engine
        self._state = LinkState.STARTING
        self._connections = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._client: EngineClient | None = None
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._alarms: list[AlarmSnapshot] | None = None
        """Changes that wait for the GUI thread; None once something else was queued after them."""
        self._thread = threading.Thread(target=self._run, name="engine-bridge", daemon=True)
        self._from_thread.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def state(self) -> LinkState:
        """The current state of the link."""
        return self._state

    @property
    def reconnections(self) -> int:
        """Successful connections after the first."""
        return max(0, self._connections - 1)

    def start(self) -> None:
        """Begin to look for the engine and connect."""
        self._thread.start()

    def stop(self, timeout_s: float = 3.0) -> None:
        """Close the link and end the thread; waits at most ``timeout_s``. Used at exit only."""
        self._stopping.set()
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._cancel_all, loop)
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def call(
        self,
        make: "Callable[[EngineClient], Awaitable[T]]",
        done: Callable[[T], None],
        failed: Callable[[HaiheError], None],
        owner: QObject | None = None,
    ) -> "Future[None] | None":
        """Run a coroutine of the client in the thread; exactly one callback follows, on the GUI thread.

        ``owner``: the callbacks are dropped when this object has been deleted meanwhile. Returns what cancels the call
        (it then fails with LinkError), or None where there is no link.
        """
        loop, client = self._loop, self._client
        if loop is None or client is None or loop.is_closed():
            self._post(lambda: failed(LinkError(self.tr("There is no link to the engine"))), owner)
            return None

        async def run() -> None:
            try:
                result = await make(client)
            except HaiheError as error:
                caught = error
                self._post(lambda: failed(caught), owner)
            except asyncio.CancelledError:
                self._post(lambda: failed(LinkError(LINK_CLOSED)), owner)
                raise
            except Exception as error:
                log.exception("a call of the link failed")
                text = f"{type(error).__name__}: {error}"
                self._post(lambda: failed(LinkError(text)), owner)
            else:
                self._post(lambda: done(result), owner)

        return asyncio.run_coroutine_threadsafe(run(), loop)

    def ask(self, make: "Callable[[EngineClient], Awaitable[T]]") -> "Future[T]":
        """Run a coroutine of the client for a thread that waits for it, never the GUI's; LinkError without a link."""
        loop, client = self._loop, self._client
        if loop is None or client is None or loop.is_closed():
            raise LinkError(_NO_LINK)

        async def run() -> T:
            return await make(client)

        return asyncio.run_coroutine_threadsafe(run(), loop)

    def _post(self, callback: Callable[[], None], owner: QObject | None = None) -> None:
        """Queue a callback for the GUI thread; safe from any thread."""

        def guarded() -> None:
            if owner is None or shiboken6.isValid(owner):
                callback()

        with self._lock:
            self._alarms = None  # what comes later must not be handed over before this
        self._queue(guarded)

    def _post_alarms(self, snapshots: "Sequence[AlarmSnapshot]") -> None:
        """Queue changes of alarms; in a flood many of them are one event of the GUI thread."""
        with self._lock:
            if self._alarms is not None:
                self._alarms.extend(snapshots)
                return
            waiting = self._alarms = list(snapshots)
        self._queue(lambda: self._hand_over(waiting))

    def _queue(self, callback: Callable[[], None]) -> None:
        if not self._stopping.is_set() and shiboken6.isValid(self):
            self._from_thread.emit(callback)

    def _hand_over(self, waiting: "list[AlarmSnapshot]") -> None:
        with self._lock:
            if self._alarms is waiting:
                self._alarms = None
        self.alarms_changed.emit(waiting)

    def _deliver(self, callback: Callable[[], None]) -> None:
        if not self._stopping.is_set():
            callback()

    def _set_state(self, state: LinkState) -> None:
        if state is LinkState.CONNECTED:
            self._connections += 1
        if state is not self._state or state is LinkState.CONNECTED:
            self._state = state
            self.state_changed.emit(state)

    @staticmethod
    def _cancel_all(loop: asyncio.AbstractEventLoop) -> None:
        for task in asyncio.all_tasks(loop):
            task.cancel()

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except asyncio.CancelledError:
            log.debug("the bridge ended")
        except Exception:
            log.exception("the bridge to the engine failed")

    async def _serve(self) -> None:
        from app.link.client import EngineClient

        self._loop = asyncio.get_running_loop()
        wait = FIRST_RETRY_S
        while not self._stopping.is_set():
            endpoint = self._find_engine()
            if endpoint is not None:
                try:
                    client = await EngineClient.connect(endpoint, self._forward)
                except LinkError as error:
                    log.info("%s", error)
                else:
                    wait = FIRST_RETRY_S
                    await self._attend(client)
            await asyncio.sleep(wait)
            wait = min(LAST_RETRY_S, wait * 1.5)

    async def _attend(self, client: "EngineClient") -> None:
        self._client = client
        self._post(lambda: self._set_state(LinkState.CONNECTED))
        try:
            await client.closed.wait()
        finally:
            self._client = None
            self._post(lambda: self._set_state(LinkState.LOST))
            await client.close()
            log.info("link to the engine ended at %d", time.time_ns())

    def _forward(self, event: "LinkEvent") -> None:
        from app.link.messages import (
            AlarmChanged,
            AlarmsChanged,
            AnnotationChanged,
            ConnectionChanged,
            FloodChanged,
            ProjectChanged,
            SessionEnded,
            SubstitutionChanged,
        )

        if isinstance(event, AlarmsChanged):
            self._post_alarms(event.snapshots)
        elif isinstance(event, AlarmChanged):
            self._post_alarms([event.snapshot])
        elif isinstance(event, FloodChanged):
            self._post(partial(self.flood_changed.emit, event.state))
        elif isinstance(event, ConnectionChanged):
            self._post(partial(self.connection_changed.emit, event.status))
        elif isinstance(event, SessionEnded):
            self._post(partial(self.session_ended.emit, event.session, event.reason))
        elif isinstance(event, AnnotationChanged):
            self._post(partial(self.annotation_changed.emit, event.note))
        elif isinstance(event, SubstitutionChanged):
            self._post(partial(self.substitution_changed.emit, event.substitution))
        elif isinstance(event, ProjectChanged):
            self._post(partial(self.project_changed.emit, event.changes))
