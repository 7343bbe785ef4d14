"""The condition of one alarm at run time: a judge, how often it must be met, and the delays."""

from app.alarms.conditions.delay import Change, Delay
from app.alarms.conditions.joint import Joint
from app.alarms.conditions.judge import Band, Comparing, Judge
from app.alarms.conditions.repeats import Repeats
from app.model.alarm import AlarmDefinition
from app.model.sample import Sample


class Condition:
    """Whether an alarm's condition holds. One thread at a time.

    Before ``hear``, ``again`` and ``offer``, call ``expire`` until it returns nothing: what ended before is lost
    otherwise.

    Attributes:
        inputs: the tags that it looks at, that of the alarm first; samples of all of them are to be heard.

    """

    __slots__ = ("_delay", "_judge", "_met", "_only_once_whole", "_repeats", "due_ns", "inputs")

    def __init__(
        self, definition: AlarmDefinition, judge: Judge, inputs: tuple[str, ...], *, silent_while_lost: bool = False
    ) -> None:
        """``silent_while_lost``: what it looks at tells nothing while the connection is known to be lost."""
        self.inputs = inputs
        self._judge = judge
        self._only_once_whole = silent_while_lost
        self._delay = Delay(definition.on_delay_s, definition.off_delay_s)
        self._repeats = Repeats(definition.count, definition.count_s) if definition.count > 1 else None
        self._met: bool | None = None
        self.due_ns: int | None = None
        """When ``expire`` must be called next (ns, the time base of ``now_ns``); None: nothing runs."""

    @property
    def active(self) -> bool:
        """Whether it holds, after counting and delays."""
        return self._delay.active

    @property
    def joint(self) -> Joint | None:
        """What it compares, where that is two tags and nothing else; None otherwise."""
        return self._judge.joint

    @property
    def is_pending(self) -> bool:
        """Whether a delay runs."""
        return self._delay.due_ns is not None

    @property
    def is_latched(self) -> bool:
        """Whether the dead-band applies: the condition stands, or was met last where it is counted first."""
        return self._delay.active if self._repeats is None else self._repeats.is_true

    @property
    def met(self) -> bool | None:
        """The last judgement, before counting and delays; None: nothing is known."""
        return self._met

    def hear(self, tag: str, sample: Sample, now_ns: int, *, lost: bool = False) -> Change | None:
        """Take the next sample of one of the inputs; return the change that it brings at once.

        ``lost``: whether the connection of the alarm is known to be lost.
        """
        met = self._judge.hear(tag, sample, now_ns, latched=self.is_latched)
        if lost and self._only_once_whole:
            met = None
        return self.offer(met, sample.source_ns, now_ns)

    def note(self, tag: str, sample: Sample) -> None:
        """Take a sample that changes nothing (it lay in the ``band``), or that was there before the alarm was."""
        self._judge.note(tag, sample)

    def again(self, source_ns: int, now_ns: int, *, lost: bool = False) -> Change | None:
        """Judge anew by what is known; ``source_ns``: when a change by it began."""
        if lost and self._only_once_whole:
            return None
        return self.offer(self._judge.again(now_ns, latched=self.is_latched), source_ns, now_ns)

    def offer(self, met: bool | None, source_ns: int, now_ns: int) -> Change | None:
        """Take a judgement that was made elsewhere: of a connection."""
        self._met = met
        if self._repeats is not None:
            met = self._repeats.take(met, source_ns)
        change = self._delay.offer(met, source_ns, now_ns)
        self._set_due()
        return change

    def expire(self, now_ns: int) -> Change | None:
        """Return the next change that time alone has brought by now, one at a time; None: there is none left."""
        while self.due_ns is not None and self.due_ns <= now_ns:
            due_ns = self.due_ns
            if self._judge.due_ns == due_ns:
                self._met, source_ns = self._judge.wake(latched=self.is_latched)
                met = self._met if self._repeats is None else self._repeats.take(self._met, source_ns)
                change = self._delay.offer(met, source_ns, due_ns)
            else:
                change = self._delay.expire(now_ns)
            self._set_due()
            if change is not None:
                return change
        return None

    @property
    def remembers(self) -> bool:
        """Whether every number of its only input must be remembered (``absorb``), whatever its band."""
        return self._judge.remembers

    def absorb(self, number: float, source_ns: int, now_ns: int) -> bool:
        """Hear a number of its only input that is not bad, if it changes nothing but what is remembered.

        False: it is to be heard, nothing was done. ``due_ns`` may move on.
        """
        if not self._judge.absorb(number, source_ns, now_ns, self._met, latched=self.is_latched):
            return False
        self._set_due()
        return True

    def known(self, tag: str) -> float | None:
        """Return the value that counts of an input of a joint condition; None: not known, or not joint."""
        return self._judge.known(tag) if isinstance(self._judge, Comparing) else None

    def restore(self, active: bool) -> None:
        """Begin with what was known before a restart."""
        self._delay.active = active
        self._delay.due_ns = None
        if self._repeats is not None:
            self._repeats.restore(active)
        self._set_due()

    def band(self, tag: str) -> Band | None:
        """Return from which to which number a sample of an input that is not bad changes nothing, until ``due_ns``.

        None: every one must be heard. It holds while no sample of any input is heard, and whatever time brings.
        """
        return None if self._met is None else self._judge.band(tag, self._met, latched=self.is_latched)

    def _set_due(self) -> None:
        wake_ns, delay_ns = self._judge.due_ns, self._delay.due_ns
        if wake_ns is None or delay_ns is None:
            self.due_ns = delay_ns if wake_ns is None else wake_ns
        else:
            self.due_ns = min(wake_ns, delay_ns)
