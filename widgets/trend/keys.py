"""Keys of a trend: everything that the mouse can do. The operator guide lists them."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from widgets.trend.steps import RulerSteps
from widgets.trend.timebar import PRESETS_S

if TYPE_CHECKING:
    from widgets.trend.workspace import TrendWorkspace


def add_keys(widget: QWidget, actions: Mapping[str, Callable[[], object]]) -> None:
    """Bind keys while the focus is in a widget; what is typed into a field stays there."""
    for keys, action in actions.items():
        shortcut = QShortcut(QKeySequence(keys), widget)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(action)


def add_trend_keys(trend: "TrendWorkspace", more: Mapping[str, Callable[[], object]]) -> None:
    """Bind the keys of a trend, and those of its menu."""
    go, tools, times, pen = trend.navigator, trend.tools, trend.times, trend.current_pen
    steps = RulerSteps(trend.plot, go)

    def zoom() -> None:
        if not steps.zoom_between():
            times.box.toggle()

    keys: dict[str, Callable[[], object]] = {
        str(number): partial(go.show_span, seconds) for number, seconds in enumerate(PRESETS_S, 1)
    }
    keys |= {
        "L": go.go_live, "End": go.go_live, "Backspace": go.back, "Shift+Backspace": go.forward,
        "+": lambda: go.zoom(0.5), "=": lambda: go.zoom(0.5), "-": lambda: go.zoom(2.0),
        "PgUp": lambda: go.pan(-1.0), "PgDown": lambda: go.pan(1.0), "Z": zoom,
        "R": lambda: steps.place(0), "B": lambda: steps.place(1), "Esc": trend.stand_back,
        ",": lambda: steps.step(-1), ".": lambda: steps.step(1),
        "F": trend.pens.fit, "U": trend.pens.full, "X": tools.shared.toggle, "S": tools.staggered.toggle,
        "A": tools.axes.toggle, "T": times.period.setFocus, "E": times.end.setFocus,
        "P": pen.show_menu, "V": pen.toggle, "Delete": pen.remove, "F10": tools.more.click,
    }  # fmt: skip
    add_keys(trend, keys | dict(more))
    add_keys(trend.plot, {"Left": lambda: go.pan(-0.1), "Right": lambda: go.pan(0.1)})
