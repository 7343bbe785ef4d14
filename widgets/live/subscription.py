"""A handle on live tags."""

from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import Protocol, TypeAlias

from app.model.sample import Sample

Batch: TypeAlias = Mapping[str, Sample]
"""Newest sample by tag name, for those that changed since the last batch."""


class _Hub(Protocol):
    def _release(self, subscription: "Subscription") -> None: ...


class Subscription:
    """Delivers batches of changed samples until closed. GUI thread only.

    While paused (a hidden widget) changes are kept, newest first, and delivered as one batch on resuming.
    """

    def __init__(self, hub: _Hub, tags: Iterable[str], callback: Callable[[Batch], None]) -> None:
        self._hub: _Hub | None = hub
        self._callback = callback
        self._pending: dict[str, Sample] = {}
        self._paused = False
        self.tags = tuple(dict.fromkeys(tags))

    @property
    def closed(self) -> bool:
        """Whether it was closed."""
        return self._hub is None

    def put(self, tag: str, sample: Sample) -> None:
        """Keep a sample for the next delivery; an older one of the same tag is replaced."""
        self._pending[tag] = sample

    def deliver(self) -> None:
        """Hand over what is pending, unless paused or closed."""
        if self._pending and not self._paused and self._hub is not None:
            batch, self._pending = self._pending, {}
            self._callback(batch)

    def set_paused(self, paused: bool) -> None:
        """Pause or resume; resuming delivers what changed meanwhile at once."""
        self._paused = paused
        self.deliver()

    def close(self) -> None:
        """End it; further calls do nothing."""
        if self._hub is not None:
            hub, self._hub = self._hub, None
            self._pending.clear()
            hub._release(self)  # noqa: SLF001  (the pair belongs together)

    def __enter__(self) -> "Subscription":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
