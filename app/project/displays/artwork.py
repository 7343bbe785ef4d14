"""Static artwork: plain SVG whose colours come from the theme by class.

``class="fill-panel stroke-edge"`` paints with the theme's ``panel`` and ``edge``. A vector program shows such
shapes in its defaults; the console shows them in the current theme.
"""

from collections.abc import Mapping

from app.project.displays.node import Node

_PAINTS = ("fill-", "stroke-")


def classes(node: Node) -> list[tuple[str, str]]:
    """Return the (property, colour name) pairs of an element's class attribute."""
    words = node.attributes.get("class", "").split()
    return [(prefix[:-1], word[len(prefix) :]) for word in words for prefix in _PAINTS if word.startswith(prefix)]


def artwork_svg(root: Node, colors: Mapping[str, str]) -> str:
    """Return the SVG text of an artwork with its classes resolved; unknown names stay unpainted."""
    return _painted(root, colors).write()


def symbol_svg(root: Node, colors: Mapping[str, str], body: str) -> str:
    """Return a symbol with ``state`` resolved to the colour ``body`` (``#RRGGBB``) and the rest from the theme."""
    return artwork_svg(root, {**colors, "state": body})


def _painted(node: Node, colors: Mapping[str, str]) -> Node:
    attributes = {key: value for key, value in node.attributes.items() if ":" not in key or key.startswith("xmlns")}
    for prop, name in classes(node):
        attributes[prop] = colors.get(name, "none")
    attributes.pop("class", None)
    children = [c if isinstance(c, str) else _painted(c, colors) for c in node.children if c is not None]
    return Node(node.name, attributes, [c for c in children if isinstance(c, str) or c.name != "!--"], node.line)
