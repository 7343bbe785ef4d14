"""The find box: tags, equipment and displays by any part of their name or description, in both languages."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QWidget

from app.model.plant import Plant
from widgets.wording import Wording

LIMIT: Final = 30


class FoundKind(StrEnum):
    """What was found."""

    DISPLAY = "display"
    EQUIPMENT = "equipment"
    TAG = "tag"


@dataclass(frozen=True, slots=True)
class Found:
    """One entry of the index."""

    kind: FoundKind
    name: str
    title: str
    words: str


class FindIndex:
    """Everything that can be found, with its words folded once."""

    def __init__(self, plant: Plant, wording: Wording) -> None:
        def entry(kind: FoundKind, name: str, en: str, zh: str) -> Found:
            return Found(kind, name, (zh or en) if wording.language.startswith("zh") else (en or zh),
                         f"{name} {en} {zh}".casefold())  # fmt: skip

        self._entries = [
            *(entry(FoundKind.DISPLAY, d.id, d.title.en, d.title.zh) for d in plant.displays.values()),
            *(entry(FoundKind.EQUIPMENT, e.name, e.title.en, e.title.zh) for e in plant.equipment.values()),
            *(entry(FoundKind.TAG, t.name, t.description.en, t.description.zh) for t in plant.tags.values()),
        ]

    def find(self, text: str, kind: FoundKind | None = None) -> list[Found]:
        """Return entries that contain every word, names that begin with it first."""
        words = text.casefold().split()
        if not words:
            return []
        hits = [e for e in self._entries if (kind is None or e.kind is kind) and all(w in e.words for w in words)]
        order = list(FoundKind)
        return sorted(
            hits, key=lambda e: (e.name.casefold() != words[0], not e.words.startswith(words[0]), order.index(e.kind))
        )[:LIMIT]


class FindBox(QLineEdit):
    """A line with a list below it; Up, Down, Return, Escape.

    Signals:
        chosen(object): the Found entry.

    """

    chosen = Signal(object)

    def __init__(self, plant: Plant, wording: Wording, kind: FoundKind | None = None, hint: str = "") -> None:
        super().__init__()
        self._plant, self._wording, self._kind = plant, wording, kind
        self._index: FindIndex | None = None
        self._list: QListWidget | None = None
        self.setPlaceholderText(hint or self.tr("Find tag, equipment, display…   Ctrl+K"))
        self.setClearButtonEnabled(True)
        self.textEdited.connect(self._search)
        self.returnPressed.connect(self._choose)

    def results(self) -> list[Found]:
        """Return what the present text finds."""
        if self._index is None:
            self._index = FindIndex(self._plant, self._wording)
        return self._index.find(self.text(), self._kind)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move in the list; Escape closes it."""
        shown = self._list is not None and self._list.isVisible()
        if event.key() in {Qt.Key.Key_Down, Qt.Key.Key_Up} and self._list is not None and shown:
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            self._list.setCurrentRow((self._list.currentRow() + step) % max(1, self._list.count()))
        elif event.key() == Qt.Key.Key_Escape:
            self._hide()
            self.clear()
            self.clearFocus()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Close the list when the window is resized or moved."""
        if event.type() in {QEvent.Type.Resize, QEvent.Type.Move}:
            self._hide()
        return False

    def focusOutEvent(self, event: object) -> None:
        """Close the list when the focus goes elsewhere."""
        super().focusOutEvent(event)  # type: ignore[arg-type]
        if self._list is not None and not self._list.underMouse():
            self._hide()

    def _search(self) -> None:
        results = self.results()
        if not results:
            self._hide()
            return
        shown = self._popup()
        shown.clear()
        names = {
            FoundKind.DISPLAY: self.tr("Display"),
            FoundKind.EQUIPMENT: self.tr("Equipment"),
            FoundKind.TAG: self.tr("Tag"),
        }
        for found in results:
            item = QListWidgetItem(f"{found.name}   {found.title}   · {names[found.kind]}")
            item.setData(Qt.ItemDataRole.UserRole, found)
            shown.addItem(item)
        shown.setCurrentRow(0)
        top = self.mapTo(self.window(), QPoint(0, self.height() + 2))
        shown.setGeometry(top.x(), top.y(), max(self.width(), 480), min(420, 30 * len(results) + 8))
        shown.show()
        shown.raise_()

    def _popup(self) -> QListWidget:
        if self._list is None:
            window: QWidget = self.window()
            self._list = QListWidget(window)
            self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._list.setUniformItemSizes(True)
            self._list.itemClicked.connect(lambda _: self._choose())
            window.installEventFilter(self)
        return self._list

    def _choose(self) -> None:
        item = self._list.currentItem() if self._list is not None and self._list.isVisible() else None
        found = item.data(Qt.ItemDataRole.UserRole) if item is not None else next(iter(self.results()), None)
        self._hide()
        if isinstance(found, Found):
            self.clear()
            self.clearFocus()
            self.chosen.emit(found)

    def _hide(self) -> None:
        if self._list is not None:
            self._list.hide()
