"""The widget that shows one display."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QMenu, QToolTip, QWidget

from app.project.displays import Display, Frame, Link, Symbol
from widgets.live import Subscription, TagHub
from widgets.live.subscription import Batch
from widgets.mimic.atlas import Atlas
from widgets.mimic.context import Layout, outer
from widgets.mimic.item import Item
from widgets.mimic.scene import Scene, region_of
from widgets.mimic.static import paint_static
from widgets.mimic.tooltip import equipment_tooltip, value_tooltip
from widgets.mimic.values import ValueItem
from widgets.theme import Theme, ThemeManager

_MARGIN = 4


@dataclass(frozen=True)
class Target:
    """Something that can be pointed at: an equipment or a link."""

    rect: QRect
    equipment: str = ""
    display: str = ""


class MimicView(QWidget):
    """Shows a display with live values. GUI thread only.

    Signals:
        equipment_selected(str): an equipment was clicked, or Enter pressed on it.
        link_activated(str): a link to a display was opened.
        trend_requested(str): the trend of a tag is wanted (context menu, or double click on a value).

    """

    equipment_selected = Signal(str)
    link_activated = Signal(str)
    trend_requested = Signal(str)

    def __init__(self, hub: TagHub, themes: ThemeManager, language: str = "en", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._hub = hub
        self._themes = themes
        self._language = language
        self._display: Display | None = None
        self._scene: Scene | None = None
        self._static = QPixmap()
        self._targets: list[Target] = []
        self._selected = ""
        self._hovered: Target | None = None
        self._focused = -1
        self._subscription: Subscription | None = None
        self._next_age = 0
        themes.changed.connect(self._theme_changed)
        hub.ticked.connect(self._ticked)
        hub.blinked.connect(self._blinked)
        hub.alarms_changed.connect(self._refresh_all)
        hub.engine_alive.connect(self._refresh_all)

    # -- what is shown ------------------------------------------------------------------------------------------

    @property
    def display(self) -> Display | None:
        """The display shown."""
        return self._display

    @property
    def scene(self) -> Scene | None:
        """The live items of the current size; None before a display is set."""
        return self._scene

    def set_display(self, display: Display | None) -> None:
        """Show a display; its tags are subscribed, those of the one before released."""
        self._display = display
        self._selected, self._focused, self._hovered = "", -1, None
        self._rebuild()

    def set_language(self, language: str) -> None:
        """Show labels and states in another language (``en``, ``zh_CN``)."""
        self._language = language
        self._rebuild()

    def set_selected(self, equipment: str) -> None:
        """Outline an equipment (that of the open faceplate); empty for none."""
        if equipment != self._selected:
            self._selected = equipment
            self.update()

    def close_display(self) -> None:
        """Release every subscription; call before the widget goes."""
        if self._subscription is not None:
            self._subscription.close()
            self._subscription = None
        self._scene, self._display = None, None

    def _rebuild(self) -> None:
        if self._subscription is not None:
            self._subscription.close()
            self._subscription = None
        self._scene = None
        display = self._display
        if display is not None and self.width() > 1 and self.height() > 1:
            layout = self._layout(display, self._themes.theme)
            self._static = paint_static(display, layout, self.width(), self.height(), self.devicePixelRatioF())
            self._targets = self._find_targets(display, layout)
            # The first delivery comes at once, so that the scene is built from samples already known.
            scene = Scene(display, layout)
            self._scene = scene
            self._subscription = self._hub.subscribe(scene.tags, self._deliver)
            self._subscription.set_paused(not self.isVisible())
        self.update()

    def _layout(self, display: Display, theme: Theme) -> Layout:
        scale = min(self.width() / display.width, self.height() / display.height)
        left = (self.width() - display.width * scale) / 2
        return Layout(self._hub, theme, self._language, Atlas(), scale, left, 0.0)

    def _find_targets(self, display: Display, layout: Layout) -> list[Target]:
        framed = {element.equipment for element in display.elements if isinstance(element, Frame)}
        targets = []
        for element in display.elements:
            rect = outer(layout.rect(element.box))
            match element:
                case Frame():
                    targets.append(Target(rect, equipment=element.equipment))
                case Symbol() if element.equipment and element.equipment not in framed:
                    targets.append(Target(rect.adjusted(-4, -4, 4, 4), equipment=element.equipment))
                case Link():
                    targets.append(Target(rect, display=element.display))
        return targets

    # -- live ---------------------------------------------------------------------------------------------------

    def _deliver(self, batch: Batch) -> None:
        if self._scene is not None:
            self._repaint(self._scene.refresh_tags(set(batch)))

    def _repaint(self, items: list[Item]) -> None:
        if items:
            self.update(region_of(items))

    def _ticked(self, now_ns: int) -> None:
        if self._scene is None or not self.isVisible():
            return
        self._repaint(self._scene.refresh_sparks(now_ns))
        if now_ns >= self._next_age:
            self._next_age = now_ns + 1_000_000_000
            self._repaint(self._scene.refresh_stale())

    def _blinked(self) -> None:
        if self._scene is not None and self.isVisible():
            self._repaint(self._scene.refresh_blinking())

    def _refresh_all(self) -> None:
        if self._scene is not None:
            self._repaint(self._scene.refresh_all())

    def _theme_changed(self) -> None:
        self._rebuild()

    # -- painting -----------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the static pixmap, the live batches, then outlines of selection, hover and focus."""
        region = event.region()
        with QPainter(self) as painter:
            if self._scene is None:
                painter.fillRect(event.rect(), self._themes.color("canvas"))
                return
            painter.setClipRegion(region)
            ratio = self._static.devicePixelRatio()
            rect = event.rect()
            source = QRect(rect.topLeft() * ratio, rect.size() * ratio)
            painter.drawPixmap(rect, self._static, source)
            self._scene.paint(painter, region)
            self._paint_outlines(painter)

    def _paint_outlines(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        theme = self._themes.theme
        for index, target in enumerate(self._targets):
            selected = bool(self._selected) and target.equipment == self._selected
            focused = index == self._focused and self.hasFocus()
            if selected:
                painter.setPen(QPen(theme.color("selection"), 3))
            elif focused:
                painter.setPen(QPen(theme.color("selection"), 2, Qt.PenStyle.DashLine))
            elif target is self._hovered:
                painter.setPen(QPen(theme.color("equipment_edge"), 1.5))
            else:
                continue
            painter.drawRoundedRect(target.rect.adjusted(0, 0, -1, -1), 4, 4)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the display out anew."""
        self._rebuild()

    def showEvent(self, event: QShowEvent) -> None:
        """Resume deliveries."""
        if self._subscription is not None:
            self._subscription.set_paused(False)

    def hideEvent(self, event: QHideEvent) -> None:
        """Pause deliveries: nobody looks."""
        if self._subscription is not None:
            self._subscription.set_paused(True)

    def sizeHint(self) -> QSize:
        """Return the size that the built-in displays are drawn for."""
        return QSize(1420, 980)

    def minimumSizeHint(self) -> QSize:
        """Return the least size at which values can still be read."""
        return QSize(640, 440)

    # -- pointing -----------------------------------------------------------------------------------------------

    def target_at(self, point: QPoint) -> Target | None:
        """Return the equipment or link at a point; the smallest where several lie over one another."""
        found = [target for target in self._targets if target.rect.contains(point)]
        return min(found, key=lambda target: target.rect.width() * target.rect.height()) if found else None

    def tag_at(self, point: QPoint) -> str:
        """Return the tag whose value, bar or course is at a point; empty where there is none."""
        if self._scene is None:
            return ""
        found = [item for item in self._scene.items if item.rect.contains(point) and item.tags]
        found.sort(key=lambda item: (not isinstance(item, ValueItem), item.rect.width() * item.rect.height()))
        return found[0].tags[0] if found else ""

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Outline what is pointed at."""
        target = self.target_at(event.position().toPoint())
        if target is not self._hovered:
            old, self._hovered = self._hovered, target
            for changed in (old, target):
                if changed is not None:
                    self.update(changed.rect.adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN))
            self.setCursor(Qt.CursorShape.PointingHandCursor if target else Qt.CursorShape.ArrowCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select the equipment or open the link clicked."""
        if event.button() is Qt.MouseButton.LeftButton:
            target = self.target_at(event.position().toPoint())
            if target is not None:
                self._activate(target)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ask for the trend of the value clicked."""
        tag = self.tag_at(event.position().toPoint())
        if tag:
            self.trend_requested.emit(tag)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer the trend of the value and the faceplate of the equipment."""
        tag, target = self.tag_at(event.pos()), self.target_at(event.pos())
        menu = QMenu(self)
        if tag:
            menu.addAction(self.tr("Trend of {0}").format(tag)).triggered.connect(
                lambda: self.trend_requested.emit(tag)
            )
        if target is not None:
            menu.addAction(self.tr("Open {0}").format(target.equipment or target.display)).triggered.connect(
                lambda: self._activate(target)
            )
        if not menu.isEmpty():
            menu.popup(event.globalPos())

    def _activate(self, target: Target) -> None:
        if target.equipment:
            self.set_selected(target.equipment)
            self.equipment_selected.emit(target.equipment)
        elif target.display:
            self.link_activated.emit(target.display)

    def event(self, event: QEvent) -> bool:
        """Show what a value or equipment is under the pointer."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            tag, target = self.tag_at(event.pos()), self.target_at(event.pos())
            text = value_tooltip(self._hub, tag, self._language) if tag else ""
            if not text and target is not None and target.equipment:
                text = equipment_tooltip(self._hub, target.equipment, self._language)
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    # -- keyboard -----------------------------------------------------------------------------------------------

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Move among equipment and links; leave the widget after the last."""
        focused = self._focused + (1 if forward else -1)
        if 0 <= focused < len(self._targets):
            self._focused = focused
            self.update()
            return True
        return super().focusNextPrevChild(forward)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Begin at the first or last target."""
        if event.reason() is Qt.FocusReason.TabFocusReason:
            self._focused = 0 if self._targets else -1
        elif event.reason() is Qt.FocusReason.BacktabFocusReason:
            self._focused = len(self._targets) - 1
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the focus outline."""
        self._focused = -1
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the focused equipment or link with Enter or Space."""
        keys = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}
        if event.key() in keys and 0 <= self._focused < len(self._targets):
            self._activate(self._targets[self._focused])
            return
        super().keyPressEvent(event)
