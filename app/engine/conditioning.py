"""What connectors deliver on its way to ingest: judged by its tag's rules, or replaced by a substitute."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import numpy as np

from app.engine.frozen import FrozenDetector
from app.engine.layout import Layout
from app.engine.validity import ValidRange
from app.model import status as st
from app.model.batch import SampleBatch
from app.model.clock import Clock
from app.model.columns import one_by_one
from app.model.sample import PastSamples, Sample, Samples, SampleSink, SlotSample, Value
from app.model.tag import Tag

LOOK_S = 1.0
"""How often frozen tags are looked for."""

_Rules: TypeAlias = tuple[float, float, float | None, float | None]
_NONE_YET: Final[_Rules] = (-1.0, -1.0, None, None)


@dataclass(frozen=True, slots=True)
class FrozenChange:
    """A tag that is found frozen, or no longer is; ``sample`` is what is known of its device now."""

    tag: str
    sample: Sample
    is_frozen: bool


class Conditioning:
    """The sink of every connector. Belongs to the event loop.

    A value outside its instrument's range becomes bad, one that stands still too long uncertain. What a device says of
    a substituted tag is kept beneath its substitute, judged as any other, and counts again at once when that ends.
    """

    def __init__(
        self, tags: Sequence[Tag], sink: SampleSink, read: Callable[[str], Sample | None], clock: Clock
    ) -> None:
        """``read`` returns the current sample of a tag, as the sink left it."""
        self._sink = sink
        self._read = read
        self._clock = clock
        self._frozen = FrozenDetector(tags)
        self._rules: list[_Rules] = []
        self._define(tags)
        self._beneath: dict[int, Sample] = {}
        self._is_beneath = np.zeros(len(tags), np.bool_)
        self._raw: dict[int, Sample] = {}
        self._told: set[int] = set()
        """Slots of the frozen tags as ``look`` told them last."""

    def relocate(self, layout: Layout) -> None:
        """Take other tags with the rules that they had; no tag that is gone or of another type is substituted."""
        rules = layout.each(self._rules, _NONE_YET)
        self._frozen.relocate(layout)
        self._define(layout.tags)
        # those that have other rules now are judged anew by ``redefine``
        self._rules = [new if old is _NONE_YET else old for old, new in zip(rules, self._rules, strict=True)]
        self._beneath, self._raw = layout.some(self._beneath), layout.some(self._raw)
        self._is_beneath = layout.column(self._is_beneath, False)
        self._told = set(layout.some(dict.fromkeys(self._told, True)))

    def _define(self, tags: Sequence[Tag]) -> None:
        self._names = [tag.name for tag in tags]
        self._slots = {name: slot for slot, name in enumerate(self._names)}
        self._types = [tag.data_type for tag in tags]
        self._range = ValidRange(tags)
        self._judged = (self._range.applies | self._frozen.applies).tolist()
        self._rules = [_rules(tag) for tag in tags]

    def redefine(self, tags: Sequence[Tag]) -> None:
        """Take the rules of other definitions, in the same slots; values are judged anew where their rules changed."""
        rules = [_rules(tag) for tag in tags]
        changed = [slot for slot, rule in enumerate(rules) if rule != self._rules[slot]]
        if not changed:
            return
        again = []
        for slot in changed:
            sample = self._raw.pop(slot, None) or self.device(self._names[slot])
            if sample is not None and sample.value is not None:
                was_frozen = self._frozen.is_frozen(slot)
                again.append((slot, replace(sample, status=st.GOOD) if was_frozen else sample))
        self._rules = rules
        self._range = ValidRange(tags)
        self._frozen.redefine(tags, changed)
        self._judged = (self._range.applies | self._frozen.applies).tolist()
        now_ns = self._clock.now_ns()
        self._take_each([(slot, replace(sample, receive_ns=now_ns)) for slot, sample in again])

    @property
    def frozen(self) -> int:
        """Tags that stand still now."""
        return self._frozen.frozen

    def device(self, tag: str) -> Sample | None:
        """Return the last sample of a tag without its substitute; None for a tag that does not exist."""
        slot = self._slots.get(tag)
        return self._beneath[slot] if slot in self._beneath else self._read(tag)

    def hidden(self, tag: str) -> Sample | None:
        """Return what the device sent last where it does not count: substituted, or out of range. Else None."""
        slot = self._slots.get(tag, -1)
        return self._raw.get(slot) or self._beneath.get(slot)

    def take(self, samples: Samples) -> None:
        """Judge samples and hand them on."""
        if isinstance(samples, PastSamples):
            # judged by their range alone: they say nothing of what is, nor of what stands still
            self._sink(PastSamples((slot, self._range.judge(slot, sample, None)) for slot, sample in samples))
        elif isinstance(samples, SampleBatch):
            self._take_columns(samples)
        else:
            self._take_each(samples)

    def substitute(self, tag: str, value: Value, device: Sample | None = None) -> None:
        """Let a value stand for what the device says; ``device``: its last sample where nothing better is known."""
        slot, now_ns = self._slots[tag], self._clock.now_ns()
        if slot not in self._beneath:
            known = self._read(tag)
            if known is None or (known.value is None and device is not None):
                known = device or Sample(None, st.BAD_NO_DATA, now_ns, now_ns)
            self._beneath[slot] = known
            self._is_beneath[slot] = True
        self._sink([(slot, Sample(value, st.UNCERTAIN_SUBSTITUTE, now_ns, now_ns))])

    def release(self, tag: str) -> None:
        """End a substitute: the device's sample is the current one again, at once."""
        slot = self._slots.get(tag, -1)
        beneath = self._beneath.pop(slot, None)
        if beneath is None:
            return
        self._is_beneath[slot] = False
        if beneath.status != st.BAD_OUT_OF_RANGE:
            self._raw.pop(slot, None)
        self._sink([(slot, replace(beneath, receive_ns=self._clock.now_ns()))])

    def look(self) -> list[FrozenChange]:
        """Mark the tags that have stood still too long, and tell those that do or no longer do since the last look.

        Call about every ``LOOK_S``.
        """
        now_ns = self._clock.now_ns()
        stopped: list[SlotSample] = []
        changes = self._moving_again()
        for slot in self._frozen.due(self._clock.monotonic()):
            known = self.device(self._names[slot])
            if known is None or not known.is_good:
                continue
            sample = Sample(known.value, st.UNCERTAIN_LAST_USABLE, now_ns, now_ns)
            changes.append(FrozenChange(self._names[slot], sample, is_frozen=True))
            self._told.add(slot)
            if slot in self._beneath:
                self._beneath[slot] = sample
            else:
                stopped.append((slot, sample))
        if stopped:
            self._sink(stopped)
        return changes

    def _moving_again(self) -> list[FrozenChange]:
        changes = []
        for slot in sorted(slot for slot in self._told if not self._frozen.is_frozen(slot)):
            self._told.remove(slot)
            name = self._names[slot]
            if (known := self.device(name)) is not None:
                changes.append(FrozenChange(name, known, is_frozen=False))
        return changes

    def _take_each(self, samples: Sequence[SlotSample]) -> None:
        now_s = self._clock.monotonic()
        passed: list[SlotSample] = []
        fresh: dict[int, Value] = {}
        for slot, arrived in samples:
            sample = arrived
            if self._judged[slot]:
                last = fresh[slot] if slot in fresh else self._last_value(slot)
                sample = self._range.judge(slot, arrived, last)
                if sample is not arrived:
                    self._raw[slot] = arrived
                elif self._raw:
                    self._raw.pop(slot, None)
                fresh[slot] = last if sample.value is None else sample.value
                if not self._frozen.hear(slot, sample, now_s):
                    continue
            if slot in self._beneath:
                self._put_beneath(slot, sample)
            else:
                passed.append((slot, sample))
        if passed:
            self._sink(passed)

    def _take_columns(self, batch: SampleBatch) -> None:
        if self._raw:
            for slot in self._raw.keys() & set(batch.slots.tolist()):
                del self._raw[slot]
        outside = self._range.judge_columns(batch, self._last_value)
        self._raw.update({slot: raw for slot, raw in outside.items() if raw is not None})
        going_on = self._frozen.hear_columns(batch, self._clock.monotonic())
        if going_on is not None:
            batch = batch.select(going_on)
        if self._beneath and (beneath := self._is_beneath[batch.slots]).any():
            for slot, sample in one_by_one(batch.select(beneath), self._types):
                self._put_beneath(slot, sample)
            batch = batch.select(~beneath)
        if len(batch):
            self._sink(batch)

    def _put_beneath(self, slot: int, sample: Sample) -> None:
        """Keep what a device says of a substituted tag; a bad sample without a value keeps the last one."""
        if sample.value is None and st.is_bad(sample.status):
            sample = replace(sample, value=self._beneath[slot].value)
        self._beneath[slot] = sample

    def _last_value(self, slot: int) -> Value:
        known = self.device(self._names[slot])
        return None if known is None else known.value


def _rules(tag: Tag) -> _Rules:
    return tag.frozen_s, tag.deadband, tag.valid_low, tag.valid_high
