"""A theme: colours by name, read from resources/themes/*.toml."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Final

from PySide6.QtGui import QColor

from app.model.alarm import Priority
from app.model.text import LocalText

_HEX: Final = re.compile(r"#[0-9A-Fa-f]{6}")


class ThemeProblem(ValueError):
    """A theme file is missing or wrong; the text names the file and the entry."""


@dataclass(frozen=True)
class Theme:
    """Named colours of one theme.

    Attributes:
        name: file name without suffix. title: as shown in the settings. dark: whether the ground is dark.
        colors: ``#RRGGBB`` by name.

    """

    name: str
    title: LocalText
    dark: bool
    colors: Mapping[str, str]
    _cache: dict[str, QColor] = field(default_factory=dict, repr=False, compare=False)

    def color(self, name: str) -> QColor:
        """Return a colour, the same object every time: copy it to change it. KeyError for an unknown name."""
        found = self._cache.get(name)
        if found is None:
            found = self._cache[name] = QColor(self.colors[name])
        return found

    def priority_color(self, priority: Priority) -> QColor:
        """Return the colour of an alarm priority (only for its mark)."""
        return self.color(f"priority{int(priority)}")

    def curve_color(self, index: int) -> QColor:
        """Return the colour of the n-th curve of a trend (0-based; repeats after sixteen)."""
        return self.color(f"curve{index % 16 + 1}")


def theme_names() -> list[str]:
    """Return the names of all themes shipped, sorted with the light ones first."""
    names = [item.name[:-5] for item in files("resources.themes").iterdir() if item.name.endswith(".toml")]
    return sorted(names, key=lambda name: load_theme(name).dark)


@lru_cache(maxsize=8)
def load_theme(name: str) -> Theme:
    """Load a theme by name.

    Raises:
        ThemeProblem: no such theme, not TOML, or an entry that is not ``#RRGGBB``.

    """
    source = files("resources.themes").joinpath(f"{name}.toml")
    try:
        data = tomllib.loads(source.read_text(encoding="utf-8"))
        colors = {str(key): str(value) for key, value in data["colors"].items()}
    except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
        raise ThemeProblem(f"theme '{name}' cannot be read: {error}") from error
    for key, value in colors.items():
        if not _HEX.fullmatch(value):
            raise ThemeProblem(f"theme '{name}': colour {key} = '{value}' is not #RRGGBB")
    return Theme(
        name, LocalText(str(data.get("title", name)), str(data.get("title_zh", ""))), bool(data.get("dark")), colors
    )
