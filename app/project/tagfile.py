"""tags.csv: stand-alone tags with their alarms and setpoint commands."""

from typing import Final

from app.model.alarm import AlarmDefinition, AlarmKind, Priority
from app.model.command import CommandDefinition, CommandKind
from app.model.tag import DataType, Limits, Tag
from app.model.text import LocalText
from app.project.alarmtext import text_of
from app.project.calculations import calculation_problems
from app.project.cells import Share
from app.project.checks import (
    NO_DEADBAND,
    NUMERIC,
    address_error,
    check_clamp,
    check_limits,
    check_range,
    check_scale,
    check_sensor,
    check_setpoint,
    check_states,
    unknown_states,
)
from app.project.csvfile import read_table
from app.project.draft import Draft
from app.project.place import Place, suggestion
from app.project.schema import TagRow, columns, required
from app.project.validate import validate

_COLUMNS: Final = columns(TagRow)
_REQUIRED: Final = required(TagRow)


def read_tags(draft: Draft) -> None:
    """Read tags.csv, if there is one, into the draft."""
    path = draft.folder / "tags.csv"
    if not path.exists():
        return
    table = read_table(path, draft.folder, draft.problems, _COLUMNS, _REQUIRED)
    if table is None or "name" in table.absent:
        draft.names_broken = True
    for place, cells in table.rows if table else ():
        row = validate(TagRow, cells, place, reported=table.absent if table else frozenset())
        if row.name:
            _tag(row, place, draft)
        elif "name" in cells:
            draft.broken.add(cells["name"])


def _tag(row: TagRow, place: Place, draft: Draft) -> None:
    draft.check_area(row.area, place)
    draft.check_retention(row.retention, place)
    _check_source(row, place, draft)
    check_scale(row.scale, place)
    check_clamp(row.clamp, row.data_type, place)
    check_states(row.data_type, row.states, place)
    numeric = row.data_type in NUMERIC
    range_ok = True
    if numeric:
        normal = [("normal_low", row.normal_low), ("normal_high", row.normal_high)]
        range_ok = check_range(row.low, row.high, normal, place)
    elif row.history_deadband:
        place.problem("history_deadband", NO_DEADBAND.format(row.data_type.value))
    check_sensor(row.data_type, row.frozen_s, (row.valid_low, row.valid_high), (row.low, row.high), place)
    limits = _limits(row)
    if limits and not numeric:
        place.problem(limits[0][1], f"data type {row.data_type.value} has no limits; allowed: with float and int")
    else:
        check_limits(limits, row.low, row.high, range_ok, place)
    tag = Tag(
        name=row.name,
        description=LocalText(row.description or row.name, row.description_zh),
        area=row.area,
        data_type=row.data_type,
        connection=row.connection,
        address=row.address,
        expression=row.expression,
        scale=row.scale,
        offset=row.offset,
        clamp=row.clamp,
        unit=row.unit,
        low=row.low,
        high=row.high,
        decimals=(1 if row.data_type is DataType.FLOAT else 0) if row.decimals is None else row.decimals,
        limits=Limits(
            row.low_low,
            row.low_limit,
            row.high_limit,
            row.high_high,
            normal_low=row.normal_low,
            normal_high=row.normal_high,
        ),
        states=row.states,
        scan_ms=row.scan_ms,
        deadband=row.history_deadband,
        writable=row.writable,
        retention=row.retention,
        frozen_s=row.frozen_s,
        valid_low=row.valid_low,
        valid_high=row.valid_high,
    )
    known = row.name in draft.tags
    draft.add_tag(tag, place)
    if not known:
        _alarms(row, tag, place, draft)
        _setpoint(row, tag, place, draft)


def _limits(row: TagRow) -> list[tuple[AlarmKind, str, float]]:
    pairs = [
        (AlarmKind.LOW_LOW, row.low_low),
        (AlarmKind.LOW, row.low_limit),
        (AlarmKind.HIGH, row.high_limit),
        (AlarmKind.HIGH_HIGH, row.high_high),
    ]
    return [(kind, kind.value, limit) for kind, limit in pairs if limit is not None]


