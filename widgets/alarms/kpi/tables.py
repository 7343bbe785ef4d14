"""What the lists of a report say, row by row: on screen and in its files."""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from app.model.alarm_kpi import AlarmKpiReport, StaleAlarm
from app.model.journal import JournalQuery
from widgets.alarms.kpi.behind import rows_of_alarm
from widgets.alarms.kpi.words import fault_words
from widgets.wording import DASH, THIN_SPACE, Wording


@dataclass(frozen=True, slots=True)
class Finding:
    """One alarm that is worth looking at: what is wrong with it, how much, since when; ``query``: its rows."""

    kind: str
    alarm: str
    much: str
    when: str
    query: JournalQuery


def findings(report: AlarmKpiReport, wording: Wording) -> Iterator[Finding]:
    """Yield stale, overdue, chattering and fleeting alarms."""
    translate = QCoreApplication.translate
    for stale in report.stale:
        yield Finding(
            translate("AlarmKpi", "Stale"),
            stale.alarm,
            _standing(stale, report, wording),
            _since(stale, wording),
            rows_of_alarm(report, stale.alarm, stale.since_ns),
        )
    for shelved in report.shelved:
        yield Finding(
            translate("AlarmKpi", "Shelved"),
            shelved.alarm,
            fault_words(shelved.fault, shelved.count),
            wording.date_time(shelved.since_ns),
            rows_of_alarm(report, shelved.alarm, shelved.since_ns),
        )
    for noisy in report.chattering:
        much = translate("AlarmKpi", "{0} times, {1} in all").format(noisy.episodes, noisy.annunciated)
        yield Finding(
            translate("AlarmKpi", "Chattering"),
            noisy.alarm,
            much,
            wording.date_time(noisy.last_ns),
            rows_of_alarm(report, noisy.alarm),
        )
    for each in report.fleeting:
        much = translate("AlarmKpi", "{0} times").format(each.count)
        yield Finding(translate("AlarmKpi", "Fleeting"), each.alarm, much, DASH, rows_of_alarm(report, each.alarm))


def response_rows(report: AlarmKpiReport, wording: Wording) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield priority, annunciations that want an acknowledgement, those not acknowledged, median and 95 %."""
    translate = QCoreApplication.translate
    for each in report.responses:
        name = translate("AlarmKpi", "All") if each.priority is None else str(each.priority)
        left = each.required - each.acknowledged
        median, late = (DASH if s is None else wording.duration(s) for s in (each.median_s, each.p95_s))
        yield name, wording.number(each.required, 0), wording.number(left, 0), median, late


def priority_rows(report: AlarmKpiReport, wording: Wording) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield priority, number and share as configured, number and share as annunciated."""
    configured = max(1, sum(each.configured for each in report.priorities))
    annunciated = max(1, sum(each.annunciated for each in report.priorities))
    for each in report.priorities:
        shares = (100 * each.configured / configured, 100 * each.annunciated / annunciated)
        first, second = (f"{wording.number(share, 1)}{THIN_SPACE}%" for share in shares)
        yield str(each.priority), str(each.configured), first, str(each.annunciated), second


def response_titles() -> tuple[str, ...]:
    """Return the titles of ``response_rows``."""
    translate = QCoreApplication.translate
    return (
        translate("AlarmKpi", "Priority"),
        translate("AlarmKpi", "Required"),
        translate("AlarmKpi", "Missing"),
        translate("AlarmKpi", "Median"),
        translate("AlarmKpi", "95 %"),
    )


def priority_titles() -> tuple[str, ...]:
    """Return the titles of ``priority_rows``."""
    translate = QCoreApplication.translate
    return (
        translate("AlarmKpi", "Priority"),
        translate("AlarmKpi", "Configured"),
        translate("AlarmKpi", "Share"),
        translate("AlarmKpi", "Annunciated"),
        translate("AlarmKpi", "Share"),
    )


def finding_titles() -> tuple[str, ...]:
    """Return the titles of the columns of ``findings``."""
    translate = QCoreApplication.translate
    return (
        translate("AlarmKpi", "Kind"),
        translate("AlarmKpi", "Alarm"),
        translate("AlarmKpi", "How much"),
        translate("AlarmKpi", "Since, last"),
    )


def _standing(stale: StaleAlarm, report: AlarmKpiReport, wording: Wording) -> str:
    translate = QCoreApplication.translate
    until_ns = report.to_ns if stale.to_ns is None else stale.to_ns
    text = wording.duration((until_ns - stale.since_ns) / 1e9)
    if not stale.since_known:
        text = translate("AlarmKpi", "over {0}").format(text)
    return translate("AlarmKpi", "{0}, still there").format(text) if stale.to_ns is None else text


def _since(stale: StaleAlarm, wording: Wording) -> str:
    text = wording.date_time(stale.since_ns)
    return text if stale.since_known else QCoreApplication.translate("AlarmKpi", "before {0}").format(text)
