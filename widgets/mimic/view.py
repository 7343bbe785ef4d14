"""The widget that shows one display."""

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QMenu, QToolTip, QWidget

from app.project.displays import Display
from widgets.drag import drag_tags
from widgets.live import TagHub
from widgets.mimic.pointing import Pointing, Target, find_targets, lone_values
from widgets.mimic.press import Press, tags_of
from widgets.mimic.scene import Scene
from widgets.mimic.stage import Stage
from widgets.mimic.tooltip import equipment_tooltip, value_tooltip
from widgets.theme import ThemeManager

_OPENING = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}


class MimicView(QWidget):
    """Shows a display with live values; a value or an equipment can be dragged onto a trend. GUI thread only.

    Signals:
        equipment_selected(str): an equipment was clicked, or Enter pressed on it.
        link_activated(str): a link to a display was opened.
        trends_requested(list): the trend of these tags is wanted (menu, T, double click or Enter on a value).

    """

    equipment_selected = Signal(str)
    link_activated = Signal(str)
    trends_requested = Signal(list)

    def __init__(self, hub: TagHub, themes: ThemeManager, language: str = "en", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._hub, self._themes, self._language = hub, themes, language
        self._display: Display | None = None
        self._stage = Stage(hub, self.update, self)
        self._stage.pause(True)
        self.pointing = Pointing()
        self._press = Press()
        themes.changed.connect(self._rebuild)
        hub.ticked.connect(self._stage.tick)
        hub.blinked.connect(self._stage.blink)
        hub.alarms_changed.connect(self._stage.refresh_all)
        hub.engine_alive.connect(self._stage.refresh_all)

    @property
    def display(self) -> Display | None:
        """The display shown."""
        return self._display

    @property
    def scene(self) -> Scene | None:
        """The live items of the current size; None before a display is set."""
        return self._stage.scene

    def set_display(self, display: Display | None) -> None:
        """Show a display; its tags are subscribed, those of the one before released."""
        self._display = display
        self.pointing.clear()
        self._rebuild()

    def set_language(self, language: str) -> None:
        """Show labels and states in another language (``en``, ``zh_CN``)."""
        self._language = language
        self._rebuild()

    def set_selected(self, equipment: str) -> None:
        """Outline an equipment (that of the open faceplate); empty for none."""
        if equipment != self.pointing.selected:
            self.pointing.selected = equipment
            self.update()

    def close_display(self) -> None:
        """Release every subscription; call before the widget goes."""
        self._stage.release()
        self._display = None

    def tag_at(self, point: QPoint) -> str:
        """Return the tag whose value, bar or course is at a point; empty where there is none."""
        return self._stage.tag_at(point)

    def tags_at(self, point: QPoint) -> list[str]:
        """Return what a trend takes from a point: a value, or what its type draws of an equipment."""
        target = self.pointing.at(point)
        return tags_of(self._hub.plant, self.tag_at(point), target.equipment if target is not None else "")

    def _rebuild(self) -> None:
        self._stage.release()
        if self._display is not None and self.width() > 1 and self.height() > 1:
            ratio = self.devicePixelRatioF()
            layout = self._stage.lay_out(self._display, self.size(), ratio, self._themes.theme, self._language)
            targets, values = find_targets(self._display, layout), self._stage.values()
            self.pointing.targets = [*targets, *lone_values(targets, values)]
        self.update()

    def _activate(self, target: Target) -> None:
        if target.equipment:
            self.set_selected(target.equipment)
            self.equipment_selected.emit(target.equipment)
        elif target.display:
            self.link_activated.emit(target.display)
        elif target.tag:
            self.trends_requested.emit([target.tag])

    def _trends_in(self, target: Target) -> list[tuple[str, list[str]]]:
        """Return by name what the keyboard may trend of a target: the equipment, then each value that stands in it."""
        whole = tags_of(self._hub.plant, target.tag, target.equipment)
        inside = [tag for tag, rect in self._stage.values() if not target.tag and target.rect.contains(rect.center())]
        first = [(whole[0] if len(whole) == 1 else target.equipment, whole)] if whole else []
        return [*first, *((tag, [tag]) for tag in dict.fromkeys(inside) if [tag] != whole)]

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground, the live items, then outlines of selection, hover and focus."""
        with QPainter(self) as painter:
            if self._stage.scene is None:
                painter.fillRect(event.rect(), self._themes.color("canvas"))
                return
            self._stage.paint(painter, event)
            self.pointing.paint(painter, self._themes.theme)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the display out anew."""
        self._rebuild()

    def showEvent(self, event: QShowEvent) -> None:
        """Resume deliveries."""
        self._stage.pause(False)

    def hideEvent(self, event: QHideEvent) -> None:
        """Pause deliveries: nobody looks."""
        self._stage.pause(True)

    def sizeHint(self) -> QSize:
        """Return the size that the built-in displays are drawn for."""
        return QSize(1420, 980)

    def minimumSizeHint(self) -> QSize:
        """Return the least size at which values can still be read."""
        return QSize(560, 400)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Outline what is pointed at; begin to drag what was pressed."""
        began = self._press.drags(event.position().toPoint())
        if began is not None and event.buttons() & Qt.MouseButton.LeftButton:
            names = self.tags_at(began)
            if names:
                drag_tags(self, names)
            return
        target = self.pointing.at(event.position().toPoint())
        changed = self.pointing.hover(target)
        for rect in changed:
            self.update(rect)
        if changed:
            self.setCursor(Qt.CursorShape.PointingHandCursor if target else Qt.CursorShape.ArrowCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Note what is pressed: a click, or the begin of a drag."""
        if event.button() is Qt.MouseButton.LeftButton:
            at = event.position().toPoint()
            self._press.begin(at, self.pointing.at(at))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Select the equipment or open the link clicked."""
        if event.button() is Qt.MouseButton.LeftButton:
            clicked = self._press.end(self.pointing.at(event.position().toPoint()))
            if clicked is not None:
                self._activate(clicked)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ask for the trend of the value clicked."""
        tag = self.tag_at(event.position().toPoint())
        if tag:
            self.trends_requested.emit([tag])

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer the trend of the value or equipment, and its faceplate; by the menu key those of the focused one."""
        at, target = event.pos(), self.pointing.at(event.pos())
        if event.reason() is QContextMenuEvent.Reason.Keyboard and self.pointing.focused is not None:
            target = self.pointing.focused
            at, trends = target.rect.center(), self._trends_in(target)
        else:
            names = self.tags_at(at)
            name = names[0] if len(names) == 1 or target is None else target.equipment
            trends = [(name, names)] if names else []
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name, names in trends:
            action = menu.addAction(self.tr("Trend of {0}").format(name))
            action.triggered.connect(lambda _=False, names=names: self.trends_requested.emit(names))
        if target is not None and not target.tag:
            text = self.tr("Open {0}").format(target.equipment or target.display)
            menu.addAction(text).triggered.connect(lambda: self._activate(target))
        if not menu.isEmpty():
            menu.popup(self.mapToGlobal(at))

    def event(self, event: QEvent) -> bool:
        """Show what a value or equipment is under the pointer."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            tag, target = self.tag_at(event.pos()), self.pointing.at(event.pos())
            text = value_tooltip(self._hub, tag, self._language) if tag else ""
            if not text and target is not None and target.equipment:
                text = equipment_tooltip(self._hub, target.equipment, self._language)
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Move among equipment and links; leave the widget after the last."""
        if self.pointing.step(forward):
            self.update()
            return True
        return super().focusNextPrevChild(forward)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Begin at the first or last target."""
        if event.reason() in {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason}:
            self.pointing.focus_end(first=event.reason() is Qt.FocusReason.TabFocusReason)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the focus outline; a menu gives the focus back where it was."""
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.pointing.unfocus()
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the focused equipment, link or value with Enter or Space; T shows the trend of what has one."""
        target = self.pointing.focused
        if event.key() == Qt.Key.Key_T and not event.modifiers() and target is not None:
            names = tags_of(self._hub.plant, target.tag, target.equipment)
            if names:
                self.trends_requested.emit(names)
            return
        if event.key() in _OPENING and target is not None:
            self._activate(target)
            return
        super().keyPressEvent(event)
