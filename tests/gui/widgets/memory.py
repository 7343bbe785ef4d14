"""A working live source in memory: what the store's reader gives, without a file."""

import math
import random
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.model import status as st
from app.model.clock import SECOND_NS, Clock
from app.model.plant import Plant
from app.model.sample import Sample, Value


@dataclass(frozen=True)
class Course:
    t_first: npt.NDArray[np.int64]
    t_last: npt.NDArray[np.int64]
    minimum: npt.NDArray[np.float64]
    maximum: npt.NDArray[np.float64]
    last: npt.NDArray[np.float64]
    status: npt.NDArray[np.uint32]


class MemorySource:
    """Samples by slot with a change cursor; courses are made up around the last value."""

    def __init__(self, names: list[str], clock: Clock) -> None:
        self.names = names
        self.clock = clock
        self.heartbeat_ns = clock.now_ns()
        self.current = True
        self._numbers = {name: number for number, name in enumerate(names)}
        self._samples: dict[int, Sample] = {}
        self._sequence: dict[int, int] = {}
        self._count = 0

    def put(self, name: str, value: Value, status: int = st.GOOD, age_s: float = 0.0) -> None:
        now = self.clock.now_ns() - round(age_s * SECOND_NS)
        slot = self._numbers[name]
        stored = float(value) if isinstance(value, (int, bool)) else value
        self._samples[slot] = Sample(stored, status, now, now)
        self._count += 1
        self._sequence[slot] = self._count

    def beat(self) -> None:
        self.heartbeat_ns = self.clock.now_ns()

    def slot(self, name: str) -> int:
        return self._numbers[name]

    def changed(self, cursor: int) -> tuple[int, npt.NDArray[np.int64]]:
        slots = [slot for slot, sequence in self._sequence.items() if sequence > cursor]
        return self._count, np.array(slots, dtype=np.int64)

    def sample(self, slot: int) -> Sample:
        return self._samples.get(slot, Sample(None, st.BAD_WAITING_FOR_INITIAL_DATA, 0, 0))

    def is_current(self) -> bool:
        return self.current

    def window(self, slot: int, start_ns: int, end_ns: int, columns: int) -> Course:
        base = self.sample(slot).number
        if base is None:
            empty = np.empty(0)
            return Course(empty.astype(np.int64), empty.astype(np.int64), empty, empty, empty, empty.astype(np.uint32))
        noise = random.Random(slot)
        walk, values = 0.0, []
        for index in range(columns):
            walk = walk * 0.9 + noise.gauss(0, 1)
            values.append(base * (1 + 0.012 * walk + 0.02 * math.sin(slot + index / columns * 6)))
        course = np.array(values)
        times = np.linspace(start_ns, end_ns, columns).astype(np.int64)
        return Course(times, times, course - abs(base) * 0.002, course, course, np.zeros(columns, np.uint32))

    def close(self) -> None:
        self.current = False


def plausible(plant: Plant, source: MemorySource) -> None:
    """Fill every tag with a value in its normal band, and a few stories with others."""
    noise = random.Random(7)
    for tag in plant.tags.values():
        low = tag.limits.normal_low if tag.limits.normal_low is not None else tag.low
        high = tag.limits.normal_high if tag.limits.normal_high is not None else tag.high
        source.put(tag.name, 1.0 if tag.states else low + (high - low) * (0.35 + 0.3 * noise.random()))
    for name, equipment in plant.equipment.items():
        kind = plant.types[equipment.type]
        if kind.state_member:
            running = kind.running_states[0] if kind.running_states else 1
            source.put(equipment.members[kind.state_member], running)
        for member in ("FV", "PV"):
            if member in equipment.members:
                source.put(equipment.members[member], 2)
        if "FLOWREF" in equipment.members:
            source.put(equipment.members["FLOWREF"], 1720)
            source.put(equipment.members["FLOW"], 1715 + noise.random() * 40)
        if "SPD" in equipment.members:
            source.put(equipment.members["SPDREF"], 88)
            source.put(equipment.members["SPD"], 87.6)
        del name
    story: dict[str, Value] = {
        "LZ.UF.R03.PTURB": 0.118, "LZ.UF.R03.TMP": 103, "LZ.UF.R03.FLOW": 1510, "LZ.UF.R05.STEP": 2,
        "LZ.UF.R05.PROG": 62, "LZ.UF.R05.FLOW": 0, "LZ.UF.R05.FV": 0, "LZ.UF.R05.PV": 0, "LZ.UF.R08.STEP": 12,
        "LZ.UF.R08.FLOW": 0, "LZ.UF.R08.FV": 0, "LZ.UF.R08.PV": 0, "LZ.UF.R08.LR": 0, "LZ.UF.BWP02.ST": 0,
        "LZ.UF.BLW01.ST": 0, "LZ.HL.P05.ST": 0, "LZ.HL.P05.FLOW": 0, "LZ.HL.P06.ST": 4, "LZ.HL.P06.FLOW": 0,
        "LZ.RW.P04.ST": 0, "LZ.RW.P04.FLOW": 0, "LZ.UF.BW.FLOW": 3920, "LZ.HL.P02.VIB": 5.12, "LZ.UF.NFILT": 6,
    }  # fmt: skip
    for tag_name, value in story.items():
        source.put(tag_name, value)
    source.put("LZ.SD.B03.TURB", 1.1, st.UNCERTAIN_SUBSTITUTE)
    source.put("LZ.RW.INT.ALGAE", 4.0, st.BAD_SENSOR_FAILURE)
    source.put("LZ.EL.T01.TEMP", 61.0, st.BAD_NO_COMMUNICATION, age_s=42)
