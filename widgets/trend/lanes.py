"""Lanes of discrete tags: a block a state with its text; hatched where too fast for the width, empty where bad.

State zero (off, stopped) has an edge and no tint, so that it is not taken for a gap. The name of each lane stands
in the margin beside it.
"""

from typing import Final

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor

from widgets.theme import font
from widgets.trend.frame import Frame, mixed
from widgets.trend.pens import Pen, PenSet
from widgets.wording import Wording

_INSET: Final = 2
_LOW: Final = 12
"""Height below which a lane carries no text."""
_TEXT: Final = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip
"""A low lane is less high than a line of text, whose letters have room all the same."""
_BESIDE: Final = 5
_EDGE: Final = 0.5


def paint_lanes(frame: Frame, pens: PenSet, wording: Wording) -> None:
    """Paint the lanes of all visible discrete pens."""
    lanes = pens.lanes()
    if not lanes:
        return
    painter = frame.painter()
    painter.setFont(font(13))
    width = frame.width / frame.ratio
    for pen in lanes:
        bottom, top = pens.place(pen)
        y0, y1 = frame.y_of(top) / frame.ratio, frame.y_of(bottom) / frame.ratio
        color = frame.theme.curve_color(pen.color)
        painter.setPen(frame.theme.color("grid"))
        painter.drawLine(0, round(y0), round(width), round(y0))
        for start, end, state in states(frame, pen):
            box = QRectF(start, y0 + _INSET, max(1.0, end - start), y1 - y0 - 2 * _INSET)
            painter.setPen(Qt.PenStyle.NoPen)
            if state is None:
                painter.setBrush(QBrush(color, Qt.BrushStyle.BDiagPattern))
                painter.drawRect(box)
                continue
            painter.setBrush(_tint(color, frame.theme.color("field"), state))
            painter.drawRect(box)
            if state == 0:
                edge = QColor(mixed(color, frame.theme.color("field"), _EDGE))
                painter.fillRect(QRectF(box.left(), box.top(), box.width(), 1.0), edge)
                painter.fillRect(QRectF(box.left(), box.bottom() - 1.0, box.width(), 1.0), edge)
            painter.fillRect(QRectF(box.left(), box.top(), 1.0, box.height()), color)
            text = wording.value(pen.tag, state)
            if box.height() >= _LOW and painter.fontMetrics().horizontalAdvance(text) + _BESIDE + 3 <= box.width():
                painter.setPen(frame.theme.color("ink"))
                painter.drawText(box.adjusted(_BESIDE, 0, -3, 0), _TEXT, text)
    painter.end()


def lane_name(pen: Pen, wording: Wording) -> str:
    """Return what tells a lane from the others: what the tag is, or its name where it is not said."""
    return wording.text(pen.tag.description) or pen.tag.name


def states(frame: Frame, pen: Pen) -> list[tuple[float, float, float | None]]:
    """Return the blocks of a pen: from, to (device independent pixels) and state; None: more than one in a pixel."""
    lines = pen.lines
    drawn = lines.solid | lines.dashed
    if len(lines.x) < 2 or not drawn.any():
        return []
    x = np.clip(frame.x(lines.x) / frame.ratio, -1.0, frame.width / frame.ratio + 1.0)
    # A segment that goes on at one value is part of a block; a block ends where value or quality change.
    held = np.flatnonzero(drawn[:-1] & (np.diff(lines.x) > 0))
    found: list[tuple[float, float, float | None]] = []
    for at in held.tolist():
        start, end, value = float(x[at]), float(x[at + 1]), float(lines.y[at])
        mixed = float(lines.y[at + 1]) != value
        if end <= start and not mixed:
            continue
        state = None if mixed else value
        if found and found[-1][2] == state and start - found[-1][1] < 0.5:
            found[-1] = (found[-1][0], end, state)
        else:
            found.append((start, end, state))
    return found


def _tint(color: QColor, ground: QColor, state: float) -> QColor:
    """Return the ground of a state: zero is the plot's own, every other one a tint of the pen's colour."""
    share = 0.0 if state == 0 else 0.18 + 0.1 * (int(state) % 4)
    parts = (
        round(c * share + g * (1 - share))
        for c, g in zip(
            (color.red(), color.green(), color.blue()), (ground.red(), ground.green(), ground.blue()), strict=True
        )
    )
    return QColor(*parts)
