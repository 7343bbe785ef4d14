"""Where alarms of devices belong in the plant, and how urgent they are: by the options of their connection."""

import hashlib
from typing import Final

from app.model.alarm import AlarmDefinition, AlarmKind
from app.model.external_alarm import ExternalCondition
from app.model.external_terms import ExternalTerms
from app.model.plant import Plant
from app.model.text import LocalText

_LONGEST_ID: Final = 160
_EARLIER: Final = LocalText(" (earlier occurrence)", "（先前一次）")


class ExternalPlaces:
    """Makes definitions of the alarms of devices."""

    def __init__(self, plant: Plant) -> None:
        """Read the options of every connection; a ValueError says which one is not allowed (the project is checked)."""
        self.redefine(plant)

    def redefine(self, plant: Plant) -> None:
        """Take another configuration for what devices say from now on; raises as the constructor."""
        self._plant = plant
        self._terms = {name: ExternalTerms.of(connection) for name, connection in plant.connections.items()}

    def definition(self, connection: str, condition: ExternalCondition) -> AlarmDefinition:
        """Return what a condition is in the plant."""
        terms = self._terms.get(connection, ExternalTerms())
        place = self._place(terms, condition.source)
        tag = self._plant.tags.get(place)
        equipment = self._plant.equipment.get(tag.equipment if tag is not None else place)
        text = condition.message or LocalText(condition.name or condition.source or condition.condition)
        if condition.branch:
            text = LocalText(text.get("en") + _EARLIER.en, text.get("zh") + _EARLIER.zh)
        return AlarmDefinition(
            id=alarm_id(connection, condition),
            tag=tag.name if tag is not None else condition.source,
            kind=AlarmKind.CONDITION,
            priority=terms.priority(condition.severity),
            text=text,
            area=(tag.area if tag is not None else "")
            or (equipment.area if equipment is not None else "")
            or terms.area,
            equipment=equipment.name if equipment is not None else "",
            connection=connection,
            ack_required=condition.acked is not None,
        )

    def _place(self, terms: ExternalTerms, source: str) -> str:
        """Return the tag or equipment that a source stands for: as configured, else by its name; empty for none."""
        mapped = max((begin for begin in terms.sources if source.startswith(begin)), key=len, default="")
        if mapped:
            return terms.sources[mapped]
        while source:
            if source in self._plant.tags or source in self._plant.equipment:
                return source
            source = source.rpartition(".")[0]
        return ""


def alarm_id(connection: str, condition: ExternalCondition) -> str:
    """Return the id of a condition or branch of one: the same over restarts, unlike those of the project's alarms."""
    name = f"{connection}/{condition.condition}" + (f"#{condition.branch}" if condition.branch else "")
    if len(name) <= _LONGEST_ID:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:32]
    return f"{name[: _LONGEST_ID - len(digest) - 1]}~{digest}"
