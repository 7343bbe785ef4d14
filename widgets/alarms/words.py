"""The states of alarms in words; alarm list and journal say the same."""

from collections.abc import Collection

from PySide6.QtCore import QCoreApplication

from app.model.alarm import AnnunciationState, Suppression


def state_words(state: AnnunciationState, suppression: Collection[Suppression] = ()) -> str:
    """Return a state in words; a suppressed alarm is called by its suppression, whatever it would be otherwise."""
    translate = QCoreApplication.translate
    if Suppression.SHELVED in suppression:
        return translate("AlarmState", "Shelved")
    if Suppression.OUT_OF_SERVICE in suppression:
        return translate("AlarmState", "Out of service")
    if Suppression.DESIGN in suppression:
        return translate("AlarmState", "Suppressed by design")
    return {
        AnnunciationState.UNACKNOWLEDGED: translate("AlarmState", "Unacknowledged"),
        AnnunciationState.ACKNOWLEDGED: translate("AlarmState", "Acknowledged"),
        AnnunciationState.RETURNED: translate("AlarmState", "Returned, unacknowledged"),
        AnnunciationState.NORMAL: translate("AlarmState", "Normal"),
    }[state]


def code_words(code: str) -> str:
    """Return a journal's state code (``NORM+DSUPR``) in words; a text that is no such code as it is."""
    state, *marks = code.split("+")
    if state not in set(AnnunciationState) or not set(marks) <= set(Suppression):
        return code
    return state_words(AnnunciationState(state), [Suppression(mark) for mark in marks])
