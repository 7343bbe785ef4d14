"""Files that a connection names: certificates in the project or the state folder, private keys in the latter only."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from app.project.optionrules import File, Rule
from app.project.place import Place
from app.project.state import state_root

FOLDER: Final = "keys"
"""In the state folder of a project (app.project.state.keys_folder)."""
_KEY: Final = b"PRIVATE KEY-----"


def find_files(
    options: Mapping[str, str | int | float | bool], rules: Mapping[str, Rule], folder: Path, project: str, place: Place
) -> dict[str, str | int | float | bool]:
    """Return the options with the full paths of the files that they name; reports a private key in the project.

    A file is looked for in the project folder, then in that of keys in the state folder. One that is in neither
    is no mistake of the project: it may be checked on another computer than the one whose engine uses it.
    """
    found = dict(options)
    for name, value in options.items():
        if isinstance(rules.get(name), File):
            here = folder / str(value)
            if here.is_file() and _holds_key(here):
                place.problem(
                    f"options.{name}",
                    f"'{value}' holds a private key and stands in the project, which is kept in git; "
                    f"expected: the file in the folder {FOLDER} of the state folder",
                )
            elsewhere = state_root() / "projects" / (project or "-") / FOLDER / str(value)
            found[name] = str(here if here.is_file() else elsewhere)
    return found


def _holds_key(path: Path) -> bool:
    try:
        return _KEY in path.read_bytes()
    except OSError:
        return False
