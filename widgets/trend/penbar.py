"""The row of controls for the pens: saved group, find, scales, comparison; two rows where there is no room."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QComboBox,
    QInputDialog,
    QLabel,
    QMenu,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from widgets.flow import FlowLayout
from widgets.theme import HALF
from widgets.trend.compare import Compared, Comparison
from widgets.trend.groupbox import GroupBox
from widgets.trend.overflow import Overflow
from widgets.trend.pens import PenSet
from widgets.trend.period import parse_moment
from widgets.trend.plot import TrendPlot
from widgets.wording import Wording

_FINDER_PX: Final = 260
_LEAST_FINDER_PX: Final = 150
_LEAST_NOTE_PX: Final = 120


class PenBar(QWidget):
    """Controls of pens; ``menu`` takes the workspace's further actions.

    Signals:
        remove_wanted(): the current pen. compared(object): another Comparison. refused(str): why not.

    """

    remove_wanted = Signal()
    compared = Signal(object)
    refused = Signal(str)

    def __init__(
        self, pens: PenSet, plot: TrendPlot, groups: GroupBox, finder: QWidget | None, wording: Wording,
        now_ns: Callable[[], int],
    ) -> None:  # fmt: skip
        super().__init__()
        self._pens, self._plot, self._wording, self._now_ns = pens, plot, wording, now_ns
        self.note = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.note.setProperty("look", "label")
        self.note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.compare = QComboBox()
        self.compare.setAccessibleName(self.tr("Compare with"))
        for name, what in (
            (self.tr("No comparison"), Compared.NOTHING), (self.tr("Yesterday"), Compared.YESTERDAY),
            (self.tr("A week before"), Compared.LAST_WEEK), (self.tr("Picked time…"), Compared.PICKED),
        ):  # fmt: skip
            self.compare.addItem(name, what)
        self.compare.activated.connect(self._compare)
        self.shared = self._toggle(self.tr("Shared axis"), self.tr("One scale a unit (X)"), pens.set_shared)
        self.staggered = self._toggle(self.tr("Stagger"), self.tr("A band of its own a pen (S)"), pens.set_staggered)
        self.axes = self._toggle(self.tr("All axes"), self.tr("An axis for every scale (A)"), plot.show_all_axes)
        pens.changed.connect(self._show_scales)
        self.menu = QMenu(self)
        more = QToolButton()
        more.setText("⋯")
        more.setToolTip(self.tr("Export, print, analyse (F10)"))
        more.setAccessibleName(more.toolTip())
        more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        more.setMenu(self.menu)
        self.more = more
        row = FlowLayout(self, gap=HALF)
        row.add(groups)
        if finder is not None:
            finder.setMaximumWidth(_FINDER_PX)
            finder.setMinimumWidth(_LEAST_FINDER_PX)
            row.add(finder, grows=True)
        self.note.setMinimumWidth(_LEAST_NOTE_PX)
        row.add(self.note, grows=True)
        for widget in (self.compare, self.shared, self.staggered, self.axes):
            row.add(widget)
        buttons: list[QPushButton] = []
        for title, tip, do in (
            (self.tr("Fit"), self.tr("Scale to what is shown (F)"), pens.fit),
            (self.tr("Full range"), self.tr("Scale to the range of the tag (U)"), pens.full),
            (self.tr("Remove"), self.tr("Remove the current pen (Delete)"), self.remove_wanted.emit),
        ):
            button = QPushButton(title)
            button.setToolTip(tip)
            button.clicked.connect(lambda _=False, action=do: action())
            row.add(button)
            buttons.append(button)
        row.add(more)
        fit, full, remove = buttons
        self.overflow = Overflow(self.menu, [remove, full, self.axes, self.shared, self.staggered, fit])
        row.let_leave(self.overflow.buttons, self.overflow.show)

    def add_action(self, title: str, do: Callable[[], object], keys: str = "") -> QAction:
        """Add an entry to the menu."""
        action = self.menu.addAction(f"{title}\t{keys}" if keys else title)
        action.triggered.connect(lambda _=False: do())
        return action

    def _toggle(self, title: str, tip: str, do: Callable[[bool], None]) -> QPushButton:
        button = QPushButton(title)
        button.setCheckable(True)
        button.setToolTip(tip)
        button.toggled.connect(do)
        return button

    def _show_scales(self) -> None:
        """Show what a group brought along."""
        self.shared.setChecked(self._pens.shared)
        self.staggered.setChecked(self._pens.staggered)

    def _compare(self) -> None:
        what = Compared(self.compare.currentData(Qt.ItemDataRole.UserRole))
        if what is not Compared.PICKED:
            self.compared.emit(Comparison(what))
            return
        text, agreed = QInputDialog.getText(
            self, self.tr("Compare with"), self.tr("End of the window to compare with (YYYY-MM-DD HH:MM):")
        )
        at = parse_moment(text, self._wording.zone, self._now_ns()) if agreed else None
        if at is None:
            self.compare.setCurrentIndex(0)
            self.compared.emit(Comparison())
            if agreed:
                self.refused.emit(self.tr("'{0}' is no time of the plant's zone").format(text))
        else:
            self.compared.emit(Comparison(what, at))
