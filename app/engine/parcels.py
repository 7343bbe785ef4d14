"""What waits in memory on its way through an outbox: numbered, in order, bounded."""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from app.storage import Mark

T = TypeVar("T")


class Delivery(Protocol[T]):
    """What an outbox must know of its items."""

    @property
    def refused(self) -> int:
        """Items that the database refused as such."""

    def encode(self, items: Sequence[T]) -> bytes:
        """Return items as bytes."""

    def decode(self, payload: bytes) -> list[T]:
        """Return the items of bytes, marked as back-filled where that has a meaning."""

    def store(self, database: Any, items: Sequence[T], mark: Mark) -> None:
        """Store those of the items that are not stored yet, and their mark; what the database refuses is set aside."""


@dataclass(slots=True)
class Parcel(Generic[T]):
    """Items that were offered together; ``number`` is that of the last one, ``weight`` what storing them is like."""

    items: Sequence[T]
    number: int
    weight: int = 0
    done: "Future[None]" = field(default_factory=Future)

    @property
    def first(self) -> int:
        """Number of the first item."""
        return self.number - len(self.items) + 1

    def finish(self) -> None:
        """Tell who waits that the items are kept."""
        if self.done.set_running_or_notify_cancel():
            self.done.set_result(None)


class Waiting(Generic[T]):
    """Parcels in the order of their numbers. Any thread may put; one takes.

    ``changed`` is notified, and ``stirred`` set, by everything that the thread which takes must look at.
    """

    def __init__(self, capacity: int, weigh: Callable[[Sequence[T]], int] = len) -> None:
        """Take how many items may wait (the oldest are dropped beyond), and what tells the weight of some."""
        self.capacity = capacity
        self._weigh = weigh
        self.changed = threading.Condition()
        self.stirred = False
        self.items = 0
        """How many wait."""
        self.dropped = 0
        """How many were dropped since start."""
        self._parcels: deque[Parcel[T]] = deque()
        self._number = 0
        self._ended = False

    def put(self, items: Sequence[T]) -> "Future[None]":
        """Add items behind the others; the future is cancelled where they are dropped."""
        gone: list[Parcel[T]] = []
        with self.changed:
            self._number += len(items)
            parcel = Parcel(items, self._number, self._weigh(items))
            self._parcels.append(parcel)
            self.items += len(items)
            while self._ended or (self.items > self.capacity and len(self._parcels) > 1):
                gone.append(self._parcels.popleft())
                self.items -= len(gone[-1].items)
                if not self._parcels:
                    break
            self.dropped += _count(gone)
            self.stirred = True
            self.changed.notify_all()
        for each in gone:
            each.done.cancel()
        return parcel.done

    def take(self, most: int) -> list[Parcel[T]]:
        """Take the oldest parcels, of about the weight ``most`` together, whose numbers follow one another."""
        taken: list[Parcel[T]] = []
        with self.changed:
            weight = 0
            while self._parcels:
                following = self._parcels[0]
                if taken and (weight + following.weight > most or following.first != taken[-1].number + 1):
                    break
                taken.append(self._parcels.popleft())
                weight += following.weight
            self.items -= _count(taken)
        return taken

    def put_back(self, parcels: Sequence[Parcel[T]]) -> None:
        """Let parcels that were taken wait again, before the others."""
        with self.changed:
            self._parcels.extendleft(reversed(parcels))
            self.items += _count(parcels)

    def end(self) -> int:
        """Drop what waits and all that still comes; returns how many items waited."""
        with self.changed:
            self._ended = True
            gone, left = list(self._parcels), self.items
            self._parcels.clear()
            self.items = 0
            self.dropped += left
        for each in gone:
            each.done.cancel()
        return left

    def stir(self) -> None:
        """Wake the thread that takes."""
        with self.changed:
            self.stirred = True
            self.changed.notify_all()


def items_of(parcels: Iterable[Parcel[T]]) -> list[T]:
    """Return the items of parcels in one list."""
    return [item for parcel in parcels for item in parcel.items]


def _count(parcels: Iterable[Parcel[T]]) -> int:
    return sum(len(each.items) for each in parcels)
