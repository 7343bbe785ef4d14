"""Checking of a whole project, displays included."""

from collections.abc import Mapping
from pathlib import Path

from app.model.plant import DisplayEntry, Plant
from app.project.alarmreferences import check_alarm_displays
from app.project.displayindex import check_home, list_displays
from app.project.displays import Reference, parse_display
from app.project.draft import Draft
from app.project.loader import make_plant, read_draft
from app.project.place import suggestion
from app.project.problem import Problem
from app.project.references import near_tag
from app.project.textfile import relative_name


def check(folder: Path) -> tuple[Plant | None, list[Problem]]:
    """Return the plant, or None where something but a display is wrong, and every mistake found, by file and line."""
    draft = read_draft(folder)
    if not folder.is_dir():
        return None, draft.problems.ordered()
    displays = list_displays(draft)
    check_displays(draft, displays)
    check_home(draft, displays)
    check_alarm_displays(draft, displays)
    usable = all(problem.file.startswith("displays/") for problem in draft.problems.found)
    return (make_plant(draft, displays) if usable else None), draft.problems.ordered()


def check_displays(draft: Draft, displays: Mapping[str, DisplayEntry]) -> None:
    """Parse every display in full; reports its mistakes and the names that do not exist."""
    for entry in displays.values():
        display, problems = parse_display(entry.path, draft.folder)
        for problem in problems:
            draft.problems.add(problem.file, problem.line, problem.field, problem.message)
        name = relative_name(entry.path, draft.folder)
        for reference in display.references:
            if error := _unknown(reference, draft, displays):
                draft.problems.add(name, reference.line, reference.attribute, error)


def _unknown(reference: Reference, draft: Draft, displays: Mapping[str, DisplayEntry]) -> str:
    name = reference.name
    match reference.kind:
        case "tag":
            return "" if draft.knows_tag(name) else f"tag '{name}' is unknown{near_tag(name, draft.tags)}"
        case "equipment":
            known = name in draft.equipment or name in draft.broken or draft.names_broken
            names = list(draft.equipment)
        case "display":
            known, names = name in displays, list(displays)
        case "area":
            known = name in draft.areas or name in draft.broken or draft.plant_file_broken
            names = list(draft.areas)
        case _:
            return ""  # symbols are looked up where they are drawn
    return "" if known else f"{reference.kind} '{name}' is unknown{suggestion(name, names)}"
