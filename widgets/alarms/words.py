"""States and values of alarms in words; alarm list and journal say the same."""

from collections.abc import Collection

from PySide6.QtCore import QCoreApplication

from app.model.alarm import AnnunciationState, Suppression
from app.model.alarm_state import AlarmSnapshot
from app.model.sample import Value
from app.model.tag import Tag
from widgets.quality import mark_of
from widgets.wording import Wording


def state_words(state: AnnunciationState, suppression: Collection[Suppression] = ()) -> str:
    """Return a state in words; a suppressed alarm is called by its suppression, whatever it would be otherwise."""
    translate = QCoreApplication.translate
    first = next((each for each in Suppression if each in suppression), None)
    if first is not None:
        return {
            Suppression.OUT_OF_SERVICE: translate("AlarmState", "Out of service"),
            Suppression.DESIGN: translate("AlarmState", "Suppressed by design"),
            Suppression.COMMUNICATION: translate("AlarmState", "Connection lost"),
            Suppression.SHELVED: translate("AlarmState", "Shelved"),
        }[first]
    return {
        AnnunciationState.UNACKNOWLEDGED: translate("AlarmState", "Unacknowledged"),
        AnnunciationState.ACKNOWLEDGED: translate("AlarmState", "Acknowledged"),
        AnnunciationState.RETURNED: translate("AlarmState", "Returned, unacknowledged"),
        AnnunciationState.LATCHED_UNACKNOWLEDGED: translate("AlarmState", "Latched, unacknowledged"),
        AnnunciationState.LATCHED_ACKNOWLEDGED: translate("AlarmState", "Latched, to be reset"),
        AnnunciationState.NORMAL: translate("AlarmState", "Normal"),
    }[state]


def snapshot_words(shot: AlarmSnapshot) -> str:
    """Return the state of an alarm in words; of one that a device judges also what it waits for, and if it is known."""
    words, external = state_words(shot.state, shot.suppression), shot.external
    if external is None:
        return words
    translate = QCoreApplication.translate
    if not shot.suppression and shot.state is AnnunciationState.ACKNOWLEDGED:
        if external.to_confirm and shot.active:
            words = translate("AlarmState", "Acknowledged, to be confirmed")
        elif not shot.active:
            words = translate("AlarmState", "Returned")
            if external.to_confirm:
                words = translate("AlarmState", "Returned, to be confirmed")
    return words if external.known else translate("AlarmState", "Not known now (last: {0})").format(words)


def code_words(code: str) -> str:
    """Return a journal's state code (``NORM+DSUPR``) in words; a text that is no such code as it is."""
    state, *marks = code.split("+")
    if state not in set(AnnunciationState) or not set(marks) <= set(Suppression):
        return code
    return state_words(AnnunciationState(state), [Suppression(mark) for mark in marks])


def value_words(value: Value, status: int, tag: Tag | None, wording: Wording) -> str:
    """Return a value of an alarm with its unit, and its mark where it was not measured; empty without a tag."""
    if tag is None:
        return ""
    text, mark = wording.with_unit(tag, value), mark_of(status)
    return f"{text} [{mark}]" if mark and value is not None else text
