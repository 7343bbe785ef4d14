"""Update and compile the translations: ``python scripts/translations.py [--check]``.

``--check`` changes nothing: exit status 1 when a string is missing, unfinished or out of date.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path

import PySide6

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "resources" / "translations"
LANGUAGES = ("zh_CN",)
TOOLS = Path(PySide6.__file__).parent


def sources() -> list[str]:
    """Return every Python file with strings for the screen."""
    found = [*ROOT.glob("app/console/**/*.py"), *ROOT.glob("widgets/**/*.py")]
    return sorted(str(path) for path in found)


def update(target: Path) -> None:
    """Run lupdate on a .ts file."""
    command = [str(TOOLS / "lupdate"), *sources(), "-ts", str(target), "-locations", "none", "-no-obsolete",
               "-source-language", "en", "-target-language", target.stem.split("_", 1)[1]]  # fmt: skip
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def messages(path: Path) -> dict[tuple[str, str], str | None]:
    """Return translations by (context, source); None for an unfinished one."""
    result: dict[tuple[str, str], str | None] = {}
    for context in ET.parse(path).getroot().iter("context"):
        name = context.findtext("name") or ""
        for message in context.iter("message"):
            translation = message.find("translation")
            done = translation is not None and translation.get("type") is None and bool(translation.text)
            result[name, message.findtext("source") or ""] = (
                translation.text if done and translation is not None else None
            )
    return result


def problems(language: str) -> list[str]:
    """Return what is wrong with a language's file."""
    kept = FOLDER / f"haihe_{language}.ts"
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / kept.name
        shutil.copy(kept, fresh)
        update(fresh)
        new, old = messages(fresh), messages(kept)
    wrong = [f"{context}: '{source}' is not translated" for (context, source), text in new.items() if text is None]
    wrong += [f"{context}: '{source}' is no longer used" for context, source in old.keys() - new.keys()]
    return wrong


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    if not options.check:
        for language in LANGUAGES:
            target = FOLDER / f"haihe_{language}.ts"
            update(target)
            subprocess.run([str(TOOLS / "lrelease"), str(target)], check=True, stdout=subprocess.DEVNULL)
    wrong = [f"{language}: {text}" for language in LANGUAGES for text in problems(language)]
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
