"""The static part of a display: artwork and labels, painted once for a size, theme and language."""

from PySide6.QtCore import QByteArray, QPointF, QRectF
from PySide6.QtGui import QFontMetricsF, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from app.project.displays import Anchor, Display, Label, artwork_svg
from widgets.mimic.context import Layout
from widgets.theme import font


def paint_static(display: Display, layout: Layout, width: int, height: int, ratio: float) -> QPixmap:
    """Return the ground of a display for a widget of the given size (px; ``ratio`` device pixels to one)."""
    pixmap = QPixmap(max(1, round(width * ratio)), max(1, round(height * ratio)))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(layout.theme.color("canvas"))
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        svg = artwork_svg(display.artwork, layout.theme.colors)
        area = QRectF(layout.left, layout.top, display.width * layout.scale, display.height * layout.scale)
        QSvgRenderer(QByteArray(svg.encode())).render(painter, area)
        for element in display.elements:
            if isinstance(element, Label) and element.visible is None:
                paint_label(painter, element, layout)
    return pixmap


def paint_label(painter: QPainter, label: Label, layout: Layout) -> None:
    """Paint one fixed text in the layout's language."""
    text = label.text.get(layout.language)
    face = font(layout.pixels(label.size), bold=label.bold)
    painter.setFont(face)
    painter.setPen(layout.theme.color(label.color if label.color in layout.theme.colors else "ink"))
    point = layout.rect(label.box)
    x = point.x()
    if label.anchor is not Anchor.START:
        width = QFontMetricsF(face).horizontalAdvance(text)
        x -= width if label.anchor is Anchor.END else width / 2
    painter.drawText(QPointF(round(x), point.y()), text)
