"""Repeated parts: ``<g h:template="rack">`` in defs, drawn by ``<g h:use="rack" h:params="R=R01"/>``."""

import re
from collections.abc import Mapping
from typing import Final

from app.project.displays.node import Node

_NAME: Final = re.compile(r"\{([A-Za-z_]\w*)\}")


class TemplateError(ValueError):
    """A template is unknown, or a parameter is missing."""


def parameters(text: str) -> dict[str, str]:
    """Parse ``A=1; B=two``; raises TemplateError."""
    result = {}
    for part in filter(None, (piece.strip() for piece in text.split(";"))):
        key, equals, value = part.partition("=")
        if not equals:
            raise TemplateError(f"'{part}' is not NAME=value")
        result[key.strip()] = value.strip()
    return result


def instantiate(node: Node, values: Mapping[str, str]) -> Node:
    """Return a copy of a template with ``{NAME}`` replaced in texts and attribute values; raises TemplateError."""

    def fill(text: str) -> str:
        def one(match: re.Match[str]) -> str:
            if match[1] not in values:
                raise TemplateError(f"parameter {match[0]} has no value; given: {', '.join(values) or 'none'}")
            return values[match[1]]

        return _NAME.sub(one, text)

    attributes = {key: fill(value) for key, value in node.attributes.items()}
    children = [fill(child) if isinstance(child, str) else instantiate(child, values) for child in node.children]
    return Node(node.name, attributes, children, node.line)
