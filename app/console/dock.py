"""The dock at the right: the faceplate of the chosen equipment; without one, the detail beside a display."""

from collections.abc import Iterable
from typing import Final

import shiboken6
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.console.context import Context
from app.console.detail import DetailPanel
from app.model.plant import DisplayEntry
from widgets.faceplate.faceplate import Faceplate
from widgets.faceplate.substitution import SubstituteDialog
from widgets.live import Subscription
from widgets.trend.source import HubSource

NARROW: Final = 340
WIDE: Final = 440
"""Least and most width (px); in between it takes what the display beside it leaves free."""
DETAIL_FROM: Final = 1200
"""From this width (px) of the window on, the dock stays open beside a display, with or without a selection."""
_TREND_TICKS: Final = 20


class SideDock(QWidget):
    """Owns the faceplate and its subscription. GUI thread only.

    Signals:
        equipment_changed(str): the equipment of the faceplate; empty when it was closed.
        trend_wanted(str): a tag whose trend is wanted.

    """

    equipment_changed = Signal(str)
    trend_wanted = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._subscription: Subscription | None = None
        self._beside_display = False
        self._ticks = 0
        self.faceplate: Faceplate | None = None
        self.detail = DetailPanel(context)
        self.setProperty("look", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(NARROW)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.addWidget(self.detail)
        self.hide()
        context.session.changed.connect(self._allow)
        context.hub.engine_alive.connect(self._allow)

    @property
    def equipment(self) -> str:
        """Name of the equipment whose faceplate is open; empty for none."""
        return self.faceplate.equipment.name if self.faceplate is not None else ""

    def open_equipment(self, name: str) -> None:
        """Show the faceplate of an equipment of the project."""
        self._drop()
        context = self._context
        equipment = context.plant.equipment[name]
        tags = [*equipment.members.values(), *([equipment.local_remote] if equipment.local_remote else [])]
        self._subscription = context.hub.subscribe(tags, lambda _: None)
        plate = self.faceplate = Faceplate(
            context.plant, equipment, context.hub.sample, context.book, HubSource(context.hub), context.port,
            context.themes, context.wording, self.close_faceplate, context.substitutions,
        )  # fmt: skip
        plate.trend_wanted.connect(self.trend_wanted)
        plate.substitute_wanted.connect(self._substitute)
        self._box.addWidget(plate)
        self._arrange()
        self._allow()
        plate.refresh_trend()
        self.equipment_changed.emit(name)

    def close_faceplate(self) -> None:
        """Close the faceplate; a selection in it is given up."""
        if self.faceplate is not None:
            self._drop()
            self._arrange()
            self.equipment_changed.emit("")

    def show_display(self, entry: DisplayEntry | None, tags: Iterable[str]) -> None:
        """Say which display stands beside the dock; None for a workspace that wants the whole width."""
        self._beside_display = entry is not None
        if entry is not None:
            self.detail.show_display(entry, tags)
        self._arrange()

    def fit(self, width: int, height: int, aspect: float) -> None:
        """Take what a page of this aspect leaves free of an area (px); ``aspect`` 0: any shape."""
        free = width - round(height * aspect) if aspect else width // 4
        self.setFixedWidth(max(NARROW, min(WIDE, free)))
        self._arrange()

    def tick(self) -> None:
        """Refresh what is live; driven by the hub's one timer."""
        if self.faceplate is not None:
            self.faceplate.refresh()
            self._ticks += 1
            if self._ticks % _TREND_TICKS == 0:
                self.faceplate.refresh_trend()

    def release(self) -> None:
        """Release the subscription, and give up a selection; called before the window goes."""
        self._drop()

    def _substitute(self, name: str) -> None:
        """Ask for a substitute, and keep asking until the engine has taken one."""
        context, tag = self._context, self._context.plant.tags[name]
        port = context.substitutions
        dialog = SubstituteDialog(tag, context.hub.sample(name), port.told(tag), context.wording, self)

        def refuse(reason: str) -> None:
            if shiboken6.isValid(dialog):
                dialog.refuse(reason)

        def accept() -> None:
            if shiboken6.isValid(dialog):
                dialog.accept()

        dialog.wanted.connect(
            lambda value, reason, seconds: port.substitute(tag, value, reason, seconds, accept, refuse)
        )
        dialog.open()

    def _drop(self) -> None:
        plate, self.faceplate = self.faceplate, None
        if self._subscription is not None:
            self._subscription.close()
            self._subscription = None
        if plate is not None:
            plate.commands.give_up()
            self._box.removeWidget(plate)
            plate.hide()
            plate.deleteLater()

    def _arrange(self) -> None:
        window = self.window()
        detail = self.faceplate is None and self._beside_display and window.width() >= DETAIL_FROM
        self.detail.setVisible(detail)
        self.setVisible(detail or self.faceplate is not None)

    def _allow(self) -> None:
        """Commands stop at once when link, engine or session is gone."""
        if self.faceplate is not None:
            session, alive = self._context.session, self._context.hub.alive
            why = session.why_not or ("" if alive else self.tr("The engine gives no sign of life"))
            self.faceplate.commands.set_may_operate(session.may_operate and alive, why)
