"""Codes of the journal in words: the engine writes codes, the window says them in its language."""

from PySide6.QtCore import QCoreApplication

from app.model.alarm import AlarmKind
from app.model.command import RefusalReason
from app.model.journal import ENGINE, JournalKind, JournalRow, SessionEnd
from app.model.plant import Plant
from app.model.substitution import end_and_reason
from app.model.text import LocalText
from widgets.wording import Wording


def kind_words(kind: JournalKind) -> str:
    """Return the name of what a row records."""
    translate = QCoreApplication.translate
    return {
        JournalKind.ALARM: translate("JournalModel", "Alarm"),
        JournalKind.COMMAND: translate("JournalModel", "Command"),
        JournalKind.ACCESS: translate("JournalModel", "Access"),
        JournalKind.CONNECTION: translate("JournalModel", "Connection"),
        JournalKind.SYSTEM: translate("JournalModel", "System"), JournalKind.NOTE: translate("JournalModel", "Note"),
        JournalKind.SUBSTITUTION: translate("JournalModel", "Substitution"),
        JournalKind.SENSOR: translate("JournalModel", "Sensor"),
    }[kind]  # fmt: skip


def alarm_kind_words(kind: AlarmKind) -> str:
    """Return the name of a type of alarm with its code."""
    translate = QCoreApplication.translate
    name = {
        AlarmKind.HIGH_HIGH: translate("AlarmKind", "Very high"), AlarmKind.HIGH: translate("AlarmKind", "High"),
        AlarmKind.LOW: translate("AlarmKind", "Low"), AlarmKind.LOW_LOW: translate("AlarmKind", "Very low"),
        AlarmKind.DISCRETE: translate("AlarmKind", "State"),
        AlarmKind.BAD_QUALITY: translate("AlarmKind", "Bad value"),
        AlarmKind.CONNECTION: translate("AlarmKind", "Connection"),
        AlarmKind.CONDITION: translate("AlarmKind", "Judged by a device"),
        AlarmKind.DEVIATION: translate("AlarmKind", "Deviation"),
        AlarmKind.RATE_OF_CHANGE: translate("AlarmKind", "Rate of change"),
        AlarmKind.DISCREPANCY: translate("AlarmKind", "Discrepancy"),
        AlarmKind.FROZEN: translate("AlarmKind", "Frozen"),
    }.get(kind, "")  # fmt: skip
    return f"{name} ({kind.value})" if name else kind.value


def object_words(row: JournalRow, plant: Plant, wording: Wording) -> str:
    """Return what a row is about: the title of a connection, the engine; else the id as it is."""
    if row.kind is JournalKind.CONNECTION and row.object in plant.connections:
        return wording.text(plant.connections[row.object].title) or row.object
    if row.kind is JournalKind.SYSTEM and row.object == ENGINE:
        return QCoreApplication.translate("JournalRow", "Engine")
    return row.object


def text_words(row: JournalRow, wording: Wording) -> str:
    """Return the text of a row; that of the engine's start and stop is made of its version and process."""
    if row.kind is JournalKind.SYSTEM and row.new and row.value is not None:
        return QCoreApplication.translate("JournalRow", "version {0}, process {1}").format(row.new, row.value)
    return wording.text(LocalText(row.text, row.text_zh))


def comment_words(row: JournalRow, wording: Wording) -> str:
    """Return what a user wrote, or the reason of what happened."""
    if row.kind is JournalKind.ACCESS and row.comment in set(SessionEnd):
        return session_end_words(SessionEnd(row.comment))
    if row.kind is JournalKind.SUBSTITUTION and row.event != "refused":
        return substitution_words(row, wording)
    return wording.text(LocalText(row.comment, row.comment_zh))


def substitution_words(row: JournalRow, wording: Wording) -> str:
    """Return until when a substitute stands, and why; of one that was ended, until when it would have stood."""
    end_ns, reason = end_and_reason(row.comment)
    if end_ns is None:
        return reason
    translate = QCoreApplication.translate
    ended = row.event == "clear"
    text = translate("JournalRow", "would have ended {0}: {1}") if ended else translate("JournalRow", "until {0}: {1}")
    return text.format(wording.date_time(end_ns), reason)


def session_end_words(end: SessionEnd) -> str:
    """Return why a session ended; nothing where the user logged out."""
    translate = QCoreApplication.translate
    return {
        SessionEnd.USER: "",
        SessionEnd.ANOTHER_LOGIN: translate("JournalRow", "another login at this desk"),
        SessionEnd.LINK_CLOSED: translate("JournalRow", "the console was closed or its link lost"),
        SessionEnd.EXPIRED: translate("JournalRow", "the session is over"),
        SessionEnd.ACCOUNT_CHANGED: translate("JournalRow", "the account was changed"),
    }[end]


def refusal_words(code: str) -> str:
    """Return the reason of a refusal in a word or two; a text that is no such code as it is."""
    if code not in set(RefusalReason):
        return code
    translate = QCoreApplication.translate
    return {
        RefusalReason.UNKNOWN_COMMAND: translate("JournalRow", "unknown command"),
        RefusalReason.NO_SESSION: translate("JournalRow", "not logged in"),
        RefusalReason.NO_PERMISSION: translate("JournalRow", "no permission"),
        RefusalReason.LOCAL_CONTROL: translate("JournalRow", "local control"),
        RefusalReason.LINK_DOWN: translate("JournalRow", "connection lost"),
        RefusalReason.BAD_QUALITY: translate("JournalRow", "bad quality"),
        RefusalReason.INTERLOCK: translate("JournalRow", "interlock"),
        RefusalReason.OUT_OF_RANGE: translate("JournalRow", "out of range"),
        RefusalReason.STEP_TOO_LARGE: translate("JournalRow", "step too large"),
        RefusalReason.NOT_SELECTED: translate("JournalRow", "not selected"),
        RefusalReason.SELECTION_EXPIRED: translate("JournalRow", "selection expired"),
        RefusalReason.CHANGED_SINCE_SELECT: translate("JournalRow", "changed since select"),
        RefusalReason.IN_PROGRESS: translate("JournalRow", "in progress"),
        RefusalReason.AUDIT_UNAVAILABLE: translate("JournalRow", "no audit"),
        RefusalReason.STALE_REQUEST: translate("JournalRow", "request too old"),
    }[RefusalReason(code)]
