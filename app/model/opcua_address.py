"""OPC UA addresses as text: the grammar only, no I/O.

``nsu=<namespace URI>;s=<string id>``, or ``i=<number>``, ``g=<GUID>``, ``b=<base64>`` (also ``ns=<index>;…``).

A part of the value is named behind `` @``: an element of an array ``… @[3]``, of a matrix ``… @[2,1]``, a field of a
structure ``… @Motor.Speed``, or both ``… @Pumps[2].Speed``; all are counted from 0. An id that has `` @`` in itself is
closed by one more: ``… s=left @right @``.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Final, TypeAlias
from uuid import UUID

from app.model.address import AddressError

Step: TypeAlias = str | tuple[int, ...]
"""Name of a structure's field, or indices of an array's element, one a dimension."""

SIGN: Final = " @"
_NODE: Final = re.compile(r"^(?:nsu=(?P<uri>[^;]+)|ns=(?P<ns>\d+));(?P<kind>[sigb])=(?P<id>.+)$", re.DOTALL)
_STEP: Final = re.compile(r"\[(?P<indices>\d{1,9}(?:,\d{1,9})*)\]|(?P<dot>\.?)(?P<field>[^\W\d]\w*)")
_GREATEST: Final = 2**32 - 1


@dataclass(frozen=True, slots=True)
class OpcUaAddress:
    """A NodeId whose namespace is named by URI (preferred: indices move when a server is re-configured) or index.

    Attributes:
        path: from the node's value to the part that is meant, outermost first; empty: the whole value.

    """

    namespace_uri: str | None
    namespace_index: int | None
    identifier: str | int | UUID | bytes
    path: tuple[Step, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "OpcUaAddress":
        """Parse an address.

        Raises:
            AddressError: with what is allowed.

        """
        node, sign, part = text.strip().rpartition(SIGN)
        match = _NODE.match(node if sign else part)
        if match is None:
            raise AddressError(
                f"'{text}' is not an OPC UA address; expected nsu=<namespace URI>;s=<id>, or i=<number>, g=<GUID>, "
                "b=<base64>; a part of the value behind ' @', such as nsu=urn:plc;s=Pumps @[2].Speed"
            )
        identifier = _identifier(match["kind"], match["id"], text)
        index = int(match["ns"]) if match["ns"] else None
        return cls(match["uri"], index, identifier, _path(part, text) if sign else ())

    def __str__(self) -> str:
        """Return the address as it would be written in a project."""
        namespace = f"ns={self.namespace_index}" if self.namespace_uri is None else f"nsu={self.namespace_uri}"
        path = path_text(self.path)
        node = f"{namespace};{_written(self.identifier)}"
        return f"{node}{SIGN}{path}" if path or SIGN in node else node


def path_text(path: tuple[Step, ...]) -> str:
    """Return a path as it stands behind the sign."""
    steps = (f".{step}" if isinstance(step, str) else f"[{','.join(map(str, step))}]" for step in path)
    return "".join(steps).removeprefix(".")


def _identifier(kind: str, text: str, address: str) -> str | int | UUID | bytes:
    try:
        if kind == "i":
            if not text.isdigit() or int(text) > _GREATEST:
                raise AddressError(f"'{address}': a numeric identifier (i=) must be a whole number to {_GREATEST}")
            return int(text)
        if kind == "g":
            return UUID(text)
        if kind == "b":
            return base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error) as error:
        if isinstance(error, AddressError):
            raise
        what = "a GUID (g=) such as 09087e75-8e5e-499b-954f-f2a9603db28a" if kind == "g" else "base64 (b=)"
        raise AddressError(f"'{address}': the identifier must be {what}") from None
    return text


def _path(text: str, address: str) -> tuple[Step, ...]:
    steps: list[Step] = []
    at = 0
    while at < len(text):
        match = _STEP.match(text, at)
        if match is None or (match["field"] and bool(match["dot"]) != bool(steps)):
            raise AddressError(
                f"'{address}': '{text}' behind ' @' is no part of a value; allowed: [3], [2,1], Field.Field, "
                "Field[3].Field; an id that has ' @' in itself is closed by another ' @'"
            )
        steps.append(match["field"] or tuple(int(number) for number in match["indices"].split(",")))
        at = match.end()
    return tuple(steps)


def _written(identifier: str | int | UUID | bytes) -> str:
    if isinstance(identifier, int):
        return f"i={identifier}"
    if isinstance(identifier, bytes):
        return f"b={base64.b64encode(identifier).decode()}"
    return f"g={identifier}" if isinstance(identifier, UUID) else f"s={identifier}"
