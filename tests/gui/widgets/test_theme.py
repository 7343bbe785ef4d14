"""Themes: complete, legible, switched at run time."""

import pytest
from pytestqt.qtbot import QtBot

from app.model.alarm import Priority
from widgets.theme import ThemeManager, ThemeProblem, load_theme, number_font, theme_names
from widgets.theme.stylesheet import style_sheet

pytestmark = pytest.mark.gui


def _luminance(text: str) -> float:
    parts = [int(text[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_themes_have_the_same_names() -> None:
    assert theme_names() == ["light", "dark"]
    assert load_theme("light").colors.keys() == load_theme("dark").colors.keys()


@pytest.mark.parametrize("name", ["light", "dark"])
def test_text_is_legible_on_every_ground(name: str) -> None:
    colors = load_theme(name).colors
    for text in ("ink", "dim", "value"):
        for ground in ("canvas", "panel", "field"):
            wanted = 4.5 if text != "dim" else 4.2
            assert contrast(colors[text], colors[ground]) >= wanted, (text, ground)
    for priority in Priority:
        number, ground = colors[f"priority{int(priority)}_text"], colors[f"priority{int(priority)}"]
        assert contrast(number, ground) >= 4.5, priority


def test_switching_tells_and_restyles(qtbot: QtBot) -> None:
    manager = ThemeManager("light")
    with qtbot.waitSignal(manager.changed) as heard:
        manager.apply("dark")
    assert heard.args == [manager.theme]
    assert manager.theme.dark
    manager.toggle()
    assert manager.theme.name == "light"
    assert "$" not in style_sheet(manager.theme)


def test_unknown_theme_is_named(qtbot: QtBot) -> None:
    with pytest.raises(ThemeProblem, match="neon"):
        load_theme("neon")


def test_figures_have_equal_width(qtbot: QtBot) -> None:
    from PySide6.QtGui import QFontMetricsF

    metrics = QFontMetricsF(number_font(22))
    assert len({metrics.horizontalAdvance(digit) for digit in "0123456789"}) == 1
