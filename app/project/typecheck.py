"""What the tables of an equipment type say together: limits, commands, interlocks, templates."""

import re
from collections.abc import Collection

from app.model.alarm import AlarmKind
from app.model.command import CommandKind
from app.model.expressions import Expression, ExpressionError
from app.project.alarmchecks import TAG_KINDS, Written, check_alarm, names_of
from app.project.alarmschema import AlarmTable
from app.project.calculations import calculation_problems
from app.project.checks import (
    NO_DEADBAND,
    NUMERIC,
    check_clamp,
    check_limits,
    check_range,
    check_scale,
    check_sensor,
    check_setpoint,
    check_states,
    unknown_states,
)
from app.project.draft import Draft
from app.project.place import suggestion
from app.project.schema import CommandTable
from app.project.template import Template, TemplateError
from app.project.tomlfile import TablePlace
from app.project.typefile import BUILT_IN, MemberSpec, TypeSpec

_TEMPLATES = ("text", "text_zh", "limit_tag", "reference", "first_out", "display")


def check_type(spec: TypeSpec, draft: Draft) -> None:
    """Report every mistake that can be seen without an instance."""
    known = BUILT_IN | spec.parameters.keys()
    for member in spec.members.values():
        _member(member, known, spec, draft)
    for place, command in spec.commands.values():
        _command(place, command, spec)
        _templates({"title": command.title, "title_zh": command.title_zh}, known, place)
    for place, interlock in spec.interlocks.values():
        if _templates({"blocked_when": interlock.blocked_when}, known, place):
            _expression("blocked_when", interlock.blocked_when, place)
        _templates({"title": interlock.title, "title_zh": interlock.title_zh}, known, place)


def _member(member: MemberSpec, known: Collection[str], spec: TypeSpec, draft: Draft) -> None:
    table, place = member.table, member.place
    draft.check_retention(table.retention, place)
    check_scale(table.scale, place)
    check_clamp(table.clamp, table.data_type, place)
    check_sensor(table.data_type, table.frozen_s, (table.valid_low, table.valid_high), (table.low, table.high), place)
    check_states(table.data_type, table.states, place)
    range_ok = True
    if table.data_type in NUMERIC:
        low, high = table.normal or (None, None)
        range_ok = check_range(table.low, table.high, [("normal", low), ("normal", high)], place)
    elif table.deadband:
        place.problem("deadband", NO_DEADBAND.format(table.data_type.value))
    _templates({"address": table.address, "connection": table.connection or ""}, known, place)
    if table.expression and _templates({"expression": table.expression}, known, place):
        for key, problem in calculation_problems(
            _with_names(table.expression), table.data_type, connected=bool(table.address), writable=table.writable
        ):
            place.problem(key, problem)
    connection = table.connection
    if connection is not None and "{" not in connection and not draft.knows_connection(connection):
        place.problem("connection", f"connection '{connection}' is unknown{suggestion(connection, draft.connections)}")
    if connection is None and table.address and "connection" not in spec.parameters:
        place.problem("connection", "is missing; allowed: a connection, or a parameter named connection")
    if table.writable and not table.address and not table.expression:
        place.problem("address", "is missing; a writable member needs an address")
    kinds: set[AlarmKind] = set()
    for alarm_place, alarm in member.alarms:
        if alarm.kind in kinds:
            alarm_place.problem("kind", f"{alarm.kind.value} stands twice; allowed: one alarm of each kind")
        kinds.add(alarm.kind)
        _alarm(alarm_place, alarm, member)
        _templates({key: getattr(alarm, key) for key in _TEMPLATES}, known, alarm_place)
        if alarm.suppress_when and _templates({"suppress_when": alarm.suppress_when}, known, alarm_place):
            _expression("suppress_when", alarm.suppress_when, alarm_place)
    limits = {
        alarm.kind: (alarm.kind, f"alarms.{at}.limit", alarm.limit)
        for at, (_, alarm) in reversed(list(enumerate(member.alarms)))
        if alarm.limit is not None
    }
    check_limits(limits.values(), table.low, table.high, range_ok, place)


def _alarm(place: TablePlace, alarm: AlarmTable, member: MemberSpec) -> None:
    if alarm.kind is AlarmKind.CONNECTION:
        place.problem("kind", f"COMM belongs to a connection; allowed: {names_of(TAG_KINDS)}")
        return
    written = Written(alarm.model_fields_set, alarm.deadband, member.table.data_type, member.table.states)
    check_alarm(alarm, written, place)


def _command(place: TablePlace, command: CommandTable, spec: TypeSpec) -> None:
    for key in ("target", "feedback"):
        name = getattr(command, key)
        if name and name not in spec.members:
            place.problem(key, f"member '{name}' is unknown{suggestion(name, spec.members)}")
    for name in command.interlocks:
        if name not in spec.interlocks:
            place.problem("interlocks", f"interlock '{name}' is unknown{suggestion(name, spec.interlocks)}")
    target = spec.members[command.target].table if command.target in spec.members else None
    feedback = spec.members[command.feedback].table if command.feedback in spec.members else None
    if target is not None and not target.writable:
        place.problem("target", f"member '{command.target}' is not writable; allowed: members with writable = true")
    if command.kind is CommandKind.ACTION:
        if command.value is None:
            place.problem("value", "is missing; an action needs the value that it writes")
        if not command.expect:
            place.problem("expect", "is missing; an action needs the values of the feedback that verify it")
        elif feedback is not None and (error := unknown_states(command.expect, feedback.data_type, feedback.states)):
            place.problem("expect", error)
        for key in ("low", "high", "max_step"):
            if getattr(command, key) is not None:
                place.problem(key, "belongs to a setpoint; allowed: not in an action")
        return
    if command.value is not None:
        place.problem("value", "belongs to an action; the operator gives the value of a setpoint")
    if target is not None:
        check_setpoint(command.low, command.high, (target.low, target.high), ("low", "high"), place)


def _templates(texts: dict[str, str], known: Collection[str], place: TablePlace) -> bool:
    right = True
    for key, text in texts.items():
        try:
            names = Template.parse(text).names
        except TemplateError as error:
            place.problem(key, str(error))
            right = False
            continue
        for name in names:
            if name not in known:
                place.problem(key, f"parameter '{name}' is unknown{suggestion(name, sorted(known))}")
                right = False
    return right


def _with_names(text: str) -> str:
    """Return a template with a name in the place of each parameter; every column stays what it is."""
    return re.sub(r"\{[^{}]*\}", lambda hole: "x".ljust(len(hole[0]), "_"), text)


def _expression(key: str, text: str, place: TablePlace) -> None:
    try:
        Expression.parse(_with_names(text))
    except ExpressionError as error:
        place.problem(key, f"'{text}' is not an expression: {error}")
