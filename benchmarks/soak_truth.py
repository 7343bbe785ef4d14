"""What an engine under faults owes: which changes of the servers had to reach the store, and which of them did.

A change counts as owed where its connection was up from the moment when the server made it until one margin later
(the publishing and sampling intervals, or the poll period). It was not up

- from the begin of a fault that the engine noticed (its connection was lost within ``NOTICED_NS`` of the fault) until
  the engine said that it is connected again;
- on a polled line also while a fault lasts that was survived: what nobody could read in time is not kept anywhere. A
  subscription keeps it in the server's queue, so a delay or a silence that the session survived excuses nothing.

A loss of the connection that follows no fault excuses nothing either.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

SECOND_NS: Final = 1_000_000_000
NOTICED_NS: Final = 6 * SECOND_NS
"""A connection lost within so long after the end of a fault was lost by it."""
NEVER: Final = 2**62
Span = tuple[int, int]


@dataclass(frozen=True)
class Fault:
    """One fault on a line: kind, begin and end (ns, UTC)."""

    kind: str
    began_ns: int
    ended_ns: int


@dataclass
class Story:
    """What happened to one line: its faults, and when the engine said that it came up or went down (ns, UTC)."""

    faults: list[Fault] = field(default_factory=list)
    states: list[tuple[int, bool]] = field(default_factory=list)

    def loss(self, fault: Fault) -> Span | None:
        """Return from when to when the engine had no connection because of a fault."""
        last_ns = fault.ended_ns + NOTICED_NS
        down = next((at for at, up in self.states if not up and fault.began_ns <= at <= last_ns), None)
        if down is None:
            return None
        return down, next((at for at, up in self.states if up and at > down), NEVER)

    def outages(self, polled: bool) -> list[Span]:
        """Return the spans in which nothing is owed."""
        found = []
        for fault in self.faults:
            loss = self.loss(fault)
            if loss is not None:
                found.append((fault.began_ns, loss[1]))
            elif polled:
                found.append((fault.began_ns, fault.ended_ns))
        return found

    def recoveries_s(self) -> list[float]:
        """Return, for each loss that ended, seconds from when the line was whole until the engine was connected."""
        found = {}
        for fault in self.faults:
            loss = self.loss(fault)
            if loss is not None and loss[1] != NEVER:
                whole = max(each.ended_ns for each in self.faults if each.began_ns < loss[1])
                found[loss] = max(0, loss[1] - whole) / SECOND_NS
        return list(found.values())

    def told(self) -> list[tuple[int, str]]:
        """Return what happened, in words, each with its time (ns, UTC)."""
        faults = [
            (each.began_ns, f"{each.kind} for {(each.ended_ns - each.began_ns) / SECOND_NS:.3f} s")
            for each in self.faults
        ]
        return [*faults, *((at, "engine: up" if up else "engine: lost") for at, up in self.states)]

    def unexplained(self) -> int:
        """Return how many losses followed no fault."""
        explained = {loss[0] for fault in self.faults if (loss := self.loss(fault)) is not None}
        return sum(not up and at not in explained for at, up in self.states)


class Truth(Protocol):
    """What a server did."""

    def made_ns(self, value: int) -> NDArray[np.int64]:
        """Return when each tag came to a value (ns, UTC); NEVER where it has not, or that is not known yet."""


class ClockTruth:
    """Of benchmarks.counting_device: everything follows from the clock."""

    def __init__(self, count: int, began_ns: int, step_ns: int) -> None:
        self._began_ns, self._step_ns = began_ns, step_ns
        self._phases = np.arange(count, dtype=np.int64) * step_ns // count

    def made_ns(self, value: int) -> NDArray[np.int64]:
        """See Truth."""
        return self._began_ns + value * self._step_ns - self._phases


class RecordTruth:
    """Of opcua_server/server.js, from the record that it keeps; the n-th change is that of tag n modulo ``count``."""

    def __init__(self, count: int, record: Path) -> None:
        self._count = count
        self._file = record.open("rb")
        self._rest = b""
        self._times: list[int] = []
        self._changes: list[int] = []

    def read_on(self, keep_ns: int) -> None:
        """Read what was added, and forget what was before a time (ns, UTC)."""
        *lines, self._rest = (self._rest + self._file.read()).split(b"\n")
        for line in lines:
            at_ms, changes = map(int, line.split())
            self._times.append(at_ms * 1_000_000)
            self._changes.append(changes)
        old = int(np.searchsorted(self._times, keep_ns))
        del self._times[:old], self._changes[:old]

    def made_ns(self, value: int) -> NDArray[np.int64]:
        """See Truth. What was made before the oldest turn that is known counts as made in it."""
        wanted = (value - 1) * self._count + np.arange(self._count, dtype=np.int64)
        turns = np.searchsorted(np.array(self._changes, np.int64), wanted, side="right")
        return np.array([*self._times, NEVER], np.int64)[turns]

    def close(self) -> None:
        """Close the record."""
        self._file.close()


class Owed:
    """The values of one line's tags that were seen in the store, judged in their order.

    Args:
        margin_ns: how long the connection must have been up after a change for it to be owed.
        polled: see ``Story.outages``.

    Attributes:
        owed, lost: changes that had to be in the store, and those of them that were not.
        gaps: of each value that was lost: value, how many tags, and when the first and last was made (ns, UTC).

    """

    def __init__(self, truth: Truth, count: int, margin_ns: int, polled: bool) -> None:
        self.owed = self.lost = 0
        self.gaps: list[tuple[int, int, int, int]] = []
        self._truth, self._count = truth, count
        self._margin_ns, self._polled = margin_ns, polled
        self._seen: dict[int, NDArray[np.bool_]] = {}
        self._next: int | None = None

    def see(self, tag: int, values: NDArray[np.int64]) -> None:
        """Note values that the store has of a tag."""
        for value in np.unique(values).tolist():
            if self._next is None or value >= self._next:
                self._seen.setdefault(value, np.zeros(self._count, np.bool_))[tag] = True

    def judge(self, story: Story, from_ns: int, until_ns: int) -> None:
        """Judge every value that all tags had come to by ``until_ns``; what was made before ``from_ns`` is not owed."""
        outages = [(0, from_ns), *story.outages(self._polled)]
        value = min(self._seen, default=NEVER) if self._next is None else self._next
        while value != NEVER and (made := self._truth.made_ns(value)).max() < until_ns:
            owed = np.ones(self._count, np.bool_)
            for begin, end in outages:
                owed &= (made > end) | (made + self._margin_ns < begin)
            lost = owed & ~self._seen.pop(value, np.zeros(self._count, np.bool_))
            self.owed += int(owed.sum())
            self.lost += int(lost.sum())
            if lost.any():
                self.gaps.append((value, int(lost.sum()), int(made[lost].min()), int(made[lost].max())))
            value = self._next = value + 1

    def told(self) -> list[tuple[int, str]]:
        """Return what was lost, in words, each with its time (ns, UTC)."""
        return [
            (first, f"LOST: value {value} of {tags} tags, made within {(last - first) / SECOND_NS:.3f} s")
            for value, tags, first, last in self.gaps
        ]


def unwrapped(values: NDArray[np.float64], near: int, modulus: int = 65_536) -> NDArray[np.int64]:
    """Return whole numbers that were cut to a register, as those nearest to ``near``."""
    whole = values.astype(np.int64)
    return whole + np.round((near - whole) / modulus).astype(np.int64) * modulus
