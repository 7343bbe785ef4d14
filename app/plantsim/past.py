"""The plant's past: what the model went through before the start, written into the project's trend store.

A works that has run for years has a course to look back on; a demo plant that was switched on a minute ago has
not. The model runs through the past day anyway, to settle; its readings on the way are kept here.
"""

from pathlib import Path
from typing import Final

import numpy as np

from app.model import status as st
from app.model.clock import SECOND_NS
from app.model.plant import Plant
from app.plantsim.instruments import Instruments
from app.plantsim.process.readings import Readings
from app.trend import StoreReader, StoreWriter, slots_of

COARSE_S: Final = 60.0
FINE_S: Final = 20.0
FINE_FROM_S: Final = 2 * 3600.0
"""The last two hours are kept closer, since short trends and sparklines show them."""


class Past:
    """Collects readings while the model settles; ``write`` puts them into the store. One thread at a time."""

    def __init__(self, plant: Plant, hours: float, now_ns: int, seed: int) -> None:
        self._plant = plant
        self._slots = {tag.name: slot for slot, tag in enumerate(plant.tags.values())}
        self._instruments = Instruments(plant.tags, seed=seed + 1)
        self._length_s = hours * 3600.0
        self._now_ns = now_ns
        self._last_s = float("inf")
        self._rows: list[tuple[int, list[int], list[float]]] = []

    def wants(self, left_s: float) -> bool:
        """Tell whether the readings of a moment are kept; ``left_s`` seconds before the present."""
        gap = FINE_S if left_s <= FINE_FROM_S else COARSE_S
        return 0.0 < left_s <= self._length_s and self._last_s - left_s >= gap

    def keep(self, readings: Readings, left_s: float) -> None:
        """Keep what instruments would have shown at a moment."""
        dt = min(self._last_s - left_s, COARSE_S)
        self._last_s = left_s
        points = self._instruments.measure(readings, dt, everything=True)
        taken = [(self._slots[name], float(value)) for name, (value, _) in points.items()]
        self._rows.append((self._now_ns - round(left_s * SECOND_NS), [s for s, _ in taken], [v for _, v in taken]))

    def write(self, path: Path) -> int:
        """Append what is newer than the store's newest sample; returns how many samples were taken.

        Raises:
            StoreError: another process (an engine) writes the store, or there is no memory for it.

        """
        with StoreWriter(path, slots_of(self._plant), now_ns=self._now_ns) as store:
            newest = self._newest(path)
            taken = 0
            for time_ns, slots, values in self._rows:
                if time_ns <= newest:
                    continue
                count = len(slots)
                late = store.append_batch(
                    np.array(slots, np.uint32), np.full(count, time_ns, np.int64), np.array(values, np.float64),
                    np.full(count, st.GOOD, np.uint32), time_ns,
                )  # fmt: skip
                taken += count - late
        return taken

    def _newest(self, path: Path) -> int:
        with StoreReader(path) as reader:
            newest = [reader.coverage(slot).newest_ns for slot in range(reader.slot_count)]
        return max((time_ns for time_ns in newest if time_ns is not None), default=0)
