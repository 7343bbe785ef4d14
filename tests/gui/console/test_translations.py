"""No string is left untranslated, and the compiled file is that of the source."""

import subprocess
import sys
from pathlib import Path

from pytestqt.qtbot import QtBot

from app.console.translation import load_translator

ROOT = Path(__file__).parents[3]


def test_nothing_is_unfinished_or_out_of_date() -> None:
    script = ROOT / "scripts" / "translations.py"
    result = subprocess.run([sys.executable, str(script), "--check"], capture_output=True, text=True, check=False)
    assert result.stderr == ""
    assert result.returncode == 0


def test_compiled_translation_is_loaded(qtbot: QtBot) -> None:
    translator = load_translator("zh_CN")
    assert translator is not None
    assert translator.translate("NavigationRail", "Trends") == "趋势"
    assert load_translator("en") is None
