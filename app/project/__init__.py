"""The plant project folder: load, check, compare, save. Formats: docs/formats/project.md.

The validating parts are imported when they are needed only: a project that has not changed since it was found right
starts without them (app.project.cache).
"""

from pathlib import Path

from app.model.plant import Plant
from app.project import cache
from app.project.problem import Problem

__all__ = ["Problem", "check_project", "load_plant"]


def check_project(folder: Path) -> tuple[Plant | None, list[Problem]]:
    """Check a whole project, displays included.

    Returns the plant, or None where something but a display is wrong, and every mistake found, by file and line.
    Raises nothing of its own; reads files only. May run in any thread.
    """
    from app.project.check import check

    return check(folder.absolute())


def load_plant(folder: Path, *, use_cache: bool = True) -> Plant:
    """Load a project for running. Displays are listed only: a broken one shows its mistakes when it is opened.

    A plant found right before is taken from the state folder while no file has changed. Reads and writes files; may
    run in any thread.

    Raises:
        ProjectError: the text lists every mistake.

    """
    folder = folder.absolute()
    key = cache.fingerprint(folder) if use_cache else ""
    if key and (plant := cache.load(folder, key)) is not None:
        return plant
    from app.project.loader import read_plant

    plant = read_plant(folder)
    if key:
        cache.store(folder, key, plant)
    return plant