def _check_source(row: TagRow, place: Place, draft: Draft) -> None:
    if row.expression:
        connected = bool(row.connection or row.address)
        for field, problem in calculation_problems(
            row.expression, row.data_type, connected=connected, writable=row.writable
        ):
            place.problem(field, problem)
    elif row.connection and not draft.knows_connection(row.connection):
        hint = suggestion(row.connection, draft.connections)
        place.problem("connection", f"connection '{row.connection}' is unknown{hint}")
    elif bool(row.connection) != bool(row.address):
        field, other = ("address", "connection") if row.connection else ("connection", "address")
        place.problem(field, f"is missing while {other} is given; allowed: both or neither")
    elif row.connection in draft.connections:
        if error := address_error(draft.connections[row.connection], row.address, row.data_type, row.writable):
            place.problem("address", error)
    elif row.writable and not row.connection:
        place.problem("writable", "a tag without a connection cannot be written; allowed: no")


def _alarms(row: TagRow, tag: Tag, place: Place, draft: Draft) -> None:
    wanted: list[tuple[AlarmKind, float | None, tuple[int, ...], Priority]] = [
        (kind, limit, (), row.priorities.get(kind, Priority.MEDIUM)) for kind, _, limit in _limits(row)
    ]
    kinds = {kind for kind, *_ in wanted} | {AlarmKind.BAD_QUALITY}
    if row.alarm_states is not None:
        states, priority = row.alarm_states
        kinds.add(AlarmKind.DISCRETE)
        wanted.append((AlarmKind.DISCRETE, None, states, row.priorities.get(AlarmKind.DISCRETE, priority)))
        if not tag.is_discrete or row.data_type is DataType.STRING:
            place.problem("alarm_states", f"data type {row.data_type.value} has no states; allowed: with bool and enum")
        elif error := unknown_states(states, row.data_type, row.states):
            place.problem("alarm_states", error)
    if AlarmKind.BAD_QUALITY in row.priorities:
        wanted.append((AlarmKind.BAD_QUALITY, None, (), row.priorities[AlarmKind.BAD_QUALITY]))
    for kind in row.priorities.keys() - kinds:
        place.problem(
            "priorities", f"{kind.value} has a priority but no limit; allowed: a limit in column {kind.value}"
        )
    deadband = row.deadband.of(tag.low, tag.high) if isinstance(row.deadband, Share) else row.deadband
    for kind, limit, states, priority in wanted:
        draft.alarm_origins[f"{tag.name}.{kind.value}"] = place
        draft.alarms[f"{tag.name}.{kind.value}"] = AlarmDefinition(
            id=f"{tag.name}.{kind.value}",
            tag=tag.name,
            kind=kind,
            priority=priority,
            text=text_of(tag, kind, states),
            area=tag.area,
            connection=tag.connection,
            limit=limit,
            states=states,
            deadband=deadband if limit is not None else 0.0,
            on_delay_s=row.on_delay_s,
            off_delay_s=row.off_delay_s,
        )


def _setpoint(row: TagRow, tag: Tag, place: Place, draft: Draft) -> None:
    given = {"set_low": row.set_low, "set_high": row.set_high, "set_step": row.set_step}
    if not (row.writable and row.feedback):
        if row.feedback:
            place.problem("feedback", "needs writable = yes")
        for field, value in given.items():
            if value is not None and not row.feedback:
                place.problem(field, "needs feedback, the tag that is read back")
        return
    low, high = check_setpoint(row.set_low, row.set_high, (row.low, row.high), ("set_low", "set_high"), place)
    command = CommandDefinition(
        id=tag.name,
        kind=CommandKind.SETPOINT,
        title=tag.description,
        target=tag.name,
        feedback=row.feedback,
        area=tag.area,
        tolerance=row.tolerance,
        low=low,
        high=high,
        max_step=row.set_step,
    )
    draft.add_command(command, place)
