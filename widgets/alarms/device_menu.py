"""What can be asked of a device about alarms that it judges itself, as entries of a menu."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMenu

from app.model.alarm import Suppression
from app.model.alarm_action import AlarmAction
from app.model.alarm_state import ExternalState
from widgets.alarms.book import AlarmRow

SHELVING_S: Final = (900, 3600, 8 * 3600)
"""Offered times; how long an alarm may be shelved is the device's decision."""

Fits = Callable[[AlarmRow, ExternalState], bool]
Ask = Callable[[AlarmAction, list[tuple[str, str]], float], None]


def add_device_entries(menu: QMenu, rows: Sequence[AlarmRow], comment: str, ask: Ask, *, may: bool) -> None:
    """Add the entries for those of some rows that a device judges; none where there are none of these.

    Args:
        menu: to add to.
        rows: selected alarms.
        comment: as typed; the entry for adding it needs one.
        ask: called with the action, pairs of alarm id and event id, and the time of shelving (s).
        may: whether the user may act now.

    """
    mine = [(row, row.snapshot.external) for row in rows if row.snapshot.external is not None]
    if not mine:
        return
    translate = QCoreApplication.translate

    def entry(
        text: str, action: AlarmAction, fits: Callable[[AlarmRow, ExternalState], bool], time_s: float = 0
    ) -> None:
        pairs = [(row.snapshot.id, row.snapshot.event_id) for row, external in mine if fits(row, external)]
        added = menu.addAction(text)
        added.setEnabled(may and bool(pairs))
        added.triggered.connect(lambda _=False: ask(action, pairs, time_s))

    def shelvable(row: AlarmRow, external: ExternalState) -> bool:
        return external.can_shelve and Suppression.SHELVED not in row.snapshot.suppression

    if menu.actions():
        menu.addSeparator()
    entry(translate("DeviceMenu", "Confirm"), AlarmAction.CONFIRM, lambda _row, external: external.to_confirm)
    add = translate("DeviceMenu", "Add the comment typed below")
    entry(add, AlarmAction.COMMENT, lambda _row, _external: bool(comment))
    for time_s in SHELVING_S:
        hours, minutes = divmod(time_s // 60, 60)
        text = translate("DeviceMenu", "Shelve for {0} h").format(hours)
        if not hours:
            text = translate("DeviceMenu", "Shelve for {0} min").format(minutes)
        entry(text, AlarmAction.SHELVE, shelvable, time_s)
    entry(translate("DeviceMenu", "Shelve until it returns"), AlarmAction.SHELVE_ONCE, shelvable)
    entry(
        translate("DeviceMenu", "Unshelve"),
        AlarmAction.UNSHELVE,
        lambda row, _external: Suppression.SHELVED in row.snapshot.suppression,
    )
