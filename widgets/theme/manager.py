"""Holds the current theme and dresses the application in it."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from widgets.theme.fonts import BODY, font
from widgets.theme.stylesheet import style_sheet
from widgets.theme.theme import Theme, load_theme


class ThemeManager(QObject):
    """The one owner of the current theme; passed to whoever paints.

    Signals:
        changed(Theme): after the palette and style sheet were replaced; painted widgets repaint.

    """

    changed = Signal(object)

    def __init__(self, name: str = "light", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = load_theme(name)

    @property
    def theme(self) -> Theme:
        """The current theme."""
        return self._theme

    def color(self, name: str) -> QColor:
        """Return a colour of the current theme."""
        return self._theme.color(name)

    def apply(self, name: str | None = None) -> None:
        """Dress the running QApplication in a theme (the current one when None). GUI thread."""
        if name is not None:
            self._theme = load_theme(name)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.setStyle("Fusion")
            application.setFont(font(BODY))
            application.setPalette(palette(self._theme))
            application.setStyleSheet(style_sheet(self._theme))
        self.changed.emit(self._theme)

    def toggle(self) -> None:
        """Change between light and dark."""
        self.apply("light" if self._theme.dark else "dark")


def palette(theme: Theme) -> QPalette:
    """Build the Qt palette of a theme."""
    role = QPalette.ColorRole
    result = QPalette()
    names = {
        role.Window: "canvas", role.WindowText: "ink", role.Base: "field", role.AlternateBase: "panel",
        role.Text: "ink", role.Button: "panel", role.ButtonText: "ink", role.Highlight: "selection",
        role.HighlightedText: "selection_text", role.PlaceholderText: "dim", role.ToolTipBase: "panel",
        role.ToolTipText: "ink", role.Mid: "edge", role.Dark: "edge", role.Light: "field", role.Midlight: "panel",
        role.Shadow: "edge", role.BrightText: "ink", role.Link: "value", role.LinkVisited: "value",
        role.Accent: "selection",
    }  # fmt: skip
    for target, name in names.items():
        result.setColor(target, theme.color(name))
    for target in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, target, theme.color("faint"))
    return result
