"""Client side of the link. One instance is one connection; after ``closed`` is set, connect a new one."""

import asyncio
import contextlib
import itertools
import logging
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeVar

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI

from app.link import jsonrpc
from app.link import messages as m
from app.link.codec import CodecError, Json, decode, encode
from app.model.alarm_kpi import AlarmKpiReport, AlarmKpiRequest
from app.model.alarm_state import AlarmSnapshot
from app.model.annotation import Annotation, AnnotationPage, AnnotationQuery
from app.model.browsing import BrowseResult
from app.model.command import CommandResult, Selection
from app.model.engine import EngineEndpoint, EngineStatus
from app.model.errors import LinkError
from app.model.flood import FloodState
from app.model.history import HistoryCount, HistoryEnvelope, HistoryPage
from app.model.journal import JournalCount, JournalPage, JournalQuery
from app.model.sample import Sample, Value
from app.model.substitution import ActiveSubstitution, Substitution
from app.model.text import LocalText
from app.model.user import Session

log = logging.getLogger(__name__)

Q = TypeVar("Q")
R = TypeVar("R")

CONNECT_TIMEOUT_S: Final = 5.0
CALL_TIMEOUT_S: Final = 15.0
OPERATE_TIMEOUT_S: Final = 300.0
BROWSE_TIMEOUT_S: Final = 60.0
"""The engine ends every command by itself within the time of its feedback; this is only a backstop."""


_BROKE: Final = LocalText("The link to the engine broke", "与引擎的连接中断")


def _ignore(event: m.LinkEvent) -> None:
    """Take an event and do nothing."""


