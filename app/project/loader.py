"""Loading of a project folder: everything is read, every mistake is found, then the plant is handed out."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from app.model.alarm import AlarmDefinition, AlarmKind
from app.model.errors import ProjectError
from app.model.plant import DisplayEntry, Plant
from app.project.alarmfile import read_alarms
from app.project.alarmreferences import check_alarm_displays, check_alarm_references
from app.project.alarmsources import check_alarm_sources
from app.project.calculations import check_calculations
from app.project.displayindex import check_home, list_displays
from app.project.draft import Draft
from app.project.expand import read_equipment
from app.project.faults import Faults
from app.project.heartbeats import check_heartbeats
from app.project.plantfile import read_plant_file
from app.project.references import check_references, read_trends
from app.project.tagfile import read_tags
from app.project.typecheck import check_type
from app.project.typefile import read_types


def read_plant(folder: Path) -> Plant:
    """Load a project for running. Displays are listed only: a broken one shows its mistakes when it is opened.

    Raises:
        ProjectError: the text lists every mistake.

    """
    draft = read_draft(folder)
    displays = list_displays(draft) if folder.is_dir() else {}
    if folder.is_dir():
        check_home(draft, displays)
        check_alarm_displays(draft, displays)
    problems = [problem for problem in draft.problems.ordered() if not problem.file.startswith("displays/")]
    if problems:
        if not folder.is_dir():
            raise ProjectError(problems[0].message)
        if len(problems) == 1:
            raise ProjectError(f"project {folder}: {problems[0]}")
        raise ProjectError("\n".join([f"project {folder} has {len(problems)} mistakes:", *map(str, problems)]))
    return make_plant(draft, displays)


def read_draft(folder: Path) -> Draft:
    """Read everything but displays; mistakes are in the draft's problems."""
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
    read_alarms(draft)
    check_references(draft)
    check_alarm_references(draft)
    check_calculations(draft)
    check_alarm_sources(draft)
    check_heartbeats(draft)
    faults.report()
    read_trends(draft)
    return draft


def make_plant(draft: Draft, displays: Mapping[str, DisplayEntry]) -> Plant:
    """Return the plant of a draft without mistakes."""
    return Plant(
        folder=draft.folder,
        id=draft.id,
        title=draft.title,
        time_zone=draft.time_zone,
        areas=draft.areas,
        positions=draft.positions,
        connections=draft.connections,
        tags=draft.tags,
        types=draft.types,
        equipment=draft.equipment,
        alarms=_alarms(draft),
        commands=draft.commands,
        displays=displays,
        trends=draft.trends,
        retention=draft.retention,
        history=draft.history,
        journal=draft.journal,
        home_display=draft.home_display,
    )


def _alarms(draft: Draft) -> dict[str, AlarmDefinition]:
    """Return the alarms; those of connections concern every area that has tags on them."""
    areas: dict[str, dict[str, None]] = {}
    for tag in draft.tags.values():
        if tag.connection and tag.area:
            areas.setdefault(tag.connection, {})[tag.area] = None
    return {
        name: replace(alarm, areas=tuple(each for each in draft.areas if each in areas.get(alarm.connection, ())))
        if alarm.kind is AlarmKind.CONNECTION
        else alarm
        for name, alarm in draft.alarms.items()
    }
