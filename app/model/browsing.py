"""What a device tells of its own values, and what of it contradicts the project."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from app.model.sample import Value
from app.model.tag import Tag
from app.model.text import LocalText

_SAME = 1e-6
"""Two ends of a range are the same within this part of it."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a server tells of a value; None and empty where it tells nothing.

    Attributes:
        unit: EngineeringUnits as shown, such as ``m³/h``.
        low, high: EURange, the range of normal operation, in units of the device.
        instrument_low, instrument_high: InstrumentRange, what the device can return.
        states: texts of an enumeration by number.
        description: in the language asked for.

    """

    unit: str = ""
    low: float | None = None
    high: float | None = None
    instrument_low: float | None = None
    instrument_high: float | None = None
    states: tuple[tuple[int, str], ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True)
class NodeDescription:
    """A node of a server's address space.

    Attributes:
        depth: 1 for what stands directly below where browsing began.
        address: as it stands in ``tags.csv``.
        node_class: Object, Variable, Method, …
        data_type: name, empty for what is no variable; value_rank: -1 a single value, 1 an array, …
        readable, writable: for the user of the connection.
        value: numbers, booleans and text as they are, all else as a short text; None where there is none.
        status: StatusCode of the value.

    """

    depth: int
    address: str
    browse_name: str
    display_name: str
    node_class: str
    data_type: str = ""
    value_rank: int | None = None
    readable: bool = False
    writable: bool = False
    value: Value = None
    status: int = 0
    metadata: Metadata = Metadata()


@dataclass(frozen=True, slots=True)
class BrowseResult:
    """Nodes in depth-first order; ``complete`` is False where there are more than were asked for."""

    nodes: tuple[NodeDescription, ...]
    complete: bool = True


@runtime_checkable
class Browser(Protocol):
    """What a connector offers whose devices can be looked through."""

    async def browse(self, address: str, depth: int) -> BrowseResult:
        """Return what stands below a node (empty: the objects of the server), so many levels deep; never writes.

        Raises:
            EnvironmentProblem: not connected, not an address, unknown, or not answered.

        """


def differences(tag: Tag, told: Metadata) -> Iterator[LocalText]:
    """Yield in what a tag of the project contradicts what its server tells; the project counts all the same."""
    scaled = tag.scale != 1.0 or tag.offset != 0.0
    if told.unit and tag.unit and told.unit != tag.unit and not scaled:
        yield LocalText(
            f"{tag.name}: unit {tag.unit} in the project, {told.unit} at the server",
            f"{tag.name}：项目中单位为 {tag.unit}，服务器为 {told.unit}",
        )
    if told.low is None or told.high is None or told.low >= told.high or tag.is_discrete:
        return
    low, high = sorted((told.low * tag.scale + tag.offset, told.high * tag.scale + tag.offset))
    if max(abs(low - tag.low), abs(high - tag.high)) > _SAME * (high - low):
        yield LocalText(
            f"{tag.name}: range {tag.low:g} to {tag.high:g} in the project, {low:g} to {high:g} at the server",
            f"{tag.name}：项目中量程为 {tag.low:g} 至 {tag.high:g}，服务器为 {low:g} 至 {high:g}",
        )
