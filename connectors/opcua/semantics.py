"""What the server tells of the tags of a connection, kept current: read at connect, and again once it says so."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from asyncua import ua

from app.model.browsing import Metadata, differences
from app.model.tag import DataType, Tag
from app.model.text import LocalText
from connectors.opcua.faults import fault
from connectors.opcua.feed import Feed
from connectors.opcua.metadata import read_metadata
from connectors.opcua.services import Services

MOST_NOTICES: Final = 100


class Semantics:
    """Metadata of the tags of a connection; used from the event loop.

    Attributes:
        notices: in what the project contradicts the server, in the order of the tags; the first hundred.

    """

    def __init__(self, tags: Sequence[Tag], feed: Feed) -> None:
        self.notices: tuple[LocalText, ...] = ()
        self._tags = tags
        self._feed = feed
        self._told: dict[int, Metadata] = {}

    async def read(self, services: Services, nodes: Sequence[Any], indices: Iterable[int]) -> None:
        """Read what the server tells of tags by their index; ``nodes`` are those of all tags.

        A server that refuses to tell is a notice: its values are as good without.

        Raises:
            OSError, UaError: see faults.TROUBLE; the session is lost.

        """
        wanted = [index for index in indices if nodes[index] is not None]
        try:
            read = await read_metadata(services, [nodes[index] for index in wanted])
        except ua.UaStatusCodeError as error:
            reason = fault(error)
            self.notices = (
                LocalText(
                    f"units and ranges cannot be read from the server: {reason.en}; without metadata it is not asked",
                    f"无法从服务器读取单位和量程：{reason.get('zh')}；关闭 metadata 选项后不再询问",
                ),
            )
            return
        for index, told in zip(wanted, read, strict=True):
            self._told[index] = told
            if told.states and self._tags[index].data_type is DataType.STRING:
                self._feed.texts[index] = dict(told.states)
        found = (text for index in sorted(self._told) for text in differences(self._tags[index], self._told[index]))
        self.notices = tuple(text for text, _ in zip(found, range(MOST_NOTICES), strict=False))
