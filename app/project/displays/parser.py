"""Read a display: SVG in, a Display and a list of problems out. Broken parts become placeholders."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from app.model.text import LocalText
from app.project.displays.elements import ElementReader, LiveAttributes, ReadError
from app.project.displays.geometry import GeometryError, Place
from app.project.displays.model import Box, Display, Element, Placeholder, Reference
from app.project.displays.node import Node, NodeError, read_node
from app.project.displays.template import TemplateError, instantiate, parameters
from app.project.problem import Problem

NAMESPACE: Final = "urn:haihe:display:1"
_DEPTH: Final = 8


def parse_display(path: Path, base: Path) -> tuple[Display, list[Problem]]:
    """Read a display file.

    Args:
        path: the SVG file.
        base: project folder that the problems' file names are relative to.

    Returns:
        The display, which is empty where the file cannot be read at all, and every problem found.

    """
    name = path.relative_to(base).as_posix() if path.is_relative_to(base) else path.name
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return _empty(path), [Problem(name, None, "", f"cannot be read: {error}")]
    display, problems = parse_display_text(text, path)
    return display, [replace(problem, file=name) for problem in problems]


def parse_display_text(text: str, path: Path) -> tuple[Display, list[Problem]]:
    """Parse the text of a display; ``path`` names it. Problems carry the file's name only."""
    try:
        root = read_node(text)
    except NodeError as error:
        return _empty(path), [Problem(path.name, error.line, "", str(error))]
    return _Parser(root, path).run()


def _empty(path: Path) -> Display:
    root = Node("svg", {"xmlns": "http://www.w3.org/2000/svg", "viewBox": "0 0 1420 980"})
    return Display(path.stem, path, LocalText(path.stem), 2, "", (), 1420.0, 980.0, (), root, root, ())


@dataclass(frozen=True)
class _Context:
    place: Place
    attributes: LiveAttributes
    depth: int = 0


