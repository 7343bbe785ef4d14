"""Mimic displays: static artwork in a pixmap, live elements painted in batches over it."""

from widgets.mimic.view import MimicView

__all__ = ["MimicView"]
