"""What the fields of one alarm say together, of a type as of a row of alarms.csv."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from app.model.alarm import CRITICAL_SHELVING_S, AlarmDefinition, AlarmKind, Priority
from app.model.tag import DataType
from app.project.alarmschema import AlarmTable
from app.project.cells import Share, States
from app.project.checks import LIMIT_KINDS, NUMERIC, unknown_states
from app.project.place import Place

_LIMITS: Final = frozenset(LIMIT_KINDS)
_AMOUNTS: Final = frozenset({AlarmKind.DEVIATION, AlarmKind.RATE_OF_CHANGE})
_OF_NUMBERS: Final = _LIMITS | _AMOUNTS | {AlarmKind.FROZEN}
TAG_KINDS: Final = (
    *reversed(LIMIT_KINDS), AlarmKind.DEVIATION, AlarmKind.RATE_OF_CHANGE, AlarmKind.DISCRETE, AlarmKind.DISCREPANCY,
    AlarmKind.BAD_QUALITY, AlarmKind.FROZEN,
)  # fmt: skip
"""Kinds that an alarm of a tag can have."""
_BELONGS: Final[Mapping[str, frozenset[AlarmKind]]] = {
    "limit": _LIMITS | _AMOUNTS | {AlarmKind.DISCREPANCY},
    "limit_tag": _LIMITS | _AMOUNTS,
    "reference": frozenset({AlarmKind.DEVIATION, AlarmKind.DISCREPANCY}),
    "expected": frozenset({AlarmKind.DISCREPANCY}),
    "states": frozenset({AlarmKind.DISCRETE}),
    "rate_s": frozenset({AlarmKind.RATE_OF_CHANGE}),
    "frozen_s": frozenset({AlarmKind.FROZEN}),
}
"""Fields that only some kinds have."""
_AGAIN_S: Final = 60.0
"""An alarm that annunciates anew, or is escalated, more often than this would be noise."""


AlarmFields: TypeAlias = AlarmTable | AlarmDefinition
"""An alarm as a type has it, or as it is; names of tags are not looked up."""


@dataclass(frozen=True, slots=True)
class Written:
    """How an alarm was written, and what its tag is.

    ``given``: the fields that were written, by which a mistake is told where it was made; ``states``: of the tag.
    """

    given: Collection[str]
    deadband: float | Share
    data_type: DataType
    states: States


def names_of(kinds: Collection[AlarmKind]) -> str:
    """Return kinds as they are written, in the order of the documentation."""
    return ", ".join(kind.value for kind in TAG_KINDS if kind in kinds)


def kinds_of(data_type: DataType) -> str:
    """Return the kinds that an alarm of a tag of this type can have, as they are written."""
    wrong: set[AlarmKind] = set() if data_type in NUMERIC else set(_OF_NUMBERS)
    if data_type not in {DataType.ENUM, DataType.BOOL}:
        wrong.add(AlarmKind.DISCRETE)
    if data_type is DataType.STRING:
        wrong.add(AlarmKind.DISCREPANCY)
    return names_of(set(TAG_KINDS) - wrong)


def check_alarm(alarm: AlarmFields, written: Written, place: Place) -> None:
    """Report every mistake that can be seen without other tags."""
    if alarm.kind not in TAG_KINDS and alarm.kind is not AlarmKind.CONNECTION:
        place.problem(
            "kind", f"{alarm.kind.value} belongs to alarms that a device judges; allowed: {names_of(TAG_KINDS)}"
        )
        return
    for field, kinds in _BELONGS.items():
        if field in written.given and alarm.kind not in kinds:
            place.problem(field, f"a {alarm.kind.value} alarm has no {field}; allowed: with {names_of(kinds)}")
    if alarm.kind is not AlarmKind.CONNECTION:
        _check_tag(alarm, written, place)
    _check_limit(alarm, place)
    _check_deadband(alarm, written, place)
    _check_count(alarm, place)
    _check_annunciation(alarm, place)


def _check_tag(alarm: AlarmFields, written: Written, place: Place) -> None:
    kind, data_type = alarm.kind, written.data_type
    if kind.value not in kinds_of(data_type).split(", "):
        what = "states" if kind is AlarmKind.DISCRETE else "limits" if kind in _LIMITS else f"{kind.value} alarm"
        place.problem("kind", f"data type {data_type.value} has no {what}; allowed: {kinds_of(data_type)}")
    elif kind is AlarmKind.DISCRETE and not alarm.states:
        place.problem("states", "is missing; a DISCRETE alarm needs the states that are abnormal, such as 4")
    elif kind is AlarmKind.DISCRETE and (error := unknown_states(alarm.states, data_type, written.states)):
        place.problem("states", error)
    elif kind is AlarmKind.FROZEN and not alarm.frozen_s:
        place.problem("frozen_s", "is missing; a FROZEN alarm needs the seconds, more than 0, such as 600")
    for _, states in alarm.expected:
        if error := unknown_states(states, data_type, written.states):
            place.problem("expected", error)


def _check_limit(alarm: AlarmFields, place: Place) -> None:
    kind = alarm.kind
    if kind in _BELONGS["reference"] and not alarm.reference:
        what = "tag of the command" if kind is AlarmKind.DISCREPANCY else "tag that it deviates from"
        place.problem("reference", f"is missing; a {kind.value} alarm requires the {what}")
    if alarm.limit is not None and alarm.limit_tag and kind in _BELONGS["limit_tag"]:
        place.problem("limit_tag", "is given beside limit; allowed: a number or a tag, not both")
    elif kind in _BELONGS["limit_tag"] and alarm.limit is None and not alarm.limit_tag:
        place.problem("limit", f"is missing; a {kind.value} alarm needs a number, allowed instead: limit_tag")
    if alarm.limit is not None and kind not in _LIMITS and kind in _BELONGS["limit"]:
        if alarm.limit < 0 or (alarm.limit == 0 and kind is not AlarmKind.DISCREPANCY):
            place.problem("limit", f"{alarm.limit:g} is no amount of a {kind.value} alarm; allowed: more than 0")
        if alarm.expected:
            place.problem("limit", "is given beside expected; allowed: a tolerance or states, not both")


def _check_deadband(alarm: AlarmFields, written: Written, place: Place) -> None:
    deadband, kind = written.deadband, alarm.kind
    if isinstance(deadband, Share):
        if written.data_type not in NUMERIC or kind is AlarmKind.CONNECTION:
            message = f"data type {written.data_type.value} has no range to take {deadband.percent:g} % of"
            place.problem("deadband", f"{message}; allowed: with float and int")
    elif kind not in _LIMITS and kind in _BELONGS["limit"] and alarm.limit and deadband >= alarm.limit:
        message = f"dead-band {deadband:g} is not below the limit {alarm.limit:g}: the alarm would never end"
        place.problem("deadband", f"{message}; allowed: less than the limit")


def _check_count(alarm: AlarmFields, place: Place) -> None:
    if alarm.count > 1 and not alarm.count_s:
        place.problem("count_s", f"is missing; count {alarm.count} requires the seconds within which it counts")
    elif alarm.count_s and alarm.count == 1:
        place.problem("count", "is missing while count_s is given; allowed: 2 to 100 times, or neither")


def _check_annunciation(alarm: AlarmFields, place: Place) -> None:
    for field, seconds in (("realarm_s", alarm.realarm_s), ("escalate_s", alarm.escalate_s)):
        if 0 < seconds < _AGAIN_S:
            place.problem(field, f"{seconds:g} s is too often; allowed: {_AGAIN_S:g} or more, or 0 for never")
    if alarm.escalate_s and not alarm.ack_required:
        place.problem("escalate_s", "waits for an acknowledgement that is not required; allowed: with ack_required")
    most = CRITICAL_SHELVING_S
    if alarm.priority is Priority.CRITICAL and alarm.shelve_max_s is not None and alarm.shelve_max_s > most:
        message = f"{alarm.shelve_max_s:g} s is too long for priority 1"
        place.problem("shelve_max_s", f"{message}; allowed: 0 (never shelved) to {most:g}")
