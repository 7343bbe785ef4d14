"""The order of a summary: by a column, and where that says the same, by urgency."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from widgets.alarms.cells import Column
from widgets.alarms.index import AlarmIndex, Mask, Slots


def ordered(index: AlarmIndex, mask: Mask, column: Column, *, descending: bool = False, language: str = "en") -> Slots:
    """Return the slots of some alarms in order; texts in the order of a language."""
    slots = index.by_urgency(mask)
    if column is Column.MARK:
        return slots[::-1] if descending else slots
    keys = _keys(index, column, language)[slots]
    if descending:  # from the end, so that what is equal stays in the order of urgency
        return slots[len(slots) - 1 - np.argsort(keys[::-1], kind="stable")[::-1]]
    return slots[np.argsort(keys, kind="stable")]


def _keys(index: AlarmIndex, column: Column, language: str) -> NDArray[Any]:
    columns = index.columns
    numbers = {
        Column.STATE: "state", Column.TIME: "time_in", Column.VALUE: "value", Column.LIMIT: "limit",
        Column.LEFT: "until",
    }  # fmt: skip
    if column in numbers:
        return columns[numbers[column]]
    zh = language.startswith("zh")
    name, codes = {
        Column.TAG: ("tag", index.tags),
        Column.TEXT: ("text_zh", index.texts_zh) if zh else ("text_en", index.texts_en),
        Column.AREA: ("area", index.areas),
        Column.ACKNOWLEDGED: ("user", index.users),
    }.get(column, ("tag", index.tags))
    ranks: NDArray[Any] = codes.ranks()[columns[name]]
    return ranks
