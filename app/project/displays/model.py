"""What a display holds after parsing: geometry in view box units, references by name, no Qt."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Literal, TypeAlias

from app.model.expressions import Expression
from app.model.text import LocalText
from app.project.displays.node import Node


class Anchor(StrEnum):
    """Which point of a text lies at its x."""

    START = "start"
    MIDDLE = "middle"
    END = "end"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in view box units."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Element:
    """A live element.

    Attributes:
        line: line in the file (of the template for a repeated part).
        box: where it lies; for a text its anchor point with zero size.
        visible: shown only while true; None: always.
        applies: while false the value is a dash, the bar and the course are empty; None: always.

    """

    line: int
    box: Box
    visible: Expression | None = None
    applies: Expression | None = None


@dataclass(frozen=True, slots=True)
class Label(Element):
    """A fixed text in both languages; ``color`` is a name of the theme."""

    text: LocalText = field(default_factory=LocalText)
    size: float = 16.0
    bold: bool = False
    anchor: Anchor = Anchor.START
    color: str = "ink"


@dataclass(frozen=True, slots=True)
class ValueText(Element):
    """A live number or state text.

    Attributes:
        decimals: None takes the tag's own. unit: "on" behind the number, "below" under it, "off".
        divide: the number shown is the tag's divided by this (seconds as minutes).
        suffix: text behind the number in the place of the unit. emphasis: semi-bold ink while true.

    """

    tag: str = ""
    size: float = 22.0
    bold: bool = True
    anchor: Anchor = Anchor.START
    color: str = "value"
    decimals: int | None = None
    unit: Literal["on", "off", "below"] = "on"
    unit_size: float = 13.0
    divide: float = 1.0
    suffix: LocalText = field(default_factory=LocalText)
    emphasis: Expression | None = None
    mark: bool = True


@dataclass(frozen=True, slots=True)
class Bar(Element):
    """A moving pointer on a bar with normal band, limits and setpoint; upright when higher than wide."""

    tag: str = ""
    setpoint: str = ""


@dataclass(frozen=True, slots=True)
class Fill(Element):
    """A rectangle filled from below as the tag stands in its range (a level)."""

    tag: str = ""


@dataclass(frozen=True, slots=True)
class Progress(Element):
    """A thin bar from 0 to 100 %."""

    tag: str = ""


@dataclass(frozen=True, slots=True)
class Spark(Element):
    """The recent course of a tag over its normal band."""

    tag: str = ""
    span_s: int = 3600


@dataclass(frozen=True, slots=True)
class Symbol(Element):
    """A symbol of resources/symbols; its fill follows the state of the equipment or of a tag.

    Attributes:
        running, stopped: states drawn light or dark; for an equipment without them its type decides.

    """

    symbol: str = ""
    equipment: str = ""
    tag: str = ""
    running: tuple[int, ...] = ()
    rotate: int = 0


@dataclass(frozen=True, slots=True)
class Frame(Element):
    """The area of an equipment that can be pointed at, selected and tagged."""

    equipment: str = ""


@dataclass(frozen=True, slots=True)
class Flow(Element):
    """A pipe that is drawn full while its tag lies above ``above`` (engineering units), else faint."""

    tag: str = ""
    points: tuple[tuple[float, float], ...] = ()
    width: float = 4.0
    above: float = 0.0


@dataclass(frozen=True, slots=True)
class Link(Element):
    """An area that opens another display."""

    display: str = ""


@dataclass(frozen=True, slots=True)
class AlarmCount(Element):
    """Marks with the number of active alarms per priority of some areas."""

    areas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Placeholder(Element):
    """Stands for an element that could not be understood; the reason is shown."""

    reason: str = ""


ReferenceKind: TypeAlias = Literal["tag", "equipment", "display", "area", "symbol"]


@dataclass(frozen=True, slots=True)
class Reference:
    """A name that a display uses, to be checked against the project."""

    kind: ReferenceKind
    name: str
    line: int
    attribute: str


@dataclass(frozen=True)
class Display:
    """One parsed display.

    Attributes:
        id: file name without suffix. level: 1 (overview) to 4. areas: its own first, then others that it shows.
        width, height: size of the view box, whose origin is 0 0.
        elements: live elements in painting order. root: the whole document, to write back.
        references: every name used.

    """

    id: str
    path: Path
    title: LocalText
    level: int
    parent: str
    areas: tuple[str, ...]
    width: float
    height: float
    elements: tuple[Element, ...]
    root: Node
    artwork: Node
    references: tuple[Reference, ...]

    def tags(self) -> Iterator[str]:
        """Yield every tag used, each once, in order."""
        return iter(dict.fromkeys(ref.name for ref in self.references if ref.kind == "tag"))

    def write(self) -> str:
        """Return the document as text, with everything that was not understood."""
        return '<?xml version="1.0" encoding="UTF-8"?>\n' + self.root.write() + "\n"
