"""Giving a substitute for a bad sensor: the dialog, and what the menu of a value offers."""

import math
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QFormLayout, QLabel, QLineEdit, QMenu, QWidget

from app.model.sample import Sample, Value
from app.model.substitution import MAX_REASON
from app.model.tag import DataType, Tag
from widgets.faceplate.port import SubstitutionPort
from widgets.quality import NOT_KNOWN, marked, shows_bad
from widgets.wording import Wording

_WIDTH: Final = 420
_DURATIONS_S: Final = (1800, 3600, 2 * 3600, 4 * 3600, 8 * 3600, 24 * 3600)
_USUAL_S: Final = 2 * 3600
_NUMERIC: Final = frozenset({DataType.FLOAT, DataType.INT})


def _wrapped(text: str) -> QLabel:
    label = QLabel(text, textFormat=Qt.TextFormat.PlainText, wordWrap=True)
    label.setMinimumWidth(_WIDTH)
    return label


def add_substitution_actions(menu: QMenu, tag: Tag, port: SubstitutionPort, wanted: Callable[[str], None]) -> None:
    """Add to the menu of a value what can be done; what cannot be done now is there, but not enabled."""
    if tag.data_type is DataType.STRING:
        return
    translate = QCoreApplication.translate
    active, allowed = port.is_active(tag), not port.why_not and port.may(tag)
    text = translate("substitution", "New substitute…") if active else translate("substitution", "Substitute…")
    action = menu.addAction(text)
    action.triggered.connect(lambda _=False: wanted(tag.name))
    action.setEnabled(allowed)
    if active:
        action = menu.addAction(translate("substitution", "End substitute"))
        action.triggered.connect(lambda _=False: port.end(tag, lambda _reason: None))
        action.setEnabled(allowed)


class SubstituteDialog(QDialog):
    """Stays open until the engine has taken the substitute; deletes itself once it was closed.

    Signals:
        wanted(object, str, float): value, reason, duration (s).

    """

    wanted = Signal(object, str, float)

    def __init__(self, tag: Tag, sample: Sample | None, told: str, wording: Wording, parent: QWidget) -> None:
        """``told``: about the substitute that the tag has already; empty where it has none."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Substitute a value"))
        self._tag = tag
        self.number, self.state = QLineEdit(), QComboBox()
        numeric = tag.data_type in _NUMERIC
        unit = f" {tag.unit}" if tag.unit else ""
        self._span = f"{wording.number(tag.low, tag.decimals)} – {wording.number(tag.high, tag.decimals)}{unit}"
        self.number.setPlaceholderText(self._span)
        for number, text in tag.states or ((0, None), (1, None)):
            self.state.addItem(f"{number}  {wording.text(text)}" if text else str(number), number)
        self.duration = QComboBox()
        for seconds in _DURATIONS_S:
            self.duration.addItem(wording.duration(seconds), seconds)
        self.duration.setCurrentIndex(self.duration.findData(_USUAL_S))
        self.reason = QLineEdit()
        self.reason.setMaxLength(MAX_REASON)
        self.reason.setMinimumWidth(_WIDTH)
        self.why = _wrapped("")
        note = _wrapped(
            self.tr("The value is marked as substituted at every desk. Commands that depend on it stay blocked.")
        )
        note.setProperty("look", "label")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self.agree = buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.agree.setText(self.tr("Substitute"))
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(self.tr("Cancel"))
        buttons.accepted.connect(self._want)
        buttons.rejected.connect(self.reject)
        form = QFormLayout(self)
        title = QLabel(f"{wording.text(tag.description)}\n{tag.name}", textFormat=Qt.TextFormat.PlainText)
        title.setProperty("look", "name")
        form.addRow(title)
        now = NOT_KNOWN if shows_bad(sample) else wording.with_unit(tag, sample.value if sample is not None else None)
        known = _wrapped(told or marked(now, sample))
        form.addRow(self.tr("Now"), known)
        form.addRow(self.tr("Substitute"), self.number if numeric else self.state)
        form.addRow(self.tr("For"), self.duration)
        form.addRow(self.tr("Reason"), self.reason)
        form.addRow(note)
        form.addRow(self.why)
        form.addRow(buttons)
        self._texts = known, note, self.why
        self.number.textChanged.connect(self._look)
        self.reason.textChanged.connect(self._look)
        self._look()

    def refuse(self, reason: str) -> None:
        """Show why the substitute was not taken; it may be sent again."""
        self._look()
        self.why.setText(reason)
        self._make_room()

    def showEvent(self, event: QShowEvent) -> None:
        """Give the texts the height that they need."""
        super().showEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        for text in self._texts:  # a dialog is not as high as its lines by itself where they are wrapped
            text.setMinimumHeight(text.heightForWidth(max(_WIDTH, text.width())) if text.text() else 0)
        self.adjustSize()

    def value(self) -> Value:
        """Return what was entered; None where it is nothing that the tag can have."""
        tag = self._tag
        if tag.data_type not in _NUMERIC:
            state = int(self.state.currentData())
            return bool(state) if tag.data_type is DataType.BOOL else state
        text = self.number.text().strip().replace("\u202f", "").replace(" ", "").replace(",", ".").replace("−", "-")
        try:
            number = float(text)
        except ValueError:
            return None
        if not math.isfinite(number) or not tag.low <= number <= tag.high:
            return None
        if tag.data_type is DataType.INT:
            return int(number) if number.is_integer() else None
        return number

    def _look(self) -> None:
        right = self.value() is not None
        typed = bool(self.number.text().strip())
        problem = "" if right or not typed else self.tr("This is no number within {0}").format(self._span)
        if problem != self.why.text():
            self.why.setText(problem)
            self._make_room()
        self.agree.setEnabled(right and bool(self.reason.text().strip()))

    def _want(self) -> None:
        if self.agree.isEnabled():
            self.agree.setEnabled(False)
            self.wanted.emit(self.value(), self.reason.text().strip(), float(self.duration.currentData()))