class _Parser:
    def __init__(self, root: Node, path: Path) -> None:
        self._root = root
        self._path = path
        self._problems: list[Problem] = []
        self._elements: list[Element] = []
        self._references: list[Reference] = []
        self._templates: dict[str, Node] = {}
        self._prefix = next(
            (k[6:] + ":" for k, v in root.attributes.items() if k.startswith("xmlns:") and v == NAMESPACE), "h:"
        )

    def run(self) -> tuple[Display, list[Problem]]:
        head = self._live(self._root)
        if f"xmlns:{self._prefix[:-1]}" not in self._root.attributes:
            self._problem(self._root, "xmlns:h", f'missing; write xmlns:h="{NAMESPACE}" in the svg element')
        width, height = self._view_box()
        self._find_templates(self._root)
        artwork = Node("svg", dict(self._root.attributes), [], self._root.line)
        context = _Context(Place(), LiveAttributes({}))
        for child in self._root.nodes():
            static = self._visit(child, context)
            if static is not None:
                artwork.children.append(static)
        level = head.get("level", "2")
        if level not in {"1", "2", "3", "4"}:
            self._problem(self._root, "h:level", f"'{level}' is not a level; allowed: 1 to 4")
            level = "2"
        if not head.get("title"):
            self._problem(self._root, "h:title", "missing; a display needs a title")
        self._refer(self._root, "display", head.get("parent", ""), "h:parent")
        areas = tuple(head.get("area", "").split())
        for area in areas:
            self._refer(self._root, "area", area, "h:area")
        title = LocalText(head.get("title", self._path.stem), head.get("title-zh", ""))
        display = Display(
            self._path.stem, self._path, title, int(level), head.get("parent", ""), areas,
            width, height, tuple(self._elements), self._root, artwork, tuple(self._references),
        )  # fmt: skip
        return display, self._problems

    def _view_box(self) -> tuple[float, float]:
        text = self._root.attributes.get("viewBox", "")
        try:
            x, y, width, height = (float(part) for part in text.replace(",", " ").split())
        except ValueError:
            self._problem(self._root, "viewBox", f"'{text}' is not four numbers such as 0 0 1420 980")
            return 1420.0, 980.0
        if (x, y) != (0.0, 0.0) or width <= 0 or height <= 0:
            self._problem(self._root, "viewBox", "must begin with 0 0 and have a size above 0")
        return max(width, 1.0), max(height, 1.0)

    def _find_templates(self, node: Node) -> None:
        for child in node.nodes():
            name = self._live(child).get("template")
            if name:
                self._templates[name] = child
            else:
                self._find_templates(child)

    def _live(self, node: Node) -> dict[str, str]:
        size = len(self._prefix)
        return {key[size:]: value for key, value in node.attributes.items() if key.startswith(self._prefix)}

    def _visit(self, node: Node, context: _Context) -> Node | None:
        """Collect the live elements of a subtree and return its static copy, or None where nothing is left."""
        live = self._live(node)
        if "template" in live:
            return None
        attributes = context.attributes.inherit(live)
        try:
            place = context.place.then(node.attributes.get("transform", "")) if "transform" in node.attributes else None
        except GeometryError as error:
            if live or node.name == "text" or any(True for _ in node.nodes()):
                return self._broken(node, context.place, "transform", str(error))
            return Node(node.name, node.attributes, list(node.children), node.line)
        inner = replace(context, place=place or context.place, attributes=attributes)
        if "use" in live:
            return self._use(node, live, inner)
        reader = ElementReader(node, live, inner.place, attributes, self._refer_from(node))
        try:
            element = reader.read()
        except ReadError as error:
            return self._broken(node, inner.place, error.attribute, str(error))
        for attribute, message in reader.complaints:
            self._problem(node, attribute, message)
        if element is not None:
            self._elements.append(element)
            return None if reader.hides_artwork else Node(node.name, node.attributes, list(node.children), node.line)
        copy = Node(node.name, node.attributes, [], node.line)
        for child in node.children:
            if isinstance(child, str):
                copy.children.append(child)
            elif child.name != "!--" and (static := self._visit(child, inner)) is not None:
                copy.children.append(static)
        return copy

    def _use(self, node: Node, live: dict[str, str], context: _Context) -> Node | None:
        template = self._templates.get(live["use"])
        try:
            if template is None:
                known = ", ".join(self._templates) or "none"
                raise TemplateError(f"template '{live['use']}' does not exist; known: {known}")
            if context.depth >= _DEPTH:
                raise TemplateError(f"templates are nested more than {_DEPTH} deep")
            filled = instantiate(template, parameters(live.get("params", "")))
        except TemplateError as error:
            return self._broken(node, context.place, "h:use", str(error))
        filled.attributes.pop(f"{self._prefix}template", None)
        copy = Node("g", {k: v for k, v in node.attributes.items() if k == "transform"}, [], node.line)
        static = self._visit(filled, replace(context, depth=context.depth + 1))
        if static is not None:
            copy.children.append(static)
        return copy

    def _broken(self, node: Node, place: Place, attribute: str, message: str) -> Node | None:
        self._problem(node, attribute, message)
        values = []
        for key, default in (("x", 0.0), ("y", 0.0), ("width", 120.0), ("height", 40.0)):
            try:
                values.append(float(node.attributes.get(key, default)))
            except ValueError:
                values.append(default)
        box: Box = place.box(*values)
        self._elements.append(Placeholder(node.line, box, reason=f"{attribute}: {message}" if attribute else message))
        return None

    def _problem(self, node: Node, attribute: str, message: str) -> None:
        self._problems.append(Problem(self._path.name, node.line, attribute, message))

    def _refer(self, node: Node, kind: str, name: str, attribute: str) -> None:
        if name:
            self._references.append(Reference(kind, name, node.line, attribute))  # type: ignore[arg-type]

    def _refer_from(self, node: Node) -> Callable[[str, str, str], None]:
        return lambda kind, name, attribute: self._refer(node, kind, name, attribute)
