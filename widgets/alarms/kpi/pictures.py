"""The charts of a report as pictures for paper: light, sharp, and nothing chosen."""

from typing import Final

import shiboken6
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPainter

from app.model.alarm_kpi import AlarmKpiReport
from app.model.plant import Plant
from widgets.alarms.kpi.plot import FigurePlot
from widgets.alarms.kpi.priorities import PrioritiesPlot
from widgets.alarms.kpi.rates import RatesPlot
from widgets.alarms.kpi.topten import TopTenPlot
from widgets.theme import load_theme
from widgets.wording import Wording

WIDTH: Final = 1000
_SHARPNESS: Final = 2


def report_pictures(report: AlarmKpiReport, plant: Plant, wording: Wording) -> dict[str, QImage]:
    """Return the pictures by name: rates, top, priorities. GUI thread only."""
    theme = load_theme("light")
    parts: dict[str, tuple[RatesPlot | TopTenPlot | PrioritiesPlot, QSize]] = {
        "rates": (RatesPlot(theme, wording), QSize(WIDTH, 300)),
        "top": (TopTenPlot(theme, plant, wording), QSize(WIDTH, 420)),
        "priorities": (PrioritiesPlot(theme, wording), QSize(WIDTH, 280)),
    }
    found: dict[str, QImage] = {}
    for name, (plot, size) in parts.items():
        plot.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        plot.resize(size)
        plot.show()
        plot.show_report(report)
        found[name] = _paint(plot, size)
        shiboken6.delete(plot)
    return found


def _paint(plot: FigurePlot, size: QSize) -> QImage:
    image = QImage(size * _SHARPNESS, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(_SHARPNESS)
    image.fill(plot.theme.color("field"))
    painter = QPainter(image)
    plot.render(painter)
    painter.end()
    return image
