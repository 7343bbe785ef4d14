# Made by scripts/stubs.py.
# ruff: noqa: C408, D, PYI
# isort: skip_file
"""Compiled part of app.trend; use app.trend instead."""

from collections.abc import Sequence
import enum
from typing import Annotated, Any

import numpy
from numpy.typing import NDArray

import app.model.errors

class StoreProblem(app.model.errors.StoreError):
    pass

class DamagedFile(StoreProblem):
    pass

class Writer:
    def __init__(
        self, path: str, slots: Sequence[tuple[str, Sequence[int]]], now_ns: int, checkpoint: str = ""
    ) -> None: ...
    def close(self) -> None: ...
    def messages(self) -> list[str]: ...
    def append_real(self, slot: int, source_ns: int, value: float, status: int, receive_ns: int) -> bool: ...
    def append_exact(
        self, slot: int, source_ns: int, kind: int, value: float, exact: int, text: str, status: int, receive_ns: int
    ) -> bool: ...
    def append_batch(
        self,
        slots: Annotated[NDArray[numpy.uint32], dict(shape=(None,), order="C", device="cpu", writable=False)],
        source_ns: Annotated[NDArray[numpy.int64], dict(shape=(None,), order="C", device="cpu", writable=False)],
        values: Annotated[NDArray[numpy.float64], dict(shape=(None,), order="C", device="cpu", writable=False)],
        status: Annotated[NDArray[numpy.uint32], dict(shape=(None,), order="C", device="cpu", writable=False)],
        receive_ns: int,
    ) -> int: ...
    def heartbeat(self, now_ns: int) -> None: ...

class Reader:
    def __init__(self, path: str) -> None: ...
    def close(self) -> None: ...
    def is_current(self) -> bool: ...
    def names(self) -> list[str]: ...
    def state(self) -> tuple[int, int, int, int, int, int, bool]: ...
    def late(self, slot: int) -> int: ...
    def changed(self, cursor: int) -> tuple[int, Annotated[NDArray[numpy.uint32], dict(shape=(None,), order="C")]]: ...
    def live(
        self, slots: Annotated[NDArray[numpy.uint32], dict(shape=(None,), order="C", device="cpu", writable=False)]
    ) -> tuple[
        Annotated[NDArray[numpy.int64], dict(shape=(None,), order="C")],
        Annotated[NDArray[numpy.int64], dict(shape=(None,), order="C")],
        Annotated[NDArray[numpy.float64], dict(shape=(None,), order="C")],
        Annotated[NDArray[numpy.uint32], dict(shape=(None,), order="C")],
        Annotated[NDArray[numpy.uint8], dict(shape=(None,), order="C")],
        Annotated[NDArray[numpy.uint64], dict(shape=(None,), order="C")],
    ]: ...
    def sample(self, slot: int) -> tuple[int, float, int, bytes, int, int, int]: ...
    def window(
        self, slot: int, start_ns: int, end_ns: int, columns: int, exact: bool
    ) -> tuple[
        Annotated[NDArray[numpy.int64], dict(shape=(None, None))],
        Annotated[NDArray[numpy.float64], dict(shape=(None, None))],
        Annotated[NDArray[numpy.uint32], dict(shape=(None,), order="C")],
        Annotated[NDArray[numpy.uint64], dict(shape=(None,), order="C")],
        bool,
    ]: ...
    def raw(
        self, slot: int, start_ns: int, end_ns: int, limit: int
    ) -> tuple[
        Annotated[NDArray[numpy.int64], dict(shape=(None,), order="C")],
        Annotated[NDArray[numpy.float64], dict(shape=(None,), order="C")],
        Annotated[NDArray[numpy.uint32], dict(shape=(None,), order="C")],
        bool,
        bool,
    ]: ...
    def statistics(self, slot: int, start_ns: int, end_ns: int) -> tuple[float, float, float, int, int, bool]: ...
    def usage(self) -> tuple[int, int]: ...
    def save_checkpoint(self, path: str) -> int: ...
    def coverage(self, slot: int) -> tuple[int, int, int, int]: ...

class Part(enum.Enum):
    BAND = 0

    SOLID = 1

    DASHED = 2

    MARKS = 3

class Curve:
    def __init__(
        self,
        first_ns: Annotated[NDArray[numpy.int64], dict(shape=(None,), order="C", device="cpu", writable=False)],
        last_ns: Annotated[NDArray[numpy.int64], dict(shape=(None,), order="C", device="cpu", writable=False)],
        minimum: Annotated[NDArray[numpy.float64], dict(shape=(None,), order="C", device="cpu", writable=False)],
        maximum: Annotated[NDArray[numpy.float64], dict(shape=(None,), order="C", device="cpu", writable=False)],
        last: Annotated[NDArray[numpy.float64], dict(shape=(None,), order="C", device="cpu", writable=False)],
        status: Annotated[NDArray[numpy.uint32], dict(shape=(None,), order="C", device="cpu", writable=False)],
        stepped: bool,
        now_ns: int,
        dense_ns: int,
    ) -> None: ...
    def __len__(self) -> int: ...
    @property
    def is_raw(self) -> bool: ...
    def x(self) -> Annotated[NDArray[numpy.float64], dict(shape=(None,), order="C")]: ...
    def y(self) -> Annotated[NDArray[numpy.float64], dict(shape=(None,), order="C")]: ...
    def solid(self) -> Annotated[NDArray[numpy.bool_], dict(shape=(None,), order="C")]: ...
    def dashed(self) -> Annotated[NDArray[numpy.bool_], dict(shape=(None,), order="C")]: ...
    def known(self) -> Annotated[NDArray[numpy.bool_], dict(shape=(None,), order="C")]: ...
    def ends(self) -> Annotated[NDArray[numpy.bool_], dict(shape=(None,), order="C")]: ...
    def marked(self) -> Annotated[NDArray[numpy.bool_], dict(shape=(None,), order="C")]: ...
    def bounds(self) -> tuple[float, float] | None: ...
    def value_at(self, seconds: float) -> float | None: ...

def paint(
    pixels: Annotated[NDArray[numpy.uint32], dict(shape=(None, None), device="cpu")],
    start_s: float,
    end_s: float,
    strokes: Sequence[tuple[Any, ...]],
) -> None: ...
