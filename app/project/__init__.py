"""The plant project folder: load, check, compare, save. Formats: docs/formats/project.md."""

from app.project.loader import check_project, load_plant
from app.project.problem import Problem

__all__ = ["Problem", "check_project", "load_plant"]
