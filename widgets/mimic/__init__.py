"""Mimic displays: static artwork in a pixmap, live elements painted in batches over it."""

from widgets.mimic.marks import paint_mark
from widgets.mimic.view import MimicView

__all__ = ["MimicView", "paint_mark"]
