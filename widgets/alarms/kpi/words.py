"""The figures in words: title, value, band, and what each means. Screen and reports say the same."""

from typing import Final

from PySide6.QtCore import QCoreApplication

from app.alarms.kpi import TARGETS, Band, Figure
from app.model.alarm_kpi import DAY_NS, TEN_MINUTES_NS, AlarmKpiReport, ShelvingFault
from app.model.plant import Plant
from widgets.wording import DASH, THIN_SPACE, Wording

_SHARES: Final = frozenset({Figure.BUSY_HOURS, Figure.CROWDED, Figure.FLOOD, Figure.TOP_TEN, Figure.PRIORITIES})
_WHOLE_NS: Final = 30 * DAY_NS - TEN_MINUTES_NS
"""Figures of less than this are too short to judge by."""
_DECIMALS: Final = {Figure.PER_DAY: 1, Figure.PER_HOUR: 2, Figure.PER_TEN_MINUTES: 2}


def title(figure: Figure) -> str:
    """Return the name of a figure."""
    translate = QCoreApplication.translate
    return {
        Figure.PER_DAY: translate("AlarmKpi", "Alarms a day"),
        Figure.PER_HOUR: translate("AlarmKpi", "Alarms an hour"),
        Figure.PER_TEN_MINUTES: translate("AlarmKpi", "Alarms in 10 min"),
        Figure.MOST: translate("AlarmKpi", "Most in 10 min"),
        Figure.BUSY_HOURS: translate("AlarmKpi", "Hours over 30"),
        Figure.CROWDED: translate("AlarmKpi", "10 min over 10"),
        Figure.FLOOD: translate("AlarmKpi", "Time in flood"),
        Figure.TOP_TEN: translate("AlarmKpi", "Share of top ten"),
        Figure.CHATTERING: translate("AlarmKpi", "Chattering"),
        Figure.FLEETING: translate("AlarmKpi", "Fleeting"),
        Figure.STALE: translate("AlarmKpi", "Stale"),
        Figure.PRIORITIES: translate("AlarmKpi", "Priority 1 and 2"),
        Figure.ACKNOWLEDGED: translate("AlarmKpi", "Time to acknowledge"),
        Figure.SHELVED: translate("AlarmKpi", "Shelved overdue"),
    }[figure]


def definition(figure: Figure) -> str:
    """Return the definition of a figure in a line."""
    translate = QCoreApplication.translate
    return {
        Figure.PER_DAY: translate("AlarmKpi", "annunciated ÷ days of the period"),
        Figure.PER_HOUR: translate("AlarmKpi", "annunciated ÷ hours of the period"),
        Figure.PER_TEN_MINUTES: translate("AlarmKpi", "annunciated ÷ ten minutes of the period"),
        Figure.MOST: translate("AlarmKpi", "in any ten minutes (sliding)"),
        Figure.BUSY_HOURS: translate("AlarmKpi", "share of clock hours with more than 30"),
        Figure.CROWDED: translate("AlarmKpi", "share of clock 10 min with more than 10"),
        Figure.FLOOD: translate("AlarmKpi", "from over 10 to under 5 in 10 min"),
        Figure.TOP_TEN: translate("AlarmKpi", "ten most frequent alarms ÷ all"),
        Figure.CHATTERING: translate("AlarmKpi", "alarms 3 times or more within 60 s"),
        Figure.FLEETING: translate("AlarmKpi", "gone by itself within 10 s, untouched"),
        Figure.STALE: translate("AlarmKpi", "in alarm over 24 h; most on any day"),
        Figure.PRIORITIES: translate("AlarmKpi", "share of all annunciated"),
        Figure.ACKNOWLEDGED: translate("AlarmKpi", "median, 95 %; from annunciation"),
        Figure.SHELVED: translate("AlarmKpi", "beyond its time, or over 2 in 24 h"),
    }[figure]


