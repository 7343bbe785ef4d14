"""Loads the compiled translations of a language: the console's, and Qt's of its own dialogs and menus."""

import logging
from importlib.resources import files

from PySide6.QtCore import QLibraryInfo, QObject, QTranslator

log = logging.getLogger(__name__)


def load_translator(language: str, parent: QObject | None = None) -> QTranslator | None:
    """Return a translator, or None for English (the source) and where the file cannot be read."""
    if language.startswith("en"):
        return None
    source = files("resources.translations").joinpath(f"haihe_{language}.qm")
    translator = QTranslator(parent)
    if not source.is_file() or not translator.load(str(source)):
        log.warning("there is no translation for '%s'", language)
        return None
    return translator


def load_qt_translator(language: str, parent: QObject | None = None) -> QTranslator | None:
    """Return Qt's translator (buttons and menus of its dialogs), or None where Qt has none."""
    translator = QTranslator(parent)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    return translator if not language.startswith("en") and translator.load(f"qtbase_{language}", folder) else None
