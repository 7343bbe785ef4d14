"""Loading of a project folder: everything is read, every mistake is found, then the plant is handed out."""

from collections.abc import Mapping
from pathlib import Path

from app.model.errors import ProjectError
from app.model.plant import DisplayEntry, Plant
from app.project.displayfiles import check_displays, check_home, list_displays
from app.project.draft import Draft
from app.project.expand import read_equipment
from app.project.faults import Faults
from app.project.plantfile import read_plant_file
from app.project.problem import Problem
from app.project.references import check_references, read_trends
from app.project.tagfile import read_tags
from app.project.typecheck import check_type
from app.project.typefile import read_types


def check_project(folder: Path) -> tuple[Plant | None, list[Problem]]:
    """Check a whole project, displays included.

    Returns the plant, or None where something but a display is wrong, and every mistake found, by file and line.
    Raises nothing of its own; reads files only. May run in any thread.
    """
    draft = _read(folder)
    usable = not draft.problems.found
    if draft.problems.found and not folder.is_dir():
        return None, draft.problems.ordered()
    displays = list_displays(draft)
    check_displays(draft, displays)
    check_home(draft, displays)
    usable = usable and all(problem.file.startswith("displays/") for problem in draft.problems.found)
    return (_plant(draft, displays) if usable else None), draft.problems.ordered()


def load_plant(folder: Path) -> Plant:
    """Load a project for running. Displays are listed only: a broken one shows its mistakes when it is opened.

    Raises:
        ProjectError: the text lists every mistake.

    """
    draft = _read(folder)
    displays = list_displays(draft) if folder.is_dir() else {}
    if folder.is_dir():
        check_home(draft, displays)
    problems = [problem for problem in draft.problems.ordered() if not problem.file.startswith("displays/")]
    if problems:
        count = "1 mistake" if len(problems) == 1 else f"{len(problems)} mistakes"
        raise ProjectError("\n".join([f"project {folder} has {count}:", *map(str, problems)]))
    return _plant(draft, displays)


def _read(folder: Path) -> Draft:
    draft = Draft(folder)
    if not folder.is_dir():
        what = "is not a folder" if folder.exists() else "does not exist"
        draft.problems.add("plant.toml", None, "", f"the project folder {folder} {what}")
        return draft
    read_plant_file(draft)
    types = read_types(draft)
    for spec in types.values():
        check_type(spec, draft)
    read_tags(draft)
    faults = Faults()
    read_equipment(draft, types, faults)
    check_references(draft)
    faults.report()
    read_trends(draft)
    return draft


def _plant(draft: Draft, displays: Mapping[str, DisplayEntry]) -> Plant:
    return Plant(
        folder=draft.folder,
        id=draft.id,
        title=draft.title,
        time_zone=draft.time_zone,
        areas=draft.areas,
        connections=draft.connections,
        tags=draft.tags,
        types=draft.types,
        equipment=draft.equipment,
        alarms=draft.alarms,
        commands=draft.commands,
        displays=displays,
        trends=draft.trends,
        retention=draft.retention,
        home_display=draft.home_display,
    )
