"""The writing side, for one process (the engine)."""

import math
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from app.trend import _core
from app.trend.types import SlotSpec

KIND_NONE, KIND_REAL, KIND_INTEGER, KIND_BOOLEAN, KIND_TEXT, KIND_NATURAL = range(6)
TEXT_BYTES = 63
_CUT = "…"


class StoreWriter:
    """The one writer of a store; use from one thread at a time. The file outlives it.

    Raises ``StoreError`` when another process writes the store, memory is full, or the store was closed before;
    ``ValueError`` for a slot that cannot be made, ``IndexError`` for one that is not there.
    A store left by a killed writer is repaired, a damaged one set aside; ``messages`` tells. Where there is no store,
    one is made from the checkpoint, if there is one.
    """

    def __init__(self, path: Path, slots: Sequence[SlotSpec], *, now_ns: int, checkpoint: Path | None = None) -> None:
        self._path = path
        self._core = _core.Writer(str(path), _specs(slots), now_ns, str(checkpoint) if checkpoint else "")
        self._name(slots)
        self.messages: list[str] = self._core.messages()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Mark the store as closed and let it go; may be called twice."""
        self._core.close()

    def slot(self, name: str) -> int:
        """Return the slot of a tag; KeyError when there is none."""
        return self._slots[name]

    def successor(self, slots: Sequence[SlotSpec], *, now_ns: int) -> "Successor":
        """Make the store of another list of slots beside this one, with all that goes on copied. In any thread.

        It takes seconds for thousands of slots and lets other threads run: the writer may append meanwhile. A slot goes
        on by its name; where its retention is another, with what fits. Close it, whether ``succeed`` took it or not.
        Raises ``StoreError`` where memory is full.
        """
        return Successor(self._path, slots, now_ns)

    def succeed(self, successor: "Successor", *, now_ns: int) -> None:
        """Go on in that store, at once and with all that came since it was made; slots have its numbers from now on.

        Readers of the former one see that it is not current any more. Raises ``StoreError`` where it was made of
        another store, or taken before; nothing has changed then.
        """
        self._core.succeed(successor.core, now_ns)
        self._name(successor.slots)
        self.messages = self._core.messages()

    def append(
        self, slot: int, source_ns: int, value: float | int | bool | str | None, status: int, receive_ns: int
    ) -> bool:
        """Append one sample; False when it was late.

        Integers of 64 bits and text of 63 bytes are kept exactly; of a longer text the beginning, with an ellipsis.
        """
        if isinstance(value, float):
            return self._core.append_real(slot, source_ns, value, status, receive_ns)
        kind, number, exact, text = KIND_NONE, math.nan, 0, ""
        if isinstance(value, bool):
            kind, number, exact = KIND_BOOLEAN, float(value), int(value)
        elif isinstance(value, int):
            number = float(value)
            kind = KIND_INTEGER if -(1 << 63) <= value < 1 << 63 else KIND_NATURAL
            if not -(1 << 63) <= value < 1 << 64:
                return self._core.append_real(slot, source_ns, number, status, receive_ns)
            exact = value if kind == KIND_INTEGER else value - (1 << 64)
        elif isinstance(value, str):
            kind, text = KIND_TEXT, _fitting(value)
        return self._core.append_exact(slot, source_ns, kind, number, exact, text, status, receive_ns)

    def append_batch(
        self,
        slots: NDArray[np.uint32],
        source_ns: NDArray[np.int64],
        values: NDArray[np.float64],
        status: NDArray[np.uint32],
        receive_ns: int,
        kinds: NDArray[np.uint8] | None = None,
    ) -> int:
        """Append one number for each entry, in order (NaN: no value); return how many were refused as late.

        ``kinds``: what each number stands for, KIND_REAL, KIND_INTEGER or KIND_BOOLEAN; None: all are real. One that
        is not a whole number to 2^53, or neither 0 nor 1, is kept as real.
        """
        return self._core.append_batch(slots, source_ns, values, status, receive_ns, kinds)

    def heartbeat(self, now_ns: int) -> None:
        """Tell readers that the writer lives; values count as held until then."""
        self._core.heartbeat(now_ns)

    def _name(self, slots: Sequence[SlotSpec]) -> None:
        self._slots = {spec.name: number for number, spec in enumerate(slots)}
        self.names = tuple(self._slots)


class Successor:
    """The store of another list of slots, beside the one that is written; see ``StoreWriter.successor``."""

    def __init__(self, path: Path, slots: Sequence[SlotSpec], now_ns: int) -> None:
        self.slots = tuple(slots)
        self.core = _core.Successor(str(path), _specs(slots), now_ns)

    def close(self) -> None:
        """Let the former store go, and remove this one where nobody goes on in it. In any thread; may be called twice.

        It gives gigabytes back to the system, which takes its time.
        """
        self.core.close()


def _specs(slots: Sequence[SlotSpec]) -> list[tuple[str, list[int]]]:
    return [(spec.name, spec.retention.capacities) for spec in slots]


def _fitting(text: str) -> str:
    whole = text.encode("utf-8", "replace")
    if len(whole) <= TEXT_BYTES:
        return whole.decode()
    return whole[: TEXT_BYTES - len(_CUT.encode())].decode("utf-8", "ignore") + _CUT