class EngineClient:
    """Calls the engine; every method raises the model's errors, and LinkError when the link is gone.

    Use from one event loop. ``on_event`` is called in that loop and must not block.
    """

    def __init__(self, connection: ClientConnection, on_event: Callable[[m.LinkEvent], None]) -> None:
        self._connection = connection
        self._on_event = on_event
        self._ids = itertools.count(1)
        self._pending: dict[int, asyncio.Future[Json]] = {}
        self._withdrawals: set[asyncio.Task[None]] = set()
        self._reader = asyncio.create_task(self._receive(), name="link-client")
        self.closed = asyncio.Event()
        """Set when the link is gone, for whatever reason."""

    @classmethod
    async def connect(
        cls,
        endpoint: EngineEndpoint,
        on_event: Callable[[m.LinkEvent], None] = _ignore,
        timeout_s: float = CONNECT_TIMEOUT_S,
    ) -> "EngineClient":
        """Connect and prove that we may: the secret of the endpoint file.

        Raises:
            LinkError: the engine does not answer, or refuses us.

        """
        try:
            connection = await connect(
                endpoint.url,
                additional_headers={"Authorization": f"Bearer {endpoint.secret}"},
                compression=None,
                proxy=None,
                open_timeout=timeout_s,
                max_size=m.MAX_MESSAGE_BYTES,
                ping_interval=10,
                ping_timeout=20,
                close_timeout=2,
            )
        except (OSError, TimeoutError, InvalidHandshake, InvalidURI) as error:
            raise LinkError(
                LocalText(
                    f"The engine at {endpoint.url} cannot be reached: {error}", f"无法连接引擎 {endpoint.url}：{error}"
                )
            ) from error
        return cls(connection, on_event)

    async def close(self) -> None:
        """Close the link; calls that wait fail with LinkError."""
        await asyncio.gather(*self._withdrawals, return_exceptions=True)
        await self._connection.close()
        with contextlib.suppress(asyncio.CancelledError):
            await self._reader

    async def login(self, user: str, password: str, desk: str) -> Session:
        """Log in; the session belongs to this link and ends with it. Raises AccessDenied."""
        return await self._call(m.LOGIN, m.LoginRequest(user, password, desk))

    async def logout(self) -> None:
        """End the session."""
        await self._call(m.LOGOUT, m.Nothing())

    async def read(self, tags: Iterable[str]) -> dict[str, Sample]:
        """Return current samples; a tag that does not exist has BadNodeIdUnknown."""
        return await self._call(m.READ, m.ReadRequest(tuple(tags)))

    async def probe(self, connection: str, address: str) -> tuple[int, ...]:
        """Return what lies at an address of a device. Raises EnvironmentProblem where it cannot be read."""
        return (await self._call(m.PROBE, m.ProbeRequest(connection, address))).registers

    async def browse(self, connection: str, address: str, depth: int) -> BrowseResult:
        """Return what stands below a node of a server. Raises EnvironmentProblem where it cannot be browsed."""
        return await self._call(m.BROWSE, m.BrowseRequest(connection, address, depth), BROWSE_TIMEOUT_S)

    async def select(self, command: str, value: Value = None) -> Selection:
        """Select a command and get the list of checks. Raises CommandRefused."""
        return await self._call(m.SELECT, m.SelectRequest(command, value))

    async def operate(self, token: str) -> CommandResult:
        """Carry out a selection and wait for its verified end.

        Raises:
            CommandRefused: nothing was sent to the device.
            LinkError: the link broke meanwhile; the outcome is unknown, read before acting again.

        """
        return await self._call(m.OPERATE, m.TokenRequest(token, time.time_ns()), OPERATE_TIMEOUT_S)

    async def cancel(self, token: str) -> None:
        """Give up a selection."""
        await self._call(m.CANCEL, m.TokenRequest(token))

    async def alarms(self) -> list[AlarmSnapshot]:
        """Return every alarm that is not normal, in the order of their ids; changes meanwhile may be in it or not."""
        found: list[AlarmSnapshot] = []
        while True:
            page = await self._call(m.ALARMS, m.AlarmsRequest(found[-1].id if found else ""))
            found += page
            if len(page) < m.ALARMS_LIMIT:
                return found

    async def all_alarms(self) -> None:
        """Return once the engine has told every alarm that is not normal, as events among those of their changes."""
        await self._call(m.ALL_ALARMS, m.Nothing(), BROWSE_TIMEOUT_S)

    async def acknowledge(self, alarms: Sequence[tuple[str, str]], comment: str = "") -> m.AcknowledgeReport:
        """Acknowledge occurrences given as (alarm id, event id)."""
        return await self._call(m.ACKNOWLEDGE, m.AcknowledgeRequest(tuple(alarms), comment))

    async def alarm_action(self, request: m.AlarmActionRequest) -> m.AcknowledgeReport:
        """Ask for something about alarms."""
        return await self._call(m.ALARM_ACTION, request)

    async def alarm_flood(self) -> FloodState:
        """Return whether there is a flood of alarms."""
        return await self._call(m.ALARM_FLOOD, m.Nothing())

    async def alarm_kpi(self, request: AlarmKpiRequest) -> AlarmKpiReport:
        """Return the figures of alarm management of a period. Raises EnvironmentProblem where there is none such."""
        return await self._call(m.ALARM_KPI, request)

    async def journal(self, query: JournalQuery) -> JournalPage:
        """Return one page of the journal, newest first."""
        return await self._call(m.JOURNAL, query)

    async def journal_count(self, query: JournalQuery) -> JournalCount:
        """Return how many rows of the journal a filter has, or about how many."""
        return await self._call(m.JOURNAL_COUNT, query)

    async def status(self) -> EngineStatus:
        """Return what the engine tells about itself."""
        return await self._call(m.STATUS, m.Nothing())

    async def history(
        self, tag: str, from_ns: int, to_ns: int, columns: int = 2000, *, weighted: bool = False
    ) -> HistoryEnvelope:
        """Return a window of stored samples as an envelope (ns since the epoch, UTC; the end excluded)."""
        return await self._call(m.HISTORY, m.HistoryRequest(tag, from_ns, to_ns, columns, weighted))

    async def history_count(self, tag: str, from_ns: int, to_ns: int) -> HistoryCount:
        """Return how many stored samples a window has (ns since the epoch, UTC; the end excluded)."""
        return await self._call(m.HISTORY_COUNT, m.HistoryCountRequest(tag, from_ns, to_ns))

    async def raw(self, request: m.RawRequest) -> HistoryPage:
        """Return one page of stored samples; ``next`` of it is the cursor for the page after.

        A window of more than ``UNASKED_ROWS`` samples gives a count and an envelope, unless that is ``confirmed``.
        """
        return await self._call(m.RAW, request)

    async def annotations(self, query: AnnotationQuery) -> AnnotationPage:
        """Return notes of a window, newest first."""
        return await self._call(m.ANNOTATIONS, query)

    async def annotate(self, at_ns: int, text: str, tag: str = "") -> Annotation:
        """Keep a note about a time (ns since the epoch, UTC). Raises what the engine refuses it with."""
        return await self._call(m.ANNOTATE, m.AnnotateRequest(at_ns, text, tag))

    async def remove_annotation(self, number: int) -> None:
        """Remove a note by its id; raises as ``annotate`` does."""
        await self._call(m.REMOVE_ANNOTATION, m.AnnotationRemoval(number))

    async def substitutions(self) -> list[ActiveSubstitution]:
        """Return the substitutions in force, the one that ends first at the front."""
        active = await self._call(m.SUBSTITUTIONS, m.Nothing())
        return list(active)

    async def substitute(self, tag: str, value: Value, reason: str, duration_s: float) -> Substitution:
        """Let a value stand for what the device says of a tag. Raises what the engine refuses it with."""
        return await self._call(m.SUBSTITUTE, m.SubstituteRequest(tag, value, reason, duration_s))

    async def clear_substitution(self, tag: str, reason: str = "") -> Substitution:
        """End the substitution of a tag; raises as ``substitute`` does."""
        return await self._call(m.CLEAR_SUBSTITUTION, m.SubstitutionRemoval(tag, reason))

    async def device(self, tags: Iterable[str]) -> dict[str, Sample]:
        """Return what devices sent last of those of these tags where it does not count: substituted, out of range."""
        return await self._call(m.DEVICE, m.ReadRequest(tuple(tags)))

    async def reload(self, user: str, desk: str) -> m.ReloadReport:
        """Let the engine take the project folder as it is now; raises what it refuses that with."""
        return await self._call(m.RELOAD, m.ReloadRequest(user, desk), OPERATE_TIMEOUT_S)

    async def _call(self, method: m.Method[Q, R], request: Q, timeout_s: float = CALL_TIMEOUT_S) -> R:
        number = next(self._ids)
        answer: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        if self.closed.is_set():
            raise LinkError(LocalText("The link to the engine is closed", "与引擎的连接已关闭"))
        self._pending[number] = answer
        try:
            async with asyncio.timeout(timeout_s):
                await self._connection.send(jsonrpc.dump_request(jsonrpc.Request(number, method.name, encode(request))))
                return decode(method.result, await answer, method.name)
        except TimeoutError:
            raise LinkError(
                LocalText(
                    f"The engine did not answer '{method.name}' within {timeout_s:g} s",
                    f"引擎在 {timeout_s:g} 秒内未应答“{method.name}”",
                )
            ) from None
        except ConnectionClosed:
            raise LinkError(_BROKE) from None
        except CodecError as error:
            raise LinkError(
                LocalText(f"The engine's answer cannot be read: {error}", f"引擎的应答无法解析：{error}")
            ) from None
        finally:
            self._pending.pop(number, None)
            if method.only_reads and not (answer.done() and not answer.cancelled()):
                self._withdraw(number)

    def _withdraw(self, number: int) -> None:
        """Tell the engine that nobody waits for an answer any more."""
        if not self.closed.is_set():
            task = asyncio.create_task(self._send_withdrawal(number), name=f"link-withdraw-{number}")
            self._withdrawals.add(task)
            task.add_done_callback(self._withdrawals.discard)

    async def _send_withdrawal(self, number: int) -> None:
        with contextlib.suppress(ConnectionClosed):
            await self._connection.send(jsonrpc.dump_notification(jsonrpc.CANCEL_REQUEST, {"id": number}))

    async def _receive(self) -> None:
        try:
            async for text in self._connection:
                self._take(text)
        except ConnectionClosed:
            log.info("the link to the engine broke")
        finally:
            self.closed.set()
            for future in self._pending.values():
                if not future.done():
                    future.set_exception(LinkError(_BROKE))

    def _take(self, text: str | bytes) -> None:
        try:
            message = jsonrpc.load(text)
            if isinstance(message, jsonrpc.Notification):
                self._on_event(m.decode_event(message.params))
                return
        except (jsonrpc.RpcError, CodecError) as error:
            log.warning("ignored a message of the engine: %s", error)
            return
        if not isinstance(message, jsonrpc.Response) or message.id is None:
            log.warning("ignored a message of the engine: %s", type(message).__name__)
            return
        future = self._pending.get(message.id)
        if future is None or future.done():
            return
        if message.error is not None:
            future.set_exception(jsonrpc.to_model_error(message.error))
        else:
            future.set_result(message.result)
