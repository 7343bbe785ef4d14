"""A picture of every workspace and display, for looking at and for machines without a screen."""

from pathlib import Path

from app.console.main import make_application
from app.console.screenshot import WAIT_S, shoot
from app.console.workspaces import WORKSPACES
from app.project import load_plant


def tour(
    project: Path,
    folder: Path,
    size: tuple[int, int] = (1920, 1080),
    theme: str = "light",
    language: str = "en",
    *,
    wait_s: float = WAIT_S,
) -> list[Path]:
    """Write a PNG of every workspace and display into a folder; returns the files.

    Raises:
        EnvironmentProblem: a file cannot be written. ProjectError: the project cannot be used.

    """
    make_application()
    plant = load_plant(project)
    folder.mkdir(parents=True, exist_ok=True)
    names = list(dict.fromkeys([*plant.displays, *WORKSPACES]))
    end = f"{theme}-{language}-{size[0]}x{size[1]}.png"
    pictures = [(name, "", folder / f"{name}-{end}") for name in names]
    first = next(
        (e for e in plant.equipment.values() if e.type == "uf-rack"), next(iter(plant.equipment.values()), None)
    )
    if first is not None:
        display = next((d.id for d in plant.displays.values() if d.area == first.area), plant.home_display)
        pictures.append((display or "areas", first.name, folder / f"faceplate-{end}"))
    shoot(project, pictures, size, theme, language, wait_s=wait_s)
    return [path for _, _, path in pictures]
