"""displays/*.svg as the project sees them: an index read from the first element of each."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from app.model.plant import DisplayEntry
from app.model.text import LocalText
from app.project.draft import Draft
from app.project.place import suggestion

_NAMESPACE: Final = "{urn:haihe:display:1}"


def list_displays(draft: Draft) -> dict[str, DisplayEntry]:
    """Return the index of displays, by id; a file that cannot be read is listed under its file name."""
    return {path.stem: _entry(path) for path in sorted((draft.folder / "displays").glob("*.svg"))}


def _entry(path: Path) -> DisplayEntry:
    attributes: dict[str, str] = {}
    try:
        with path.open("rb") as file:
            for _, element in iterparse(file, events=("start",)):
                attributes = {key.removeprefix(_NAMESPACE): value for key, value in element.attrib.items()}
                break
    except (OSError, ParseError, DefusedXmlException, ValueError):
        attributes = {}
    level = attributes.get("level", "2")
    return DisplayEntry(
        id=path.stem,
        path=path,
        title=LocalText(attributes.get("title") or path.stem, attributes.get("title-zh", "")),
        level=int(level) if level in {"1", "2", "3", "4"} else 2,
        parent=attributes.get("parent", ""),
        areas=tuple(attributes.get("area", "").split()),
    )


def check_home(draft: Draft, displays: Mapping[str, DisplayEntry]) -> None:
    """Report a home display that does not exist."""
    if draft.home_display and draft.home_display not in displays and draft.home_place is not None:
        hint = suggestion(draft.home_display, displays)
        draft.home_place.problem("home_display", f"display '{draft.home_display}' is unknown{hint}")
