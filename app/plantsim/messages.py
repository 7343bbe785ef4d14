"""Messages between the model process and its PLC processes: one JSON object a line.

To a PLC: ``{"set": {tag: [value, status]}}``, ``{"freeze": true}``, ``{"freeze": false}``.
From a PLC: ``{"ready": endpoint}``, ``{"write": tag, "value": number}``.
"""

import json
from collections.abc import Callable
from typing import Any, TypeAlias, cast

from app.plantsim.process.readings import Reading

Point: TypeAlias = tuple[Reading, int]
"""Value in engineering units and OPC UA StatusCode."""

Points: TypeAlias = dict[str, Point]
Message: TypeAlias = dict[str, Any]

WriteHandler: TypeAlias = Callable[[str, float], None]
"""Told of a value (engineering units) that a client wrote to a tag."""


def encode(message: Message) -> bytes:
    """Return a message as a line."""
    return json.dumps(message, separators=(",", ":")).encode() + b"\n"


def decode(line: bytes) -> Message:
    """Return the message of a line; raises ValueError where it is none."""
    message = json.loads(line)
    if not isinstance(message, dict):
        raise ValueError("a message must be a JSON object")
    return cast(Message, message)


def points(message: Message) -> Points:
    """Return the points of a ``set`` message."""
    return {name: (value, status) for name, (value, status) in message["set"].items()}
