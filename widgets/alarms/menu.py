"""The menu of a line of an alarm summary: where to go, and what can be asked about the selected alarms."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMenu

from app.model.alarm_action import AlarmAction
from widgets.alarms.actions import fitting, words
from widgets.alarms.row import AlarmRow

_ACTIONS = (
    AlarmAction.ACKNOWLEDGE, AlarmAction.CONFIRM, AlarmAction.RESET, AlarmAction.COMMENT, AlarmAction.SHELVE,
    AlarmAction.UNSHELVE, AlarmAction.REMOVE_FROM_SERVICE, AlarmAction.RETURN_TO_SERVICE,
)  # fmt: skip
_RARE = frozenset({AlarmAction.CONFIRM, AlarmAction.RESET, AlarmAction.UNSHELVE, AlarmAction.RETURN_TO_SERVICE})
"""Left out where they fit no alarm; the others are there, not enabled."""


def add_places(menu: QMenu, places: Sequence[tuple[str, bool, Callable[[], None]]]) -> None:
    """Add where one can go: what it is called, whether there is such a place, and how to go there."""
    for text, there, go in places:
        if there:
            menu.addAction(text).triggered.connect(lambda _=False, chosen=go: chosen())


def add_asks(
    menu: QMenu, rows: Sequence[AlarmRow], ask: Callable[[AlarmAction], None], *, may: bool, comment: str
) -> None:
    """Add what can be asked about some alarms.

    Args:
        menu: to add to.
        rows: selected alarms.
        ask: called with the action.
        may: whether the user may act now.
        comment: as typed; the entry for adding it needs one.

    """
    if menu.actions():
        menu.addSeparator()
    for action in _ACTIONS:
        found = fitting(action, rows)
        if not found and action in _RARE:
            continue
        text = words(action)
        if action is AlarmAction.COMMENT:
            text = QCoreApplication.translate("AlarmAction", "Add the comment typed below")
        entry = menu.addAction(text)
        entry.setEnabled(may and bool(found) and (action is not AlarmAction.COMMENT or bool(comment)))
        entry.triggered.connect(lambda _=False, asked=action: ask(asked))
