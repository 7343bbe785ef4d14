"""Loads the compiled translation of a language."""

import logging
from importlib.resources import files

from PySide6.QtCore import QObject, QTranslator

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
