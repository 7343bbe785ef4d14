"""Debian's rrdtool as a peer: the library itself, so that neither a process nor a parser is measured."""

import ctypes
import ctypes.util
import shutil
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

BATCH = 500


def installed() -> bool:
    """Tell whether both the program and its library are there."""
    return shutil.which("rrdtool") is not None and ctypes.util.find_library("rrd") is not None


class Database:
    """An RRD whose archives of minima and maxima fit the window exactly: the best that it can do."""

    def __init__(self, path: Path, t_s: NDArray[np.int64], values: NDArray[np.float64], columns: int) -> None:
        step = int(t_s[1] - t_s[0])
        each = -(-len(t_s) // columns)
        self._path = str(path).encode()
        self._start, self._end = int(t_s[0]), int(t_s[-1])
        self._rows = columns // 2
        lines = [
            f"create {path} --start {self._start - step} --step {step} DS:v:GAUGE:{step * 2}:U:U "
            f"RRA:MIN:0.5:{each}:{columns + 2} RRA:MAX:0.5:{each}:{columns + 2}"
        ]
        stamps = [f"{t}:{value!r}" for t, value in zip(t_s.tolist(), values.tolist(), strict=True)]
        lines += [f"update {path} " + " ".join(stamps[at : at + BATCH]) for at in range(0, len(stamps), BATCH)]
        done = subprocess.run(
            ["rrdtool", "-"], input="\n".join(lines) + "\n", text=True, capture_output=True, check=True
        )
        if "ERROR" in done.stdout:
            raise RuntimeError(done.stdout.split("ERROR", 1)[1].splitlines()[0])
        self._library = ctypes.CDLL(ctypes.util.find_library("rrd"))
        self._library.rrd_freemem.argtypes = [ctypes.c_void_p]
        self._check(values)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        Path(self._path.decode()).unlink()

    def _check(self, values: NDArray[np.float64]) -> None:
        low, high = self.fetch_extremes()
        found = (np.nanmin(low), np.nanmax(high))
        if len(low) < self._rows or not np.allclose(found, (values.min(), values.max())):
            raise RuntimeError("rrdtool did not take the values")

    def fetch_extremes(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the minima and the maxima of the whole time."""
        return self._fetch(b"MIN"), self._fetch(b"MAX")

    def _fetch(self, kind: bytes) -> NDArray[np.float64]:
        start, end = ctypes.c_long(self._start), ctypes.c_long(self._end)
        step, count = ctypes.c_ulong((self._end - self._start) // self._rows // 4), ctypes.c_ulong(0)
        names, data = ctypes.POINTER(ctypes.c_void_p)(), ctypes.POINTER(ctypes.c_double)()
        by = ctypes.byref
        if self._library.rrd_fetch_r(self._path, kind, by(start), by(end), by(step), by(count), by(names), by(data)):
            raise RuntimeError("rrd_fetch_r failed")
        rows = (end.value - start.value) // step.value
        result = np.ctypeslib.as_array(data, (rows,)).copy()
        self._library.rrd_freemem(names[0])
        self._library.rrd_freemem(ctypes.cast(names, ctypes.c_void_p))
        self._library.rrd_freemem(ctypes.cast(data, ctypes.c_void_p))
        return result
