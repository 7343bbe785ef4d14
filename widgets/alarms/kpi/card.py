"""One figure: its name, value, band and definition. Pressed, it asks for the rows behind it."""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.alarms.kpi import TARGETS, Band, Figure, judge, measure
from app.model.alarm_kpi import AlarmKpiReport
from widgets.alarms.kpi import words
from widgets.theme import HALF, Theme, ThemeManager, font, number_font
from widgets.tips import plain_tip
from widgets.wording import DASH, Wording

HEIGHT: Final = 104
LEAST: Final = 168
_PAD: Final = 10
_MARK: Final = 12
_GAUGE: Final = 4
_SCALE: Final = 1.5
"""The gauge ends at so many times its greatest bound."""


class FigureCard(QAbstractButton):
    """A figure of the report; a band is told by word and shape, never by a colour of alarms."""

    def __init__(self, figure: Figure, themes: ThemeManager, wording: Wording, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.figure = figure
        self._themes, self._wording = themes, wording
        self._value: float | None = None
        self._words, self.band = DASH, Band.NONE
        self.setMinimumWidth(LEAST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        themes.changed.connect(self.update)
        self._describe()

    def show_report(self, report: AlarmKpiReport | None) -> None:
        """Show the figure of a report; a dash for None."""
        self._value = None if report is None else measure(self.figure, report)
        self.band = Band.NONE if report is None else judge(self.figure, report)
        self._words = DASH if report is None else words.value_words(self.figure, self._value, report, self._wording)
        self.setEnabled(report is not None)
        self._describe()
        self.update()

    @property
    def value_text(self) -> str:
        """The value as it is shown."""
        return self._words

    def sizeHint(self) -> QSize:
        """Return the least size."""
        return QSize(LEAST, HEIGHT)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Enter for a click, as well as the space bar."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the card."""
        theme = self._themes.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, theme)
        box = QRectF(self.rect().adjusted(_PAD, HALF, -_PAD, -HALF))
        left, top, width = box.left(), box.top(), box.width()
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(font(13))
        painter.setPen(theme.color("dim"))
        painter.drawText(QRectF(left, top, width, 20), middle, words.title(self.figure))
        painter.setFont(number_font(20))
        painter.setPen(theme.color("value" if self.isEnabled() else "faint"))
        painter.drawText(QRectF(left, top + 20, width, 28), middle, self._words)
        self._paint_band(painter, QRectF(left, top + 20, width, 30), theme)
        self._paint_gauge(painter, QRectF(left, top + 52, width, _GAUGE), theme)
        painter.setFont(font(12))
        painter.setPen(theme.color("dim"))
        flags = int(Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)
        painter.drawText(QRectF(left, top + 58, width, 38), flags, words.definition(self.figure))
        painter.end()

    def _paint_band(self, painter: QPainter, box: QRectF, theme: Theme) -> None:
        """Paint shape and word of the band at the right."""
        text = words.band_words(self.band)
        if not text:
            return
        painter.setFont(font(13, bold=self.band is Band.BEYOND))
        wide = painter.fontMetrics().horizontalAdvance(text)
        place = QRectF(box.right() - wide, box.top(), wide + 1, box.height())
        painter.setPen(theme.color("ink" if self.band is not Band.ACCEPTABLE else "dim"))
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)
        paint_band(painter, QPointF(place.left() - HALF - _MARK / 2, box.center().y()), self.band, theme)

    def _paint_ground(self, painter: QPainter, theme: Theme) -> None:
        lit = self.isEnabled() and (self.underMouse() or self.isDown())
        focused = self.hasFocus()
        width = 2.0 if focused else 1.0
        painter.setPen(QPen(theme.color("selection" if focused else "edge"), width))
        painter.setBrush(theme.color("hover" if lit else "panel"))
        half = width / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), 3, 3)

    def _paint_gauge(self, painter: QPainter, box: QRectF, theme: Theme) -> None:
        """Paint where the value stands between its bounds: two zones, a tick each, a pointer."""
        target = TARGETS.get(self.figure)
        if target is None or target.acceptable <= 0 or self._value is None:
            return
        bounds = [target.acceptable, *([target.manageable] if target.manageable is not None else [])]
        full = bounds[-1] * _SCALE
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("field"))
        painter.drawRect(box)
        painter.setBrush(theme.color("normal_band"))
        painter.drawRect(QRectF(box.left(), box.top(), box.width() * bounds[0] / full, box.height()))
        painter.setBrush(theme.color("dim"))
        for bound in bounds:
            painter.drawRect(QRectF(box.left() + box.width() * bound / full - 0.5, box.top() - 1, 1, box.height() + 2))
        x = box.left() + box.width() * min(1.0, self._value / full)
        painter.setBrush(theme.color("pointer"))
        painter.drawPolygon(
            QPolygonF([QPointF(x, box.bottom() - 1), QPointF(x - 4, box.top() - 4), QPointF(x + 4, box.top() - 4)])
        )

    def _describe(self) -> None:
        name, band = words.title(self.figure), words.band_words(self.band)
        target = words.target_words(self.figure, self._wording)
        self.setAccessibleName(" ".join(filter(None, (name, self._words, band))))
        self.setAccessibleDescription(words.explanation(self.figure))
        lines = [name, words.explanation(self.figure)]
        if target:
            lines.append(self.tr("Acceptable, manageable: {0}").format(target))
        if self.figure in TARGETS or self._value is not None:
            lines.append(self.tr("Press it for the rows of the journal behind it."))
        self.setToolTip(plain_tip("\n".join(lines)))


def paint_band(painter: QPainter, centre: QPointF, band: Band, theme: Theme) -> None:
    """Paint the shape of a band: a ring, a diamond, a full square."""
    ink = QColor(theme.color("ink" if band is not Band.ACCEPTABLE else "dim"))
    painter.setPen(QPen(ink, 1.5))
    painter.setBrush(ink if band is Band.BEYOND else Qt.BrushStyle.NoBrush)
    x, y, r = centre.x(), centre.y(), _MARK / 2 - 1
    if band is Band.ACCEPTABLE:
        painter.drawEllipse(centre, r, r)
    elif band is Band.MANAGEABLE:
        painter.drawPolygon(QPolygonF([QPointF(x, y - r), QPointF(x + r, y), QPointF(x, y + r), QPointF(x - r, y)]))
    elif band is Band.BEYOND:
        painter.drawRect(QRectF(x - r, y - r, 2 * r, 2 * r))
