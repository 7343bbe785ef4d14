"""Which alarms a summary lists: one of the lists, then by area, equipment, priority, text and acknowledgement."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from app.model.alarm import Suppression
from widgets.alarms.index import SUPPRESSION_BITS, AlarmIndex, Mask


class AlarmList(StrEnum):
    """The lists: what annunciates, and each kind of what does not."""

    ACTIVE = "active"
    SHELVED = "shelved"
    OUT_OF_SERVICE = "out-of-service"
    SUPPRESSED = "suppressed"


_OTHER: Final = sum(
    bit for member, bit in SUPPRESSION_BITS.items() if member not in {Suppression.SHELVED, Suppression.OUT_OF_SERVICE}
)
_BITS: Final = {
    AlarmList.SHELVED: SUPPRESSION_BITS[Suppression.SHELVED],
    AlarmList.OUT_OF_SERVICE: SUPPRESSION_BITS[Suppression.OUT_OF_SERVICE],
    AlarmList.SUPPRESSED: _OTHER,
}


def listed(index: AlarmIndex, which: AlarmList) -> Mask:
    """Return by slot whether an alarm is in a list."""
    if which is AlarmList.ACTIVE:
        return index.annunciated()
    found: Mask = (index.columns["suppression"] & _BITS[which]) != 0
    return found


@dataclass(frozen=True, slots=True)
class AlarmFilter:
    """What is wanted of a list; what is empty or False does not narrow it.

    Attributes:
        text: part of an alarm's id or of its text in either language, ``*`` for anything in between.
        place: what alarms are grouped by (``index.place_of``).

    """

    which: AlarmList = AlarmList.ACTIVE
    text: str = ""
    priorities: tuple[int, ...] = ()
    area: str = ""
    place: str = ""
    unacknowledged: bool = False

    def mask(self, index: AlarmIndex) -> Mask:
        """Return by slot whether an alarm is wanted."""
        columns = index.columns
        found = listed(index, self.which)
        if self.priorities:
            found &= np.isin(columns["priority"], self.priorities)
        if self.area:
            found &= index.concerning([self.area])
        if self.place:
            found &= columns["place"] == index.places.find(self.place)
        if self.unacknowledged:
            found &= columns["waiting"]
        wanted = self.text.strip().casefold()
        if wanted:
            found &= _saying(wanted, index, found)
        return found


def _saying(wanted: str, index: AlarmIndex, among: Mask) -> Mask:
    found = np.zeros(len(among), np.bool_)
    slots, words = np.flatnonzero(among), index.words
    if "*" in wanted:
        look = re.compile(".*".join(map(re.escape, wanted.split("*")))).search
        hits = [look(words[slot]) is not None for slot in slots.tolist()]
    else:
        hits = [wanted in words[slot] for slot in slots.tolist()]
    found[slots[np.array(hits, np.bool_)]] = True
    return found
