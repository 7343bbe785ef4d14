"""An XML document as a tree that remembers lines and loses nothing when written back."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler, property_lexical_handler
from xml.sax.saxutils import escape, quoteattr

from defusedxml.common import DefusedXmlException
from defusedxml.sax import make_parser


class NodeError(ValueError):
    """The text is not well-formed XML, or uses what is forbidden (entities, a DTD that declares them)."""

    def __init__(self, message: str, line: int | None) -> None:
        super().__init__(message)
        self.line = line


@dataclass
class Node:
    """One element. ``children`` holds nodes, texts and comments (nodes named ``!--``) in their order."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: "list[Node | str]" = field(default_factory=list)
    line: int = 0

    @property
    def text(self) -> str:
        """The element's own text, without that of its children, white space trimmed."""
        return " ".join("".join(child for child in self.children if isinstance(child, str)).split())

    def nodes(self) -> "Iterator[Node]":
        """Yield the child elements (no comments)."""
        return (child for child in self.children if isinstance(child, Node) and child.name != "!--")

    def write(self) -> str:
        """Return the element as XML."""
        if self.name == "!--":
            return f"<!--{self.children[0] if self.children else ''}-->"
        head = self.name + "".join(f" {key}={quoteattr(value)}" for key, value in self.attributes.items())
        if not self.children:
            return f"<{head}/>"
        body = "".join(escape(child) if isinstance(child, str) else child.write() for child in self.children)
        return f"<{head}>{body}</{self.name}>"


class _Builder(ContentHandler):
    def __init__(self) -> None:
        super().__init__()
        self.top = Node("")
        self._open = [self.top]
        self._locator: Any = None

    def setDocumentLocator(self, locator: Any) -> None:  # noqa: N802
        self._locator = locator

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802
        node = Node(name, dict(attrs.items()), line=self._locator.getLineNumber())
        self._open[-1].children.append(node)
        self._open.append(node)

    def endElement(self, name: str) -> None:  # noqa: N802
        self._open.pop()

    def characters(self, content: str) -> None:
        children = self._open[-1].children
        if children and isinstance(children[-1], str):
            children[-1] += content
        elif len(self._open) > 1:
            children.append(content)

    def comment(self, content: str) -> None:
        self._open[-1].children.append(Node("!--", children=[content], line=self._locator.getLineNumber()))

    def startDTD(self, name: str, public_id: str | None, system_id: str | None) -> None: ...  # noqa: N802
    def endDTD(self) -> None: ...  # noqa: N802
    def startCDATA(self) -> None: ...  # noqa: N802
    def endCDATA(self) -> None: ...  # noqa: N802
    def startEntity(self, name: str) -> None: ...  # noqa: N802
    def endEntity(self, name: str) -> None: ...  # noqa: N802


def read_node(text: str) -> Node:
    """Parse XML text into its root element.

    Raises:
        NodeError: not well formed, or with entities; carries the line.

    """
    builder = _Builder()
    parser = make_parser()
    parser.setContentHandler(builder)
    parser.setProperty(property_lexical_handler, builder)
    try:
        parser.parse(io.BytesIO(text.encode("utf-8")))
    except SAXParseException as error:
        raise NodeError(f"not well-formed XML: {error.getMessage()}", error.getLineNumber()) from error
    except DefusedXmlException as error:
        raise NodeError(f"entities and external references are not allowed: {error}", None) from error
    return next(iter(builder.top.nodes()))
