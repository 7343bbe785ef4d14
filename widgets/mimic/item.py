"""The base of live items."""

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter

from app.project.displays import Element
from widgets.mimic.atlas import EMPTY, Rows
from widgets.mimic.context import Layout


class Item:
    """One live element laid out for a size. ``refresh`` computes, ``rows`` and ``overlay`` paint.

    Attributes:
        rect: everything it may paint (widget px). rows: its fragments for the batch.
        has_overlay: whether ``overlay`` paints something now (beyond the batch).
        stale: whether it shows an age, and so changes by itself each second.
        blinks: whether it carries an unacknowledged mark.

    """

    def __init__(self, element: Element, layout: Layout, rect: QRect, tags: tuple[str, ...]) -> None:
        self.element = element
        self.rect = rect
        self.rows: Rows = EMPTY
        self.has_overlay = False
        self.stale = False
        self.blinks = False
        names = dict.fromkeys(tag for tag in tags if tag)
        for expression in (element.visible, element.applies):
            if expression is not None:
                names.update(dict.fromkeys(sorted(expression.names)))
        self.tags = tuple(names)
        self.has_condition = element.visible is not None or element.applies is not None

    def refresh(self, layout: Layout) -> None:
        """Compute what is to be painted from the hub's newest samples."""

    def underlay(self, painter: QPainter, layout: Layout) -> None:
        """Paint what lies below the batch (fills, pipes, courses)."""

    def overlay(self, painter: QPainter, layout: Layout) -> None:
        """Paint what lies above the batch (hatching of stale values)."""
