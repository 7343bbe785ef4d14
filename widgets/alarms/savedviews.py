"""Views of a summary that have a name: list, filter, order and grouping."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QInputDialog, QToolButton, QWidget

from widgets.alarms.cells import Column
from widgets.alarms.filtering import AlarmFilter, AlarmList
from widgets.theme import HALF


@dataclass(frozen=True, slots=True)
class AlarmView:
    """What a summary shows, and how."""

    filter: AlarmFilter = field(default_factory=AlarmFilter)
    column: Column = Column.MARK
    descending: bool = False
    grouped: bool = False


def dump(views: dict[str, AlarmView]) -> str:
    """Return views as a text to be kept."""
    return json.dumps({name: asdict(view) for name, view in views.items()}, ensure_ascii=False)


def load(text: str) -> dict[str, AlarmView]:
    """Return the views of a kept text; what is no view is left out."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    views = {}
    for name, each in found.items() if isinstance(found, dict) else ():
        try:
            views[str(name)] = _view(each)
        except (KeyError, TypeError, ValueError):
            continue
    return views


def _view(data: dict[str, Any]) -> AlarmView:
    wanted = data["filter"]
    made = AlarmFilter(
        AlarmList(wanted["which"]), str(wanted["text"]), tuple(int(each) for each in wanted["priorities"]),
        str(wanted["area"]), str(wanted["place"]), bool(wanted["unacknowledged"]),
    )  # fmt: skip
    return AlarmView(made, Column(data["column"]), bool(data["descending"]), bool(data["grouped"]))


class ViewBox(QWidget):
    """Chooses a view, keeps the present one under a name, takes one away.

    Signals:
        chosen(object): the AlarmView to show.
        changed(str): the views of this desk, to be kept.

    """

    chosen = Signal(object)
    changed = Signal(str)

    def __init__(self, present: Callable[[], AlarmView]) -> None:
        super().__init__()
        self._present = present
        self._own: dict[str, AlarmView] = {}
        self._given = {
            self.tr("All active"): AlarmView(),
            self.tr("Unacknowledged"): AlarmView(AlarmFilter(unacknowledged=True)),
            self.tr("Priority 1 and 2"): AlarmView(AlarmFilter(priorities=(1, 2))),
            self.tr("By equipment"): AlarmView(grouped=True),
        }
        self.choice = QComboBox()
        self.choice.setAccessibleName(self.tr("Saved views"))
        self.choice.setToolTip(self.tr("Saved views"))
        self.save, self.drop = QToolButton(), QToolButton()
        for button, text, tip in (
            (self.save, "+", self.tr("Keep what is shown as a view of this desk")),
            (self.drop, "−", self.tr("Take this view of this desk away")),
        ):
            button.setText(text)
            button.setToolTip(tip)
            button.setAccessibleName(tip)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(HALF)
        for widget in (self.choice, self.save, self.drop):
            box.addWidget(widget)
        self.choice.activated.connect(self._choose)
        self.save.clicked.connect(self._ask_name)
        self.drop.clicked.connect(self._drop)
        self._fill()

    def keep(self, text: str) -> None:
        """Take the views of this desk as they were kept."""
        self._own = load(text)
        self._fill()

    def save_as(self, name: str) -> None:
        """Keep what is shown under a name; one of this desk with that name is replaced."""
        self._own[name] = self._present()
        self.changed.emit(dump(self._own))
        self._fill(name)

    def _choose(self) -> None:
        name = self.choice.currentText()
        self.drop.setEnabled(name in self._own)
        view = self._own.get(name) or self._given.get(name)
        if view is not None:
            self.chosen.emit(view)

    def _ask_name(self) -> None:
        dialog = QInputDialog(self)
        dialog.setLabelText(self.tr("Name of the view"))
        dialog.setWindowTitle(self.tr("Saved views"))
        dialog.textValueSelected.connect(lambda name: self.save_as(name.strip()) if name.strip() else None)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _drop(self) -> None:
        if self._own.pop(self.choice.currentText(), None) is not None:
            self.changed.emit(dump(self._own))
            self._fill()

    def _fill(self, name: str = "") -> None:
        self.choice.clear()
        self.choice.addItems([*self._given, *(each for each in self._own if each not in self._given)])
        self.choice.setCurrentIndex(max(0, self.choice.findText(name)))
        self.drop.setEnabled(name in self._own)
