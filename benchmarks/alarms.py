"""Alarms: what each module of the same name measures, in one object of figures."""

import importlib
import inspect
from typing import Final

MODULES: Final = ("alarm_journal", "alarm_rules", "alarm_summary", "alarm_flood")


def run(rows: int | None = None) -> dict[str, float]:
    """Return the figures of every module. ``rows``: of the journal (default ten million)."""
    chosen = {} if rows is None else {"rows": rows}
    figures: dict[str, float] = {}
    for name in MODULES:
        measure = importlib.import_module(f"benchmarks.{name}").run
        taken = inspect.signature(measure).parameters
        figures.update(measure(**{key: value for key, value in chosen.items() if key in taken}))
    return figures
