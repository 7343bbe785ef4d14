"""Symbols: SVG files in resources/symbols whose class ``fill-state`` follows the state."""

from functools import lru_cache
from importlib.resources import files

from PySide6.QtCore import QByteArray, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtSvg import QSvgRenderer

from app.project.displays import Node, NodeError, read_node, symbol_svg
from widgets.theme import Theme


def symbol_names() -> list[str]:
    """Return the names of all symbols, sorted."""
    return sorted(item.name[:-4] for item in files("resources.symbols").iterdir() if item.name.endswith(".svg"))


@lru_cache(maxsize=64)
def _symbol(name: str) -> Node | None:
    try:
        return read_node(files("resources.symbols").joinpath(f"{name}.svg").read_text(encoding="utf-8"))
    except (OSError, NodeError):
        return None


def has_symbol(name: str) -> bool:
    """Tell whether there is a readable symbol of this name."""
    return _symbol(name) is not None


def paint_symbol(painter: QPainter, name: str, box: QRectF, body: str, theme: Theme, rotate: int = 0) -> None:
    """Paint a symbol with the theme's colour ``body`` for its state; nothing where there is none of this name."""
    node = _symbol(name)
    if node is None:
        return
    renderer = QSvgRenderer(QByteArray(symbol_svg(node, theme.colors, theme.colors[body]).encode()))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(box.center())
    painter.rotate(rotate)
    turned = rotate in {90, 270}
    width, height = (box.height(), box.width()) if turned else (box.width(), box.height())
    renderer.render(painter, QRectF(-width / 2, -height / 2, width, height))
    painter.restore()
