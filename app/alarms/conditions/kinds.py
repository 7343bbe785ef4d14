"""Which judge a kind of alarm has, and which tags it looks at."""

from collections.abc import Callable
from typing import Final

from app.alarms.conditions.condition import Condition
from app.alarms.conditions.deviation import Deviation, Discrepancy
from app.alarms.conditions.discrete import Discrete
from app.alarms.conditions.frozen import Frozen
from app.alarms.conditions.judge import Judge
from app.alarms.conditions.limits import BoundLimit, FixedLimit
from app.alarms.conditions.quality import BadQuality, Connection
from app.alarms.conditions.rate import RateOfChange
from app.model.alarm import AlarmDefinition, AlarmKind


def _limit(definition: AlarmDefinition) -> Judge:
    return BoundLimit(definition) if definition.limit_tag else FixedLimit(definition)


def _discrepancy(definition: AlarmDefinition) -> Judge:
    return Discrepancy(definition) if definition.expected else Deviation(definition)


_JUDGES: Final[dict[AlarmKind, Callable[[AlarmDefinition], Judge]]] = {
    AlarmKind.HIGH_HIGH: _limit,
    AlarmKind.HIGH: _limit,
    AlarmKind.LOW: _limit,
    AlarmKind.LOW_LOW: _limit,
    AlarmKind.DEVIATION: Deviation,
    AlarmKind.RATE_OF_CHANGE: RateOfChange,
    AlarmKind.DISCRETE: Discrete,
    AlarmKind.DISCREPANCY: _discrepancy,
    AlarmKind.BAD_QUALITY: lambda definition: BadQuality(),
    AlarmKind.FROZEN: Frozen,
    AlarmKind.CONNECTION: lambda definition: Connection(),
}


def condition_of(definition: AlarmDefinition) -> Condition:
    """Make the condition of an alarm of a checked project.

    Raises:
        ValueError: nobody here judges alarms of this kind.

    """
    make = _JUDGES.get(definition.kind)
    if make is None:
        raise ValueError(f"alarm '{definition.id}': kind {definition.kind.value} is not judged here")
    others = (definition.reference, definition.limit_tag)
    inputs = tuple(dict.fromkeys(name for name in (definition.tag, *others) if name))
    return Condition(definition, make(definition), inputs, silent_while_lost=definition.kind is AlarmKind.BAD_QUALITY)
