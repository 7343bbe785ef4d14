"""Courses of other times laid beside the one shown. Pure numpy; times are ns since the epoch, UTC."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from app.model.status import BAD_WAITING_FOR_INITIAL_DATA
from app.trend.types import Envelope
from widgets.trend.joining import Stretch
from widgets.trend.parts import concatenated, rows_at

Moved = tuple[Any | None, Stretch, int]
"""Rows (None: there are none), the stretch for which they were asked, and by how much they are moved later."""


def beside(pieces: Sequence[Moved]) -> Envelope | None:
    """Return the rows of all pieces, moved and one after another; None where there are none.

    A piece keeps to its stretch but at the outer ends, where a line goes on to the neighbouring samples; the value held
    into it stands at its beginning. No line leads over a stretch that no piece covers.
    """
    found: list[Envelope] = []
    reached: int | None = None
    for number, (rows, asked, shift) in enumerate(pieces):
        begin, end = asked[0] + shift, asked[1] + shift
        if reached is not None and reached < begin:
            found.append(_gap(reached, begin))
        reached = end
        if rows is None or not len(rows.t_first):
            if number:
                found.append(_gap(begin, end))
            continue
        moved = replace(rows_at(rows, slice(None)), t_first=rows.t_first + shift, t_last=rows.t_last + shift)
        if number:
            moved = _from(moved, begin)
        found.append(_until(moved, end) if number < len(pieces) - 1 else moved)
    return concatenated(found) if any(len(one.t_first) for one in found) else None


def _from(rows: Envelope, begin: int) -> Envelope:
    first = int(np.searchsorted(rows.t_last, begin, side="left"))
    inside = rows_at(rows, slice(first, None))
    inside = replace(inside, t_first=np.maximum(inside.t_first, begin))
    if first == 0 or (len(inside.t_first) and inside.t_first[0] == begin):
        return inside
    at, value = np.array([begin]), rows.last[first - 1 : first]
    held = replace(rows_at(rows, slice(first - 1, first)), t_first=at, t_last=at, minimum=value, maximum=value)
    return concatenated([held, inside])


def _until(rows: Envelope, end: int) -> Envelope:
    inside = rows_at(rows, slice(None, int(np.searchsorted(rows.t_first, end, side="left"))))
    return replace(inside, t_last=np.minimum(inside.t_last, end - 1))


def _gap(begin: int, end: int) -> Envelope:
    none = np.array([np.nan])
    status = np.array([BAD_WAITING_FOR_INITIAL_DATA], dtype=np.uint32)
    return Envelope(
        np.array([begin]), np.array([max(begin, end - 1)]), none, none, none, status, np.zeros(1, np.uint64), True
    )
