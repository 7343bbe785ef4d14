"""Displays: SVG files with live elements, parsed without Qt (docs/formats/displays.md)."""

from app.project.displays.artwork import artwork_svg, symbol_svg
from app.project.displays.model import (
    AlarmCount,
    Anchor,
    Bar,
    Box,
    Display,
    Element,
    Fill,
    Flow,
    Frame,
    Label,
    Link,
    Placeholder,
    Progress,
    Reference,
    Spark,
    Symbol,
    ValueText,
)
from app.project.displays.node import Node, NodeError, read_node
from app.project.displays.parser import parse_display, parse_display_text

__all__ = [
    "AlarmCount", "Anchor", "Bar", "Box", "Display", "Element", "Fill", "Flow", "Frame", "Label", "Link", "Node",
    "NodeError", "Placeholder", "Progress", "Reference", "Spark", "Symbol", "ValueText", "artwork_svg",
    "parse_display", "parse_display_text", "read_node", "symbol_svg",
]  # fmt: skip
