"""A tag: one named value of the plant, with where it comes from and how it is shown."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from app.model.clock import SECOND_NS
from app.model.text import LocalText

_DENSE_NS: Final = 5 * SECOND_NS
_DENSE_SCANS: Final = 3


class DataType(StrEnum):
    """Type of a tag's value as the console sees it (after scaling)."""

    FLOAT = "float"
    INT = "int"
    BOOL = "bool"
    ENUM = "enum"
    STRING = "string"


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of the alarms and the band of normal operation, in engineering units; None where there is none."""

    low_low: float | None = None
    low: float | None = None
    high: float | None = None
    high_high: float | None = None
    normal_low: float | None = None
    normal_high: float | None = None


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag after expansion of equipment types.

    Attributes:
        name: unique, ``SITE.AREA.EQUIP.MEAS`` (ASCII letters, digits, dot, underscore; at most 64).
        connection: id of the connection, empty for a tag without a device.
        address: text that the connection's protocol understands (app.model.address).
        expression: source of a calculated tag (app.model.expressions.Calculation), which has no connection.
        scale, offset: engineering value = raw x scale + offset.
        clamp: a value beyond low or high is shown as low or high; its status says so (limit bits).
        low, high: range of normal indication (EURange); scale of bars and trends.
        decimals: fixed number of decimals shown.
        states: texts of an enum or bool by number.
        scan_ms: wanted sampling or poll period (ms).
        writable: whether the engine may write it at all (only through a command).
        retention: name of the retention class in the trend store.
        frozen_s: a value that is good and does not change for so long (s) is uncertain; 0: it may stand still.
        valid_low, valid_high: range of the instrument; a value outside is the failure of its sensor. None: no bound.
        equipment, member: instance and member that it was expanded from, else empty.

    """

    name: str
    description: LocalText = field(default_factory=LocalText)
    area: str = ""
    data_type: DataType = DataType.FLOAT
    connection: str = ""
    address: str = ""
    expression: str = ""
    scale: float = 1.0
    offset: float = 0.0
    clamp: bool = False
    unit: str = ""
    low: float = 0.0
    high: float = 100.0
    decimals: int = 1
    limits: Limits = field(default_factory=Limits)
    states: tuple[tuple[int, LocalText], ...] = ()
    scan_ms: int = 1000
    deadband: float = 0.0
    writable: bool = False
    retention: str = "default"
    frozen_s: float = 0.0
    valid_low: float | None = None
    valid_high: float | None = None
    equipment: str = ""
    member: str = ""

    @property
    def is_discrete(self) -> bool:
        """Whether the value moves in steps (drawn as steps, in lanes)."""
        return self.data_type in {DataType.BOOL, DataType.ENUM, DataType.STRING}

    @property
    def dense_ns(self) -> int:
        """Longest time (ns) between two samples that a line joins: over it the value stood still, and is held.

        Reading is late at times, and a reading or two may fail: it is some periods of the tag, and never under 5 s.
        """
        return max(_DENSE_NS, _DENSE_SCANS * self.scan_ms * SECOND_NS // 1000)

    def state_text(self, value: float | int | bool) -> LocalText | None:
        """Return the text of a state, or None where the tag has none for it."""
        wanted = int(value)
        return next((text for number, text in self.states if number == wanted), None)
