"""The charts of a report as pictures for paper: light, sharp, and nothing chosen."""

from collections.abc import Iterator
from typing import Final

import shiboken6
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter

from app.model.alarm_kpi import AlarmKpiReport
from app.model.plant import Plant
from widgets.alarms.kpi.priorities import PrioritiesPlot
from widgets.alarms.kpi.rates import RatesPlot
from widgets.alarms.kpi.topten import TopTenPlot
from widgets.theme import load_theme
from widgets.wording import Wording

WIDTH: Final = 1000
_SHARPNESS: Final = 2


def report_pictures(report: AlarmKpiReport, plant: Plant, wording: Wording) -> Iterator[tuple[str, QImage]]:
    """Yield the pictures with their names (rates, top, priorities), a tenth of a second each. GUI thread only."""
    theme = load_theme("light")
    yield "rates", _paint(RatesPlot(theme, wording), 280, report)
    yield "top", _paint(TopTenPlot(theme, plant, wording), 380, report)
    yield "priorities", _paint(PrioritiesPlot(theme, wording), 280, report)


def _paint(plot: RatesPlot | TopTenPlot | PrioritiesPlot, height: int, report: AlarmKpiReport) -> QImage:
    plot.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    plot.resize(WIDTH, height)
    plot.show()
    plot.show_report(report)
    image = QImage(QSize(WIDTH, height) * _SHARPNESS, QImage.Format.Format_RGB32)
    image.fill(plot.theme.color("field"))
    painter = QPainter(image)
    plot.render(painter, QRectF(image.rect()))
    painter.end()
    shiboken6.delete(plot)
    return image
