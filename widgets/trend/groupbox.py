"""Choosing and saving a group: its name, and "changed, not saved" beside it."""

import re

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QInputDialog, QLabel, QPushButton, QWidget

from app.model.plant import TrendGroup
from app.model.text import LocalText
from widgets.theme import HALF
from widgets.trend.conflict import ConflictDialog
from widgets.trend.groups import Conflict, GroupBook
from widgets.wording import Wording


class GroupBox(QWidget):
    """A list of groups and a Save button; ``ask_name`` may be replaced."""

    def __init__(self, book: GroupBook, wording: Wording) -> None:
        super().__init__()
        self._book, self._wording = book, wording
        self._listed: list[tuple[str, LocalText, bool]] | None = None
        self.choice = QComboBox()
        self.choice.setAccessibleName(self.tr("Trend group"))
        self.choice.setMinimumWidth(180)
        self.choice.activated.connect(self._choose)
        self.state = QLabel()
        self.state.setProperty("look", "label")
        self.save = QPushButton(self.tr("Save…"))
        self.save.clicked.connect(self._save)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(HALF)
        row.addWidget(self.choice)
        row.addWidget(self.state)
        row.addWidget(self.save)
        book.changed.connect(self.refresh)
        book.conflicted.connect(self._ask)
        self.refresh()

    def refresh(self) -> None:
        """Show the list, the group, and whether it was changed."""
        keys = list(self._book.groups)
        listed = [(key, self._book.groups[key].title, key in self._book.private) for key in keys]
        if listed != self._listed:
            self._listed = listed
            self.choice.clear()
            self.choice.addItem(self.tr("Trend group…"), "")
            for key in keys:
                title = self._wording.text(self._book.groups[key].title) or key
                mine = self.tr("{0} (this desk)").format(title) if key in self._book.private else title
                self.choice.addItem(mine, key)
        shown = self._book.key if self._book.current is not None else ""
        self.choice.setCurrentIndex(max(0, self.choice.findData(shown)))
        changed = self._book.is_changed
        self.state.setText(self.tr("changed, not saved") if changed else "")
        self.save.setVisible(self._book.may_save and changed)
        self.save.setToolTip(
            self.tr("Save into the project, for all desks")
            if self._book.saves_shared
            else self.tr("Save for this desk; an engineer saves for all")
        )

    def _choose(self) -> None:
        self._book.show(str(self.choice.currentData() or ""))

    def _ask(self, conflict: Conflict) -> None:
        ask = ConflictDialog(conflict, self._wording, self)
        ask.replace_wanted.connect(lambda: self._book.replace(conflict))
        ask.rename_wanted.connect(self._save)
        ask.theirs_wanted.connect(lambda: self._book.take(conflict))
        ask.open()

    def _save(self) -> None:
        current = self._book.current
        title = self._wording.text(current.title) if current is not None else ""
        name, agreed = QInputDialog.getText(self, self.tr("Save the group"), self.tr("Name:"), text=title)
        if agreed and name.strip():
            self.save_as(name.strip())

    def save_as(self, name: str) -> None:
        """Save what is shown under a name; the group of that name is replaced."""
        for group in self._book.groups.values():
            if name in {group.title.en, group.title.zh}:
                self._book.save(group)
                return
        key = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:28]
        key = key if key[:1].isalpha() else f"group-{key}".rstrip("-")
        number, chosen = 1, key
        while chosen in self._book.groups:
            number += 1
            chosen = f"{key}-{number}"
        zh = name if self._wording.language.startswith("zh") else ""
        self._book.save(TrendGroup(chosen, LocalText(name, zh), ()))
