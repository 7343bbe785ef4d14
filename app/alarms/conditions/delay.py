"""On- and off-delay of a condition."""

from dataclasses import dataclass

from app.model.clock import SECOND_NS


@dataclass(frozen=True, slots=True)
class Change:
    """The condition changed for good (after its delay); ``since_ns`` is the source time of the sample that began it."""

    active: bool
    since_ns: int


class Delay:
    """Makes a judgement count after it held throughout. Runs in the engine's time (``now_ns``), not the source's."""

    __slots__ = ("_off_ns", "_on_ns", "_since_ns", "active", "due_ns")

    def __init__(self, on_delay_s: float, off_delay_s: float) -> None:
        self._on_ns = round(on_delay_s * SECOND_NS)
        self._off_ns = round(off_delay_s * SECOND_NS)
        self._since_ns = 0
        self.active = False
        self.due_ns: int | None = None
        """When a delay that runs now will end; None while none runs."""

    def offer(self, met: bool | None, source_ns: int, now_ns: int) -> Change | None:
        """Take the judgement of one sample, and return the change that it brings at once.

        Call ``expire`` first, so that a delay which ended before this sample is not lost. Without knowledge
        (None) a running delay is dropped: only samples that say so may raise or clear.
        """
        if met is None or met == self.active:
            self.due_ns = None
            return None
        if self.due_ns is None:
            self._since_ns = source_ns
            self.due_ns = now_ns + (self._on_ns if met else self._off_ns)
        return self.expire(now_ns)

    def expire(self, now_ns: int) -> Change | None:
        """Return the change of a delay that has ended by now."""
        if self.due_ns is None or now_ns < self.due_ns:
            return None
        self.due_ns = None
        self.active = not self.active
        return Change(self.active, self._since_ns)
