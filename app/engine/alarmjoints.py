"""Alarms that compare the values of two tags, in arrays by rule: whether any sample of a batch can change one."""

import math
from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.alarms.conditions import Condition
from app.model import status as st
from app.model.batch import SampleBatch

_NEVER: Final = np.iinfo(np.int64).max
_Numbers: TypeAlias = tuple[NDArray[np.intp], NDArray[np.int32], NDArray[np.float64]]
"""Positions in a batch, inputs and their numbers."""
_NO_NUMBERS: Final[_Numbers] = np.empty(0, np.intp), np.empty(0, np.int32), np.empty(0)


class Joints:
    """Holds of each tag that is compared its last number, and of each rule what it was found to be.

    A batch brings new values of both tags in some order. Nothing changes whatever the order where the judgement is the
    same for every pair of them, the values before the batch included: that is seen by the least and greatest of each.

    Attributes:
        partners: by slot, the slots of the tags that it is compared with.

    """

    def __init__(self, conditions: Iterable[Condition], slots: Mapping[str, int]) -> None:
        """Take the conditions that are joint; all of their tags have slots."""
        rules = [(each, each.joint) for each in conditions if each.joint is not None]
        self._conditions = [condition for condition, _ in rules]
        self.partners: dict[int, tuple[int, ...]] = {}
        names: dict[tuple[str, bool], int] = {}  # a tag once for those that take it uncertain, once for the others
        self._of_input: list[list[int]] = []
        self._of_slot: dict[int, list[int]] = {}
        places: list[tuple[int, int]] = []
        for at, (_, joint) in enumerate(rules):
            keys = (joint.own, False), (joint.other, joint.only_good)
            for key in keys:
                if names.setdefault(key, len(names)) == len(self._of_input):
                    self._of_input.append([])
                self._of_input[names[key]].append(at)
                self._of_slot.setdefault(slots[key[0]], []).append(at)
            places.append((names[keys[0]], names[keys[1]]))
            ends = slots[joint.own], slots[joint.other]
            for slot, other in (ends, ends[::-1]):
                self.partners[slot] = tuple(sorted({*self.partners.get(slot, ()), other}))
        self._inputs = [(slots[name], name, strict) for name, strict in names]
        self._place = {strict: np.full(len(slots), -1, np.int32) for strict in sorted({key[1] for key in names})}
        for place, (slot, _, strict) in enumerate(self._inputs):
            self._place[strict][slot] = place
        self._own, self._other = np.array(places, np.intp).reshape(-1, 2).T
        self._side = np.array([joint.side for _, joint in rules], np.int8)
        self._limit = np.array([joint.limit for _, joint in rules], np.float64)
        self._deadband = np.array([joint.deadband for _, joint in rules], np.float64)
        self._begin = np.cumsum([0, *map(len, self._of_input)])
        self._rules = np.array([rule for each in self._of_input for rule in each], np.intp)
        self._is_open, self._is_known, self._is_met, self._is_latched = np.zeros((4, len(rules)), np.bool_)
        self._due = np.full(len(rules), _NEVER)
        self._last = np.full(len(names), math.nan)
        self._low, self._high = self._last.copy(), self._last.copy()  # the last, but while a batch is looked at
        self._is_new = np.zeros(len(names), np.bool_)
        self._batch = _NO_NUMBERS

    def moved_by(self, batch: SampleBatch, now_ns: int) -> NDArray[np.intp] | None:
        """Return the slots of both tags of every rule that a batch, or time until now, may change; None: of none.

        ``take`` afterwards.
        """
        self._batch = chosen, places, values = self._numbers(batch)
        if not len(chosen):
            return None
        with np.errstate(invalid="ignore"):  # NaN stays NaN
            np.minimum.at(self._low, places, values)
            np.maximum.at(self._high, places, values)
        self._is_new[places] = True
        new = np.flatnonzero(self._is_new)
        rules = self._rules_of(new)
        moved = rules[~self._stay(rules, now_ns)]
        self._low[new] = self._high[new] = self._last[new]
        self._is_new[new] = False
        if not len(moved):
            return None
        inputs = np.concatenate((self._own[moved], self._other[moved]))
        return np.array([self._inputs[place][0] for place in np.unique(inputs).tolist()], np.intp)

    def take(self, which: NDArray[np.bool_]) -> None:
        """Take the values of those samples of the last batch that change nothing."""
        chosen, places, values = self._batch
        kept = which[chosen]
        places, values = places[kept], values[kept]
        self._last[places] = self._low[places] = self._high[places] = values

    def settle(self, slots: Iterable[int], is_behind: NDArray[np.bool_]) -> None:
        """Look anew what the rules of these tags are; ``is_behind``: by slot, whether their numbers are older."""
        for rule in {rule for slot in slots for rule in self._of_slot.get(slot, ())}:
            condition = self._conditions[rule]
            self._is_open[rule] = True
            self._is_known[rule] = condition.met is not None
            self._is_met[rule] = condition.met is True
            self._is_latched[rule] = condition.is_latched
            self._due[rule] = _NEVER if condition.due_ns is None else condition.due_ns
            for place in (int(self._own[rule]), int(self._other[rule])):
                slot, name, _ = self._inputs[place]
                if is_behind[slot]:
                    continue  # its last number was taken here
                known = condition.known(name)
                self._last[place] = self._low[place] = self._high[place] = math.nan if known is None else known

    def close(self, slot: int) -> None:
        """Know nothing of the rules of a tag until they are settled."""
        for rule in self._of_slot.get(slot, ()):
            self._is_open[rule] = False

    def close_all(self) -> None:
        """Know nothing of any rule."""
        self._is_open[:] = False

    def _numbers(self, batch: SampleBatch) -> _Numbers:
        """Find the inputs in a batch, in order of arrival, and their numbers; NaN where one does not count."""
        found: list[_Numbers] = []
        status = batch.status if self._inputs and batch.status.any() else None
        for strict, place in self._place.items():
            places = place[batch.slots]
            chosen = np.flatnonzero(places >= 0)
            values = batch.values[chosen]
            if status is not None:
                values = np.where(status[chosen] >= (st.UNCERTAIN if strict else st.BAD), math.nan, values)
            found.append((chosen, places[chosen], values))
        if not found:
            return _NO_NUMBERS
        if len(found) == 1:
            return found[0]
        first, second = found
        return (
            np.concatenate((first[0], second[0])),
            np.concatenate((first[1], second[1])),
            np.concatenate((first[2], second[2])),
        )

    def _rules_of(self, inputs: NDArray[np.intp]) -> NDArray[np.intp]:
        """Return the rules that look at any of the inputs; one may stand twice."""
        begin = self._begin[inputs]
        count = self._begin[inputs + 1] - begin
        before = np.cumsum(count) - count
        rules: NDArray[np.intp] = self._rules[np.repeat(begin - before, count) + np.arange(int(count.sum()))]
        return rules

    def _stay(self, rules: NDArray[np.intp], now_ns: int) -> NDArray[np.bool_]:
        """Tell of which rules nothing changes, by the same arithmetic as their conditions: rounding keeps the order."""
        own, other, side = self._own[rules], self._other[rules], self._side[rules]
        is_met, below, apart = self._is_met[rules], side < 0, side == 0
        slack = np.where(self._is_latched[rules], self._deadband[rules], 0.0)
        low, high = _mirrored(self._low[own], self._high[own], below)
        least, greatest = _mirrored(self._low[other], self._high[other], below)
        most = self._limit[rules] - slack
        with np.errstate(invalid="ignore"):  # of two infinities nothing is known
            within = (high - least <= most) & (greatest - low <= most)
            beyond = (low - greatest > most) | (least - high > most)
            same = np.where(
                is_met,
                np.where(apart, beyond, low > greatest - slack),
                np.where(apart, within, high <= least - slack),
            )
        same &= self._is_known[rules] & (self._due[rules] > now_ns)
        away = np.isnan(self._last) & ~self._is_new  # while one of the two is not known, nothing is
        same |= (away[own] | away[other]) & (self._due[rules] == _NEVER)
        return same & self._is_open[rules]


def _mirrored(
    low: NDArray[np.float64], high: NDArray[np.float64], below: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return np.where(below, -high, low), np.where(below, -low, high)
