"""How a value that is not good looks: the same in mimics, faceplates and lists.

Stale (communication lost, or standing still): hatched, with its age. Bad: ``---`` with the cause. Uncertain: a dotted
outline. Not measured at all: the value with a letter, S for substituted, F for forced or simulated. Standing still: an
equals sign, for it stays the same; it tells one dead sensor from a lost link.
"""

from typing import Final

from PySide6.QtCore import QCoreApplication, QRect, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QRegion

from app.model import status as st
from app.model.clock import SECOND_NS
from app.model.sample import Sample
from widgets.theme import Theme

NOT_KNOWN: Final = "---"
"""Stands for a bad value; a dash (—) says that there is nothing to know."""


STANDS_STILL: Final = "="
"""Mark of a frozen value; no letter, for F is what a PLC calls forced."""


def shows_stale(sample: Sample | None) -> bool:
    """Whether a sample is the last one known before communication was lost."""
    return sample is not None and sample.value is not None and st.is_stale(sample.status)


def shows_bad(sample: Sample | None) -> bool:
    """Whether there is nothing to show but the cause."""
    return sample is None or sample.value is None or (st.is_bad(sample.status) and not st.is_stale(sample.status))


def shows_uncertain(sample: Sample | None) -> bool:
    """Whether the value may be used with care."""
    return sample is not None and not st.is_good(sample.status) and not shows_bad(sample) and not shows_stale(sample)


def age_text(sample: Sample, now_ns: int) -> str:
    """Return how old a stale value is (``now_ns``: ns, UTC), in one unit."""
    seconds = max(0, now_ns - (sample.source_ns or sample.receive_ns)) // SECOND_NS
    if seconds < 100:
        return QCoreApplication.translate("quality", "{0} s").format(seconds)
    if seconds < 6000:
        return QCoreApplication.translate("quality", "{0} min").format(seconds // 60)
    if seconds < 172_800:
        return QCoreApplication.translate("quality", "{0} h").format(seconds // 3600)
    return QCoreApplication.translate("quality", "{0} d").format(seconds // 86400)


def cause_letter(status: int) -> str:
    """Return the letter that stands beside a bad value: C communication, S sensor, D device and so on."""
    return {
        st.BAD_NO_COMMUNICATION: "C", st.BAD_COMMUNICATION_ERROR: "C", st.BAD_TIMEOUT: "C", st.BAD_NOT_CONNECTED: "C",
        st.BAD_SENSOR_FAILURE: "S", st.BAD_DEVICE_FAILURE: "D", st.BAD_OUT_OF_SERVICE: "X",
        st.BAD_WAITING_FOR_INITIAL_DATA: "W", st.BAD_NODE_ID_UNKNOWN: "N", st.BAD_CONFIGURATION_ERROR: "K",
        st.BAD_OUT_OF_RANGE: "R",
    }.get(status & 0xFFFF0000, "?")  # fmt: skip


def mark_letter(sample: Sample | None) -> str:
    """Return the mark of a value that was not measured or stands still; empty for any other."""
    return "" if sample is None or shows_bad(sample) else mark_of(sample.status)


def mark_of(status: int) -> str:
    """Return the mark that a status gives to the value that has it."""
    if st.is_substitute(status):
        return "S"
    if st.is_frozen(status):
        return STANDS_STILL
    return "F" if (status & 0xFFFF0000) == st.GOOD_LOCAL_OVERRIDE else ""


def letter_of(sample: Sample | None, *, hatched: bool = True) -> str:
    """Return the letter in a box that belongs to a drawn value: its mark, or the cause where it is bad; else empty.

    Where a stale value is not ``hatched``, it has the letter of lost communication.
    """
    if shows_bad(sample):
        return cause_letter(st.BAD_NODE_ID_UNKNOWN if sample is None else sample.status)
    lost = cause_letter(st.BAD_NO_COMMUNICATION) if shows_stale(sample) and not hatched else ""
    return mark_letter(sample) or lost


def marked(text: str, sample: Sample | None) -> str:
    """Return a text with the mark of its value in square brackets behind it, where the value has one."""
    letter = mark_letter(sample)
    return f"{text} [{letter}]".strip() if letter else text


def mark_text(sample: Sample | None) -> str:
    """Return what the mark of a value means; empty where it has none."""
    translate = QCoreApplication.translate
    return {
        "S": translate("quality", "Substituted by an operator"),
        "F": translate("quality", "Forced or simulated: not measured"),
        STANDS_STILL: translate("quality", "Stands still: it has not moved for longer than it should"),
    }.get(mark_letter(sample), "")


def cause_text(status: int) -> str:
    """Return the cause of a bad value in one or two words."""
    translate = QCoreApplication.translate
    return {
        "C": translate("quality", "no link"), "S": translate("quality", "sensor"), "D": translate("quality", "device"),
        "X": translate("quality", "out of service"), "W": translate("quality", "waiting"),
        "N": translate("quality", "no such address"), "K": translate("quality", "configuration"),
        "R": translate("quality", "out of range"),
    }.get(cause_letter(status), translate("quality", "bad"))  # fmt: skip


def hatch(painter: QPainter, rect: QRect, theme: Theme, spared: QRect | None = None) -> None:
    """Draw the hatching of a stale value over it, but not over a letter in the rectangle ``spared``."""
    faint = QColor(theme.color("stale"))
    faint.setAlpha(120)
    painter.save()
    if spared is not None:
        painter.setClipRegion(QRegion(rect).subtracted(QRegion(spared)), Qt.ClipOperation.IntersectClip)
    painter.fillRect(rect, QBrush(faint, Qt.BrushStyle.BDiagPattern))
    painter.restore()
    painter.setPen(theme.color("stale"))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(rect.adjusted(0, 0, -1, -1))


def dotted(painter: QPainter, rect: QRect, theme: Theme) -> None:
    """Draw the dotted outline of an uncertain value."""
    painter.setPen(QPen(theme.color("dim"), 1, Qt.PenStyle.DotLine))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(rect.adjusted(0, 0, -1, -1))
