"""Themes: named colours, fonts, spacing, the Qt palette and the application's style sheet."""

from widgets.theme.fonts import FAMILY, font, number_font
from widgets.theme.manager import ThemeManager
from widgets.theme.spacing import GAP, HALF, LARGE, ROW, STEP
from widgets.theme.theme import Theme, ThemeProblem, load_theme, theme_names

__all__ = [
    "FAMILY", "GAP", "HALF", "LARGE", "ROW", "STEP", "Theme", "ThemeManager", "ThemeProblem", "font", "load_theme",
    "number_font", "theme_names",
]  # fmt: skip