def explanation(figure: Figure) -> str:
    """Return what a figure is computed of, exactly."""
    translate = QCoreApplication.translate
    return {
        Figure.PER_DAY: translate(
            "AlarmKpi",
            "Every alarm that was annunciated and not suppressed; one that annunciates anew after it was shelved "
            "counts again, returns and acknowledgements do not. ISA-18.2 of 2016 has no target a day any more: for "
            "information.",
        ),
        Figure.PER_HOUR: translate("AlarmKpi", "All annunciated alarms of the period divided by its hours."),
        Figure.PER_TEN_MINUTES: translate("AlarmKpi", "All annunciated alarms of the period divided by its windows."),
        Figure.MOST: translate(
            "AlarmKpi", "The most alarms in any window of ten minutes, wherever it begins; the end is not part of it."
        ),
        Figure.BUSY_HOURS: translate(
            "AlarmKpi",
            "Hours of the plant's clock with more than 30 annunciated alarms, of all that the period touches.",
        ),
        Figure.CROWDED: translate(
            "AlarmKpi", "Windows of ten minutes on the plant's clock with more than 10 annunciated alarms, of all."
        ),
        Figure.FLOOD: translate(
            "AlarmKpi",
            "A flood begins with the first ten minutes of the clock of more than 10 alarms, and ends before the first "
            "after it of fewer than 5. Share of the period.",
        ),
        Figure.TOP_TEN: translate("AlarmKpi", "What the ten most frequent alarms brought, of all annunciated alarms."),
        Figure.CHATTERING: translate(
            "AlarmKpi", "Alarms that were annunciated three times or more within 60 s, at least once in the period."
        ),
        Figure.FLEETING: translate(
            "AlarmKpi",
            "Alarms that returned in less than 10 s without any action of an operator, and did not chatter.",
        ),
        Figure.STALE: translate(
            "AlarmKpi",
            "Alarms that stood in the list as active for more than 24 h without a break, acknowledged or not, not "
            "suppressed; the most on any day of the plant. The journal is read from 7 days before the period on.",
        ),
        Figure.PRIORITIES: translate(
            "AlarmKpi",
            "Annunciated alarms of priority 1 and 2, of all. The aim is 80 % of priority 4, 15 % of 3, 5 % of 2 and "
            "less than 1 % of 1, as configured and as annunciated.",
        ),
        Figure.ACKNOWLEDGED: translate(
            "AlarmKpi",
            "Median of the times from when the engine knew the alarm to its acknowledgement, of those acknowledged in "
            "the period. 95 % of them were not slower than the second figure.",
        ),
        Figure.SHELVED: translate(
            "AlarmKpi",
            "Alarms that stayed shelved for a minute longer than they were to be, or were shelved for the third time "
            "within 24 h.",
        ),
    }[figure]  # fmt: skip


def band_words(band: Band) -> str:
    """Return a band in a word."""
    translate = QCoreApplication.translate
    return {
        Band.ACCEPTABLE: translate("AlarmKpi", "acceptable"),
        Band.MANAGEABLE: translate("AlarmKpi", "manageable"),
        Band.BEYOND: translate("AlarmKpi", "beyond"),
        Band.NONE: "",
    }[band]


def value_words(figure: Figure, value: float | None, report: AlarmKpiReport, wording: Wording) -> str:
    """Return the value of a figure with its unit."""
    if value is None:
        return DASH
    if figure in _SHARES:
        return f"{wording.number(value * 100, 1)}{THIN_SPACE}%"
    if figure is Figure.ACKNOWLEDGED:
        p95_s = report.response.p95_s or 0.0
        return f"{wording.duration(value)} / {wording.duration(p95_s)}"
    return wording.number(value, _DECIMALS.get(figure, 0))


def target_words(figure: Figure, wording: Wording) -> str:
    """Return the bounds of the bands, such as ``≤ 150, ≤ 300``; empty where there is no target."""
    target = TARGETS.get(figure)
    if target is None:
        return ""

    def bound(value: float, sign: str) -> str:
        if figure in _SHARES:
            return f"{sign} {wording.number(value * 100, 0)}{THIN_SPACE}%"
        return f"{sign} {wording.number(value, 0)}"

    first = bound(target.acceptable, "<" if target.below else "≤")
    return first if target.manageable is None else f"{first}, {bound(target.manageable, '≤')}"


def alarm_words(alarm: str, plant: Plant, wording: Wording) -> str:
    """Return the text of an alarm beside its id; the id alone of one that the project does not have."""
    known = plant.alarms.get(alarm)
    text = wording.text(known.text) if known is not None else ""
    return f"{text}  {alarm}" if text else alarm


def fault_words(fault: ShelvingFault, count: int) -> str:
    """Return what is wrong with a shelving."""
    translate = QCoreApplication.translate
    if fault is ShelvingFault.OVER_TIME:
        return translate("AlarmKpi", "shelved beyond its time")
    return translate("AlarmKpi", "shelved {0} times in 24 h").format(count)


def period_words(report: AlarmKpiReport, plant: Plant, wording: Wording) -> str:
    """Return period and position in a line."""
    translate = QCoreApplication.translate
    position = plant.positions.get(report.position)
    whose = wording.text(position.title) if position is not None else translate("AlarmKpi", "whole plant")
    since, until = (wording.date_time(ns)[:-3] for ns in (report.from_ns, report.to_ns))
    text = translate("AlarmKpi", "{0} to {1}, {2}: {3} annunciated of {4} alarms")
    line = text.format(since, until, whose, wording.number(report.annunciated, 0), wording.number(report.alarms, 0))
    if report.length_ns < _WHOLE_NS:
        line += translate("AlarmKpi", " · under 30 days: tells what happened, not how good the alarms are")
    return line
