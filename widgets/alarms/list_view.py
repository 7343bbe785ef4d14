"""The alarm workspace: joins lists, filters, areas, table, guidance and actions; each is a module of its own."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from app.model.alarm_action import AlarmAction
from app.model.clock import Clock, SystemClock
from app.model.flood import FloodState
from app.model.plant import Plant
from widgets.alarms.actionbar import ActionBar
from widgets.alarms.actions import AlarmAsk, fitting, pairs_of
from widgets.alarms.areatree import AreaTree
from widgets.alarms.askdialog import AskDialog
from widgets.alarms.book import AlarmBook
from widgets.alarms.filterbar import FilterBar
from widgets.alarms.filtering import AlarmFilter, AlarmList
from widgets.alarms.floodbar import FloodBar
from widgets.alarms.guidance import GuidancePanel
from widgets.alarms.listbar import ListBar
from widgets.alarms.menu import add_asks, add_places
from widgets.alarms.model import AlarmModel
from widgets.alarms.outofservice import OutOfServiceDialog
from widgets.alarms.row import AlarmRow
from widgets.alarms.savedviews import AlarmView, ViewBox
from widgets.alarms.shelving import ShelveDialog
from widgets.alarms.table import AlarmTable
from widgets.theme import GAP, HALF, STEP, ThemeManager
from widgets.wording import Wording

_SECOND_MS: Final = 1000
_ENOUGH: Final = 500
"""So many of the selected alarms are looked at to know which buttons make sense."""
_TREE_FROM: Final = 960
"""The areas stand beside the table from this width (px) on."""
_NARROW: Final = 1400
_GUIDANCE_FROM: Final = 540
"""The guidance stands below the table from this height (px) on."""


class AlarmListPage(QWidget):
    """The alarm workspace.

    Signals:
        acknowledge(object, str): list of (alarm id, event id), and a comment.
        asked(object, object): an AlarmAsk, and whom to tell why it was refused (an empty list: it was not).
        opened(object): the AlarmRow of a line that was activated.
        display_wanted(object), trend_wanted(object), faceplate_wanted(object): an AlarmRow.
        views_changed(str): the views of this desk, to be kept (``keep_views``).

    """

    acknowledge = Signal(object, str)
    asked = Signal(object, object)
    opened = Signal(object)
    display_wanted = Signal(object)
    trend_wanted = Signal(object)
    faceplate_wanted = Signal(object)
    views_changed = Signal(str)

    def __init__(
        self, plant: Plant, book: AlarmBook, themes: ThemeManager, wording: Wording, clock: Clock | None = None
    ) -> None:
        super().__init__()
        clock = clock or SystemClock()
        self._plant, self._book, self._wording = plant, book, wording
        self._may = False
        self.model = AlarmModel(plant, book, wording, clock)
        self.model.setParent(self)
        self.table = AlarmTable(self.model, themes, self.tr("Alarms"))
        self.lists = ListBar(book, wording)
        self.views = ViewBox(self.view)
        self.filters = FilterBar(self.views)
        self.areas = AreaTree(plant, book, wording)
        self.flood = FloodBar(wording)
        self.guidance = GuidancePanel(plant, themes, wording, clock)
        self.actions_bar = ActionBar()
        self._second = QTimer(self, interval=_SECOND_MS)
        self._lay_out()
        self._connect()
        self._add_keys()
        self._show_filter()

    def set_may_acknowledge(self, may: bool, why: str = "") -> None:
        """Enable or disable what asks the engine for something; ``why`` not."""
        self._may = may
        self.actions_bar.set_may(may, why)

    def selected_rows(self) -> list[AlarmRow]:
        """Return the alarms of the selected lines."""
        return self.table.selected()

    def visible_rows(self) -> list[AlarmRow]:
        """Return the alarms whose line is on screen now; acknowledging the page never reaches a hidden one."""
        return self.table.on_screen()

    def view(self) -> AlarmView:
        """Return what is shown, and how."""
        return AlarmView(self.model.filter, *self.model.sorting, self.model.grouped)

    def show_view(self, view: AlarmView) -> None:
        """Show a view."""
        self.model.group(view.grouped)
        order = Qt.SortOrder.DescendingOrder if view.descending else Qt.SortOrder.AscendingOrder
        self.table.sortByColumn(view.column, order)
        self._want(view.filter)

    def keep_views(self, text: str) -> None:
        """Take the views of this desk, as ``views_changed`` gave them."""
        self.views.keep(text)

    def show_list(self, which: AlarmList) -> None:
        """Show one of the lists, whole."""
        self._want(AlarmFilter(which))

    def show_flood(self, state: FloodState) -> None:
        """Take the engine's judgement whether more alarms come than can be answered."""
        self.flood.show_state(state)

    def blink(self, lit: bool) -> None:
        """Show the other phase of the marks of what is unacknowledged."""
        self.table.blink(lit)

    def resizeEvent(self, event: object) -> None:
        """Leave out what there is no room for: areas, saved views, guidance, buttons that the menu has too."""
        wide = self.width() >= _TREE_FROM
        self.areas.setVisible(wide)
        self.areas.set_narrow(self.width() < _NARROW)
        self.views.setVisible(wide)
        self.actions_bar.set_brief(not wide)
        self.guidance.setVisible(self.height() >= _GUIDANCE_FROM)

    def showEvent(self, event: object) -> None:
        """Count times down while visible."""
        self._second.start()

    def hideEvent(self, event: object) -> None:
        """Rest while hidden."""
        self._second.stop()

    def _lay_out(self) -> None:
        middle = QHBoxLayout()
        middle.setSpacing(STEP)
        middle.addWidget(self.areas)
        middle.addWidget(self.table, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(GAP, GAP, GAP, GAP)
        box.setSpacing(STEP + HALF)
        for bar in (self.lists, self.filters, self.flood):
            box.addWidget(bar)
        box.addLayout(middle, 1)
        box.addWidget(self.guidance)
        box.addWidget(self.actions_bar)

    def _connect(self) -> None:
        self.lists.chosen.connect(self.show_list)
        self.filters.narrowed.connect(self._narrow)
        self.filters.grouping_wanted.connect(self._group_by_hand)
        self.filters.reset_wanted.connect(lambda: self.show_list(self.model.filter.which))
        self.areas.chosen.connect(lambda area, place: self._narrow({"area": area, "place": place}))
        self.views.chosen.connect(self.show_view)
        self.views.changed.connect(self.views_changed)
        self.flood.grouping_wanted.connect(self._group)
        self.table.opened.connect(self.opened)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._show_menu)
        self.table.keeper.changed.connect(self._show_selection)
        self.table.verticalScrollBar().valueChanged.connect(self._show_actions)
        self.model.rearranged.connect(self._show_actions)
        self.guidance.display_wanted.connect(self.display_wanted)
        self.guidance.trend_wanted.connect(self.trend_wanted)
        self.guidance.faceplate_wanted.connect(self.faceplate_wanted)
        self.actions_bar.wanted.connect(self._act)
        self.actions_bar.page_wanted.connect(lambda: self._acknowledge(self.visible_rows()))
        self._second.timeout.connect(self._tick)

    def _add_keys(self) -> None:
        keys: dict[str, Callable[[], object]] = {
            "A": partial(self._act, AlarmAction.ACKNOWLEDGE), "Shift+A": self.actions_bar.visible_page.click,
            "S": partial(self._act, AlarmAction.SHELVE), "U": partial(self._act, AlarmAction.UNSHELVE),
            "R": partial(self._act, AlarmAction.RESET), "O": partial(self._act, AlarmAction.REMOVE_FROM_SERVICE),
            "I": partial(self._act, AlarmAction.RETURN_TO_SERVICE), "C": self.actions_bar.comment.setFocus,
            "D": self.guidance.display.click, "T": self.guidance.trend.click, "F": self.guidance.faceplate.click,
            "G": self.filters.grouped.click, "/": self.filters.text.setFocus,
            "Menu": self._show_menu_here,
        }  # fmt: skip
        for key, action in keys.items():
            shortcut = QShortcut(QKeySequence(key), self.table)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(action)

    def _narrow(self, parts: dict[str, Any]) -> None:
        self.model.narrow(**parts)
        self._show_filter()

    def _want(self, wanted: AlarmFilter) -> None:
        self.model.want(wanted)
        self._show_filter()

    def _group(self, on: bool) -> None:
        self.model.group(on)
        self._show_filter()

    def _group_by_hand(self, on: bool) -> None:
        self.flood.decided()
        self._group(on)

    def _show_filter(self) -> None:
        wanted, grouped = self.model.filter, self.model.grouped
        self.lists.show_list(wanted.which)
        self.filters.show_filter(wanted, grouped=grouped)
        self.areas.show_list(wanted.which)
        self.areas.show_chosen(wanted.area, wanted.place)
        self.flood.show_grouped(grouped)
        self.table.show_list(wanted.which)
        self.actions_bar.show_list(wanted.which)
        self._show_actions()

    def _show_selection(self) -> None:
        self.guidance.show_row(self.model.row(self.table.currentIndex().row()))
        self._show_actions()

    def _show_actions(self) -> None:
        page = any(row.snapshot.unacknowledged for row in self.visible_rows())
        self.actions_bar.show_rows(self.table.selected(_ENOUGH), page=page)

    def _act(self, action: AlarmAction) -> None:
        rows = fitting(action, self.selected_rows())
        if not rows or not self._may:
            return
        if action is AlarmAction.ACKNOWLEDGE:
            self._acknowledge(rows)
        elif action is AlarmAction.SHELVE:
            self._ask_more(ShelveDialog(rows, self._wording, self))
        elif action is AlarmAction.REMOVE_FROM_SERVICE:
            self._ask_more(OutOfServiceDialog(rows, self._wording, self))
        else:
            self.asked.emit(AlarmAsk(action, pairs_of(rows), self.actions_bar.take_comment()), _nobody)

    def _acknowledge(self, rows: list[AlarmRow]) -> None:
        pairs = pairs_of(fitting(AlarmAction.ACKNOWLEDGE, rows))
        if pairs:
            self.acknowledge.emit(list(pairs), self.actions_bar.take_comment())

    def _ask_more(self, dialog: AskDialog) -> None:
        dialog.wanted.connect(lambda ask: self.asked.emit(ask, dialog.answer))
        dialog.open()

    def _show_menu_here(self) -> None:
        self._show_menu(self.table.visualRect(self.table.currentIndex()).center())

    def _show_menu(self, at: QPoint) -> None:
        row = self.model.row(self.table.indexAt(at).row())
        if row is None:
            return
        rows = self.selected_rows()
        rows = rows if row in rows else [row]
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        self.model.hold(True)
        menu.aboutToHide.connect(partial(self.model.hold, False))
        definition = row.definition
        add_places(
            menu,
            [
                (self.tr("Display"), True, partial(self.display_wanted.emit, row)),
                (self.tr("Trend"), definition.tag in self._plant.tags, partial(self.trend_wanted.emit, row)),
                (self.tr("Faceplate"), definition.equipment in self._plant.equipment,
                 partial(self.faceplate_wanted.emit, row)),
            ],
        )  # fmt: skip
        add_asks(menu, rows, self._act, may=self._may, comment=self.actions_bar.comment.text().strip())
        menu.popup(self.table.viewport().mapToGlobal(at))

    def _tick(self) -> None:
        self.guidance.tick()
        if self.model.filter.which is AlarmList.SHELVED:
            self.table.viewport().update()  # times that are left


def _nobody(_refusals: Sequence[str]) -> None:
    """Tell nobody: the banner says it."""
