"""Settings of this workstation: theme, language, layout. Kept in the state folder, never in the project."""

import getpass
import locale
import platform
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QSettings

LANGUAGES = {"en": "English", "zh_CN": "中文"}


class ConsoleSettings:
    """Reads and writes ``console.ini``."""

    def __init__(self, path: Path) -> None:
        self._store = QSettings(str(path), QSettings.Format.IniFormat)

    @property
    def theme(self) -> str:
        """Name of the theme."""
        name = self._text("theme", "light")
        return name if name in {"light", "dark"} else "light"

    @theme.setter
    def theme(self, name: str) -> None:
        self._store.setValue("theme", name)

    @property
    def language(self) -> str:
        """Language of the screen: ``en`` or ``zh_CN``; the system's on the first start."""
        name = self._text("language", "")
        if name in LANGUAGES:
            return name
        return "zh_CN" if (locale.getlocale()[0] or "").startswith("zh") else "en"

    @language.setter
    def language(self, name: str) -> None:
        self._store.setValue("language", name)

    @property
    def desk(self) -> str:
        """Name of this workstation as the journal shows it."""
        return self._text("desk", "") or platform.node().split(".")[0] or "desk"

    @property
    def user(self) -> str:
        """User who logged in last; offered in the login dialog."""
        return self._text("user", "") or self._account()

    @user.setter
    def user(self, name: str) -> None:
        self._store.setValue("user", name)

    @property
    def geometry(self) -> QByteArray | None:
        """Place and size of the window."""
        value: Any = self._store.value("geometry")
        return value if isinstance(value, QByteArray) else None

    @geometry.setter
    def geometry(self, value: QByteArray) -> None:
        self._store.setValue("geometry", value)

    @property
    def workspace(self) -> str:
        """Workspace shown last."""
        return self._text("workspace", "")

    @workspace.setter
    def workspace(self, name: str) -> None:
        self._store.setValue("workspace", name)

    @property
    def alarm_views(self) -> str:
        """Views of the alarm summary that this desk has named (widgets.alarms.savedviews)."""
        return self._text("alarm_views", "")

    @alarm_views.setter
    def alarm_views(self, text: str) -> None:
        self._store.setValue("alarm_views", text)

    @property
    def trend_legend(self) -> float | None:
        """Share of a trend's height that its legend has; None until somebody moved the border."""
        try:
            return float(self._text("trend_legend", ""))
        except ValueError:
            return None

    @trend_legend.setter
    def trend_legend(self, share: float) -> None:
        self._store.setValue("trend_legend", round(share, 3))

    def _text(self, key: str, default: str) -> str:
        return str(self._store.value(key, default) or default)

    @staticmethod
    def _account() -> str:
        try:
            return getpass.getuser()
        except (OSError, KeyError, ImportError):
            return ""
