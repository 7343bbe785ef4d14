"""One live element from one node: which kind it is, its attributes, and what it refers to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.model.expressions import Expression, ExpressionError
from app.model.text import LocalText
from app.project.displays.artwork import classes
from app.project.displays.geometry import GeometryError, Place, number, polyline
from app.project.displays.model import (
    AlarmCount,
    Anchor,
    Bar,
    Box,
    Element,
    Fill,
    Flow,
    Frame,
    Label,
    Link,
    Progress,
    Spark,
    Symbol,
    ValueText,
)  # fmt: skip
from app.project.displays.node import Node

_COMMON: Final = frozenset({"visible", "applies", "id"})
_KINDS: Final[dict[str, frozenset[str]]] = {
    "symbol": frozenset({"equipment", "state", "running", "rotate", "width", "height"}),
    "value": frozenset({"format", "unit", "unit-size", "divide", "suffix", "suffix-zh", "emphasis", "mark"}),
    "bar": frozenset({"setpoint"}),
    "fill": frozenset(),
    "progress": frozenset(),
    "spark": frozenset({"span"}),
    "flow": frozenset({"above"}),
    "link": frozenset(),
    "alarms": frozenset(),
    "equipment": frozenset(),
}
_SPANS: Final = {"s": 1, "min": 60, "h": 3600, "d": 86400}


class ReadError(ValueError):
    """An attribute of a live element is wrong."""

    def __init__(self, attribute: str, message: str) -> None:
        super().__init__(message)
        self.attribute = attribute


@dataclass(frozen=True)
class LiveAttributes:
    """Conditions that a group hands down to what is inside it."""

    values: Mapping[str, str]

    def inherit(self, live: Mapping[str, str]) -> "LiveAttributes":
        """Return these with the conditions of an inner element in their place."""
        own = {key: live[key] for key in ("visible", "applies") if key in live}
        return LiveAttributes({**self.values, **own}) if own else self


class ElementReader:
    """Reads one node.

    Attributes:
        complaints: (attribute, message) of mistakes that do not spoil the element.
        hides_artwork: whether the node itself must not be drawn as static artwork.

    """

    def __init__(
        self, node: Node, live: Mapping[str, str], place: Place, inherited: LiveAttributes,
        refer: Callable[[str, str, str], None],
    ) -> None:  # fmt: skip
        self._node = node
        self._live = live
        self._place = place
        self._inherited = inherited
        self._refer = refer
        self.complaints: list[tuple[str, str]] = []
        self.hides_artwork = True

    def read(self) -> Element | None:
        """Return the live element of the node, or None where it is static; raises ReadError."""
        kind = next((name for name in _KINDS if name in self._live), None)
        allowed = _COMMON | (_KINDS[kind] | {kind} if kind else frozenset({"zh"}))
        if self._node.name == "svg":
            return None
        for key in self._live:
            if key not in allowed and not (key == "zh" and self._node.name == "text"):
                self.complaints.append((f"h:{key}", f"unknown here; allowed: {', '.join(sorted(allowed))}"))
        try:
            if kind is None:
                return self._label() if self._node.name == "text" else None
            method: Callable[[dict[str, Any]], Element] = getattr(self, f"_{kind}")
            return method(self._common())
        except GeometryError as error:
            raise ReadError("", str(error)) from error

    # -- pieces -------------------------------------------------------------------------------------------------

    def _common(self) -> dict[str, Any]:
        return {
            "line": self._node.line,
            "box": self._box(),
            "visible": self._condition("visible", self._inherited.values.get("visible")),
            "applies": self._condition("applies", self._inherited.values.get("applies")),
        }

    def _condition(self, name: str, text: str | None) -> Expression | None:
        if text is None:
            return None
        try:
            expression = Expression.parse(text)
        except ExpressionError as error:
            raise ReadError(f"h:{name}", str(error)) from error
        for tag in sorted(expression.names):
            self._refer("tag", tag, f"h:{name}")
        return expression

    def _number(self, name: str, default: float) -> float:
        text = self._node.attributes.get(name)
        return default if text is None else number(text, name)

    def _box(self) -> Box:
        width = self._number("width", number(self._live.get("width", "0"), "h:width"))
        height = self._number("height", number(self._live.get("height", "0"), "h:height"))
        return self._place.box(self._number("x", 0), self._number("y", 0), width, height)

    def _area(self, common: dict[str, Any], default: float | None = None) -> dict[str, Any]:
        box: Box = common["box"]
        if box.width <= 0 or box.height <= 0:
            if default is None:
                raise ReadError("width", "width and height must be given and above 0")
            common["box"] = Box(box.x, box.y, default, default)
        return common

    def _tag(self, attribute: str) -> str:
        name = self._live.get(attribute, "").strip()
        if name:
            self._refer("tag", name, f"h:{attribute}")
        return name

    def _text_style(self) -> dict[str, Any]:
        anchor = self._node.attributes.get("text-anchor", "start")
        if anchor not in set(Anchor):
            raise ReadError("text-anchor", f"'{anchor}' is not allowed; allowed: {', '.join(Anchor)}")
        style: dict[str, Any] = {
            "anchor": Anchor(anchor),
            "bold": self._node.attributes.get("font-weight", "") in {"600", "700", "bold"},
        }
        if "font-size" in self._node.attributes:
            style["size"] = self._number("font-size", 16) * self._place.sy
        color = next((name for prop, name in classes(self._node) if prop == "fill"), None)
        if color:
            style["color"] = color
        return style

    # -- kinds --------------------------------------------------------------------------------------------------

    def _label(self) -> Element | None:
        common = self._common()
        text = LocalText(self._node.text, self._live.get("zh", ""))
        return Label(**common, text=text, **self._text_style()) if text else None

    def _value(self, common: dict[str, Any]) -> Element:
        style = self._text_style()
        if "font-weight" not in self._node.attributes:
            style["bold"] = True
        unit = self._live.get("unit", "on")
        if unit not in {"on", "off", "below"}:
            raise ReadError("h:unit", f"'{unit}' is not allowed; allowed: on, off, below")
        text, decimals = self._live.get("format", ""), None
        if text:
            if not (text.startswith(".") and text.endswith("f") and text[1:-1].isdigit() and int(text[1:-1]) <= 6):
                raise ReadError("h:format", f"'{text}' is not allowed; write .0f to .6f")
            decimals = int(text[1:-1])
        divide = number(self._live.get("divide", "1"), "h:divide")
        if divide == 0:
            raise ReadError("h:divide", "must not be 0")
        return ValueText(
            **common, **style, tag=self._tag("value"), decimals=decimals, unit=unit, divide=divide,  # type: ignore[arg-type]
            unit_size=number(self._live.get("unit-size", "13"), "h:unit-size") * self._place.sy,
            suffix=LocalText(self._live.get("suffix", ""), self._live.get("suffix-zh", "")),
            emphasis=self._condition("emphasis", self._live.get("emphasis")),
            mark=self._live.get("mark", "on") != "off",
        )  # fmt: skip

    def _bar(self, common: dict[str, Any]) -> Element:
        return Bar(**self._area(common), tag=self._tag("bar"), setpoint=self._tag("setpoint"))

    def _fill(self, common: dict[str, Any]) -> Element:
        return Fill(**self._area(common), tag=self._tag("fill"))

    def _progress(self, common: dict[str, Any]) -> Element:
        return Progress(**self._area(common), tag=self._tag("progress"))

    def _spark(self, common: dict[str, Any]) -> Element:
        text = self._live.get("span", "1h")
        unit = text.lstrip("0123456789")
        if unit not in _SPANS or not text.removesuffix(unit):
            raise ReadError("h:span", f"'{text}' is not a span; write for example 30min, 1h, 24h or 7d")
        span = int(text.removesuffix(unit)) * _SPANS[unit]
        return Spark(**self._area(common), tag=self._tag("spark"), span_s=span)

    def _symbol(self, common: dict[str, Any]) -> Element:
        self._refer("symbol", self._live["symbol"], "h:symbol")
        equipment = self._live.get("equipment", "")
        self._refer("equipment", equipment, "h:equipment")
        try:
            running = tuple(int(part) for part in self._live.get("running", "").split())
        except ValueError:
            raise ReadError("h:running", "must be whole numbers such as 1 2") from None
        rotate = int(number(self._live.get("rotate", "0"), "h:rotate"))
        if rotate not in {0, 90, 180, 270}:
            raise ReadError("h:rotate", "allowed: 0, 90, 180, 270")
        return Symbol(
            **self._area(common, 40.0), symbol=self._live["symbol"], equipment=equipment, tag=self._tag("state"),
            running=running, rotate=rotate,
        )  # fmt: skip

    def _flow(self, common: dict[str, Any]) -> Element:
        points = polyline(self._node.attributes.get("d", ""), self._place)
        if len(points) < 2:
            raise ReadError("d", "a flow needs a path of at least two points")
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        common["box"] = Box(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))
        return Flow(
            **common, tag=self._tag("flow"), points=points, width=self._number("stroke-width", 5) * self._place.sy,
            above=number(self._live.get("above", "0"), "h:above"),
        )  # fmt: skip

    def _link(self, common: dict[str, Any]) -> Element:
        self._refer("display", self._live["link"], "h:link")
        self.hides_artwork = not classes(self._node)
        return Link(**self._area(common), display=self._live["link"])

    def _alarms(self, common: dict[str, Any]) -> Element:
        areas = tuple(self._live["alarms"].split())
        for area in areas:
            self._refer("area", area, "h:alarms")
        return AlarmCount(**common, areas=areas)

    def _equipment(self, common: dict[str, Any]) -> Element:
        self._refer("equipment", self._live["equipment"], "h:equipment")
        self.hides_artwork = not classes(self._node)
        return Frame(**self._area(common), equipment=self._live["equipment"])
