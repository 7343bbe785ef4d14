"""Options of a connection that say where its device's alarms belong, and how urgent they are."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from app.model.alarm import Priority
from app.model.connection import Connection

ALARM_OPTIONS: Final = ("alarm_area", "alarm_sources", "alarm_severities")
SEVERITIES: Final = (801, 601, 401)
"""Least severities of critical, high and medium where a connection says nothing else."""


@dataclass(frozen=True, slots=True)
class ExternalTerms:
    """Options of a connection about its device's alarms.

    Attributes:
        severities: least severities of critical, high and medium.
        area: area of alarms that belong to no tag or equipment.
        sources: tag or equipment by the beginning of the source's name.

    """

    severities: tuple[int, int, int] = SEVERITIES
    area: str = ""
    sources: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, connection: Connection) -> "ExternalTerms":
        """Read the options.

        Raises:
            ValueError: one is not allowed.

        """
        options = connection.options
        return cls(
            parse_severities(str(options.get("alarm_severities", "801/601/401"))),
            str(options.get("alarm_area", "")),
            parse_sources(str(options.get("alarm_sources", ""))),
        )

    def priority(self, severity: int) -> Priority:
        """Return the priority of a severity (1 to 1000)."""
        for priority, least in zip(Priority, self.severities, strict=False):
            if severity >= least:
                return priority
        return Priority.LOW


def parse_severities(text: str) -> tuple[int, int, int]:
    """Parse ``801/601/401``.

    Raises:
        ValueError: it is not three falling numbers from 1 to 1000.

    """
    match = re.fullmatch(r"(\d{1,4})/(\d{1,4})/(\d{1,4})", text)
    found = tuple(map(int, match.groups())) if match else ()
    if len(found) != 3 or not 1000 >= found[0] >= found[1] >= found[2] >= 1:
        raise ValueError(
            f"'{text}' is not allowed; expected the least severities of critical, high and medium such as 801/601/401"
        )
    return found[0], found[1], found[2]


def parse_sources(text: str) -> dict[str, str]:
    """Parse ``Tank1=LZ.CW.T1, Pumps.P1=LZ.HL.P1``.

    Raises:
        ValueError: a part has no name of both sides.

    """
    sources = {}
    for part in filter(None, re.split(r"\s*,\s*", text.strip())):
        source, _, target = (side.strip() for side in part.partition("="))
        if not source or not target:
            raise ValueError(
                f"'{part}' is not allowed; expected source=tag or equipment, such as "
                "Tank1=LZ.CW.T1, with commas between them"
            )
        sources[source] = target
    return sources
