# Made by scripts/stubs.py.
# ruff: noqa: C408, D, PYI
# isort: skip_file
"""Compiled part of connectors.opcua; see notifications."""

from typing import Annotated

import numpy
from numpy.typing import NDArray

def decode(
    body: bytes, receive_ns: int
) -> (
    tuple[
        int,
        int,
        bool,
        tuple[
            Annotated[NDArray[numpy.uint32], dict(shape=(None,), order="C")],
            Annotated[NDArray[numpy.float64], dict(shape=(None,), order="C")],
            Annotated[NDArray[numpy.uint32], dict(shape=(None,), order="C")],
            Annotated[NDArray[numpy.int64], dict(shape=(None,), order="C")],
            Annotated[NDArray[numpy.uint8], dict(shape=(None,), order="C")],
        ],
        list[tuple[int, int, int]],
    ]
    | None
): ...
