"""Options of the console, as the command line gives them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ConsoleOptions:
    """Options.

    Attributes:
        theme, language: for this run; empty for those of the workstation.
        size: window size in pixels; None for the layout kept.
        display: first display; empty for the home display.
        supervise: start an engine where none runs.
        report_first_picture: print ``FIRST_PICTURE <epoch_ns>`` once.
        report_paint: print ``PAINTED <tag> <value> <epoch ns>`` when a changed value was painted.
        quit_after_first_picture: end then (benchmark).

    """

    theme: str = ""
    language: str = ""
    size: tuple[int, int] | None = None
    display: str = ""
    supervise: bool = True
    report_first_picture: bool = False
    report_paint: str = ""
    quit_after_first_picture: bool = False
