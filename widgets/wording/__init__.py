"""How texts, times and numbers are written on screen: the language and the plant's time zone in one place."""

from widgets.wording.wording import DASH, THIN_SPACE, Wording, with_minus

__all__ = ["DASH", "THIN_SPACE", "Wording", "with_minus"]
