"""The tags of a connection as items of its server: which nodes they are, which it refuses, which stay silent."""

import contextlib
import logging
from collections.abc import Sequence
from typing import Any, Final

from asyncua import ua

from app.model import status as st
from app.model.address import AddressError
from app.model.clock import Clock
from app.model.opcua_address import OpcUaAddress
from app.model.tag import Tag
from app.model.text import LocalText
from connectors.ledger import Ledger
from connectors.opcua.faults import SessionLost, fault
from connectors.opcua.feed import Feed
from connectors.opcua.nodes import resolve
from connectors.opcua.parts import Parts
from connectors.opcua.semantics import Semantics
from connectors.opcua.services import Services
from connectors.opcua.sessions import Sessions
from connectors.opcua.settings import OpcUaSettings
from connectors.opcua.structures import Structures
from connectors.opcua.subscription import Item
from connectors.scaling import ValueRefused

_LOG = logging.getLogger(__name__)

FIRST_VALUE_S: Final = 3.0
"""After this long without a first notification an item is read explicitly."""
_MOST_NESTED: Final = 8
"""Structures within structures whose types are learnt before the first value."""


class Items:
    """The tags of one connection at its server, over all its sessions; used from one event loop.

    Attributes:
        feed: takes what the server delivers of them.
        semantics: what the server tells of them, where the settings want to know it.
        nodes: NodeIds by the index of the tag; None for those that the server does not have.
        refused: StatusCodes of the tags that could not be subscribed, by their index.
        uris: namespaces of the server at the last connect.

    """

    def __init__(self, ledger: Ledger, settings: OpcUaSettings, clock: Clock) -> None:
        self._ledger, self._settings, self._clock = ledger, settings, clock
        self._addresses = tuple(_parse(tag) for tag in ledger.tags)
        paths = [() if address is None else address.path for address in self._addresses]
        self._parts = Parts(paths, Structures())
        self.feed = Feed(ledger, clock, self._parts)
        self.semantics = Semantics(ledger.tags, self.feed)
        self.nodes: list[Any] = [None] * len(ledger)
        self.refused: dict[int, int] = {}
        self.uris: Sequence[str] = ()
        self._types: dict[int, Any] = {}
        self._monitored = self._retried = clock.monotonic()

    async def open(self, sessions: Sessions) -> None:
        """Create monitored items for all tags with a server just connected, which may be another one than before.

        Raises:
            OSError, UaError: see faults.TROUBLE.

        """
        self._types.clear()
        self.feed.forget_kinds()
        self._parts.structures.forget()
        self.refused.clear()
        await self._monitor(sessions, range(len(self._ledger)))
        self._monitored = self._retried = self._clock.monotonic()

    async def tend(self, sessions: Sessions) -> None:
        """See to items without a first value, and to those that the server refused; to be called about once a second.

        Raises:
            OSError, UaError: see faults.TROUBLE.

        """
        now = self._clock.monotonic()
        if now - self._monitored > FIRST_VALUE_S and (silent := self.feed.silent()):
            await self._read(sessions, silent)
        if await self._parts.structures.load(sessions.services):
            await self._read(sessions, [index for index, path in enumerate(self._parts.paths) if path])
        if self._settings.metadata and (changed := self.feed.changed):
            self.feed.changed = set()
            await self.semantics.read(sessions.services, self.nodes, changed)
        if self.refused and now - self._retried >= self._settings.retry_s:
            self._retried = now
            await self._monitor(sessions, tuple(self.refused))

    async def kind(self, services: Services, index: int) -> Any:
        """Return the VariantType that a write to a node must have: the one that it delivered, else what it says."""
        delivered = self.feed.kind(index)
        if delivered is not None:
            return delivered
        if index not in self._types:
            self._types[index] = await services.variant_type(self.nodes[index])
        return self._types[index]

    async def _monitor(self, sessions: Sessions, indices: Sequence[int]) -> None:
        """Create monitored items for tags; a tag that the server refuses becomes bad, the others are served."""
        try:
            self.uris = await sessions.services.namespaces()
        except ua.UaStatusCodeError as error:
            reason = fault(error)
            raise SessionLost(
                LocalText(f"the namespaces cannot be read: {reason.en}", f"无法读取命名空间：{reason.get('zh')}")
            ) from error
        wanted: list[Item] = []
        for index in indices:
            self.nodes[index] = resolve(self._addresses[index], self.uris)
        if self._settings.metadata:
            await self.semantics.read(sessions.services, self.nodes, indices)
        whole = await self._wholes(sessions, [index for index in indices if self._parts.paths[index]])
        for index in indices:
            node = self.nodes[index]
            if node is not None:
                wanted.append(self._item(index, node, whole.get(node)))
                self.feed.expect(index, True)
                continue
            unknown = self._addresses[index] is not None
            self._refuse(index, st.BAD_NODE_ID_UNKNOWN if unknown else st.BAD_CONFIGURATION_ERROR)
        for item, status in zip(wanted, await sessions.monitor(wanted), strict=True):
            if st.is_bad(status):
                self._refuse(item.handle, status)
            else:
                self.refused.pop(item.handle, None)
        self._ledger.flush()

    async def _wholes(self, sessions: Sessions, indices: Sequence[int]) -> dict[Any, object]:
        """Return the whole values of nodes of which tags are parts, and learn the types of structures in them."""
        nodes = list(dict.fromkeys(self.nodes[index] for index in indices if self.nodes[index] is not None))
        read = await sessions.services.read(nodes)
        values = {
            node: None if data.Value is None else data.Value.Value for node, data in zip(nodes, read, strict=True)
        }
        for _ in range(_MOST_NESTED):
            for index in indices:
                with contextlib.suppress(ValueRefused):  # told when it is delivered
                    self._parts.pick(index, values.get(self.nodes[index]))
            if not await self._parts.structures.load(sessions.services):
                break
        return values

    def _item(self, index: int, node: Any, whole: object) -> Item:
        tag = self._ledger.tags[index]
        at_server = self._settings.deadband_at_server and tag.deadband > 0 and tag.scale != 0 and not tag.is_discrete
        deadband = tag.deadband / abs(tag.scale) if at_server else 0.0
        return Item(index, node, tag.scan_ms, deadband, self._parts.index_range(index, whole))

    def _refuse(self, index: int, status: int) -> None:
        self.refused[index] = status
        self.feed.expect(index, False)
        self._ledger.spoil(index, status)

    async def _read(self, sessions: Sessions, indices: Sequence[int]) -> None:
        """Read items whose first notification did not come, so that none stays frozen or empty."""
        indices = [index for index in indices if self.nodes[index] is not None]
        values = await sessions.services.read([self.nodes[index] for index in indices])
        for index, data in zip(indices, values, strict=True):
            self.feed.read(index, data)
        self._ledger.flush()


def _parse(tag: Tag) -> OpcUaAddress | None:
    try:
        return OpcUaAddress.parse(tag.address)
    except AddressError as error:
        _LOG.error("tag %s: %s", tag.name, error)
        return None
