"""A lost connection is one alarm: the alarms of its tags are hidden behind it until each hears of its tag again. Pure.

Hidden are those that are not normal, for nobody knows what they are now; the others cannot become active meanwhile.
What an alarm was, acknowledged or not, is kept: it goes on with the first sample that tells of the device.
"""

from collections.abc import Callable
from dataclasses import replace

from app.alarms.annunciation import Annunciator
from app.alarms.by import By
from app.alarms.rules import Rule, RuleBook
from app.model.alarm import AlarmEventKind, Suppression
from app.model.alarm_state import AlarmTransition
from app.model.sample import Sample
from app.model.status import is_bad, tells_of_communication

_COMM = Suppression.COMMUNICATION


class RollUp:
    """Follows the connections. The alarms of the book in use may change; it is asked for anew."""

    def __init__(self, book: Callable[[], RuleBook]) -> None:
        self._book = book
        self._lost: dict[str, bool] = {}

    def connection_changed(self, connection_id: str, lost: bool) -> None:
        """Hear that a connection was lost or is back."""
        self._lost[connection_id] = lost

    def lost(self, connection_id: str) -> bool | None:
        """Tell whether a connection is lost; None where nothing is known of it."""
        return self._lost.get(connection_id)

    def is_cut_off(self, rule: Rule) -> bool:
        """Tell whether the loss of the connection of an alarm stands as an alarm of its own."""
        connection = rule.definition.connection
        if not connection or rule in self._book().connections.get(connection, ()) or not self._lost.get(connection):
            return False
        return self._stands(connection)

    def hide(self, connection_id: str, annunciator: Annunciator, now_ns: int) -> list[AlarmTransition]:
        """Hide what is not normal behind the alarm of its connection, once that stands."""
        if not self._stands(connection_id):
            return []
        result: list[AlarmTransition] = []
        for rule in self._book().children.get(connection_id, ()):
            if not rule.is_normal and _COMM not in rule.snapshot.suppression:
                shot = replace(rule.snapshot, suppression=rule.snapshot.suppression | {_COMM})
                result += annunciator.show(rule, shot, AlarmEventKind.SUPPRESS, By(now_ns), journalled=False)
        return result

    def heard(self, rule: Rule, annunciator: Annunciator, now_ns: int) -> list[AlarmTransition]:
        """Bring a hidden alarm back whose last sample tells of the device again; settle it after its evaluation."""
        if _COMM not in rule.snapshot.suppression or rule.sample is None or self._says_nothing(rule, rule.sample):
            return []
        shot = replace(rule.snapshot, suppression=rule.snapshot.suppression - {_COMM})
        return annunciator.show(rule, shot, AlarmEventKind.UNSUPPRESS, By(now_ns), journalled=False)

    def _says_nothing(self, rule: Rule, sample: Sample) -> bool:
        if not is_bad(sample.status):
            return False
        return tells_of_communication(sample.status) or bool(self._lost.get(rule.definition.connection))

    def _stands(self, connection_id: str) -> bool:
        return any(rule.condition.active for rule in self._book().connections.get(connection_id, ()))
