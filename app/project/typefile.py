"""types/*.toml: equipment types, read and checked once, before any instance is expanded."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from app.model.equipment import EquipmentType, FaceplateRow
from app.model.text import LocalText
from app.project.alarmschema import AlarmTable
from app.project.draft import Draft
from app.project.names import check_member
from app.project.place import suggestion
from app.project.plantfile import check_sections, named_tables, tables
from app.project.schema import (
    CommandTable,
    FaceplateTable,
    InterlockTable,
    MemberTable,
    ParameterTable,
    TypeTable,
)
from app.project.tomlfile import TablePlace, TomlFile, read_toml
from app.project.validate import validate

SECTIONS: Final = {
    "type": dict, "parameters": dict, "faceplate": list, "members": dict, "commands": dict, "interlocks": dict,
}  # fmt: skip
BUILT_IN: Final = frozenset({"name", "area", "title"})
"""Names that a template may use beside the parameters."""


@dataclass
class MemberSpec:
    """A member as written, with its alarms."""

    table: MemberTable
    place: TablePlace
    alarms: list[tuple[TablePlace, AlarmTable]] = field(default_factory=list)


@dataclass
class TypeSpec:
    """A type as written."""

    file: TomlFile
    table: TypeTable
    parameters: dict[str, str | None] = field(default_factory=dict)
    """Default of each parameter; None where every instance must give it."""
    members: dict[str, MemberSpec] = field(default_factory=dict)
    commands: dict[str, tuple[TablePlace, CommandTable]] = field(default_factory=dict)
    interlocks: dict[str, tuple[TablePlace, InterlockTable]] = field(default_factory=dict)


def read_types(draft: Draft) -> dict[str, TypeSpec]:
    """Read every type; the public part of each goes into the draft."""
    specs: dict[str, TypeSpec] = {}
    for path in sorted((draft.folder / "types").glob("*.toml")):
        file = read_toml(path, draft.folder, draft.problems)
        if file is None:
            draft.names_broken = True
            continue
        check_sections(file, SECTIONS)
        spec = _read(file)
        name = spec.table.name
        if name in specs:
            other = specs[name].file.name
            file.place("type").problem("name", f"type '{name}' is already defined in {other}; allowed: each name once")
        elif name:
            specs[name] = spec
            draft.types[name] = _public(spec)
        else:
            draft.names_broken = True
    return specs


def _read(file: TomlFile) -> TypeSpec:
    data = file.data.get("type")
    if not isinstance(data, dict):
        if data is None:
            file.place().problem("type", "[type] is missing; required: name, title")
        spec = TypeSpec(file, TypeTable(name="x", title="x").model_copy(update={"name": ""}))
    else:
        spec = TypeSpec(file, validate(TypeTable, data, file.place("type")))
    for name, table in named_tables(file, "parameters"):
        place = file.place("parameters", name)
        _check_name(name, place)
        if name in BUILT_IN:
            place.problem("", f"'{name}' is built in; allowed: any other name")
        default = validate(ParameterTable, table, place).default
        spec.parameters[name] = None if default is None else str(default)
    for name, table in named_tables(file, "members"):
        spec.members[name] = _member(file, name, table)
    for name, table in named_tables(file, "commands"):
        place = file.place("commands", name)
        _check_name(name, place)
        spec.commands[name] = (place, validate(CommandTable, table, place))
    for name, table in named_tables(file, "interlocks"):
        place = file.place("interlocks", name)
        _check_name(name, place)
        spec.interlocks[name] = (place, validate(InterlockTable, table, place))
    return spec


def _member(file: TomlFile, name: str, table: dict[str, Any]) -> MemberSpec:
    place = file.place("members", name)
    _check_name(name, place)
    own = {key: value for key, value in table.items() if key != "alarms"}
    spec = MemberSpec(validate(MemberTable, own, place), place)
    alarms = table.get("alarms", [])
    if not isinstance(alarms, list):
        place.problem("alarms", f"is not a list of tables; allowed: [[members.{name}.alarms]]")
    for at, data in tables(file, "members", name, "alarms"):
        alarm_place = file.place("members", name, "alarms", at)
        spec.alarms.append((alarm_place, validate(AlarmTable, data, alarm_place)))
    return spec


def _check_name(name: str, place: TablePlace) -> None:
    try:
        check_member(name)
    except ValueError as error:
        place.problem("", str(error))


def _public(spec: TypeSpec) -> EquipmentType:
    rows = []
    for at, data in tables(spec.file, "faceplate"):
        place = spec.file.place("faceplate", at)
        row = validate(FaceplateTable, data, place)
        if row.member and row.member not in spec.members:
            place.problem("member", f"member '{row.member}' is unknown{suggestion(row.member, spec.members)}")
        elif row.member:
            member = spec.members[row.member].table
            caption = LocalText(row.caption, row.caption_zh) or LocalText(member.title, member.title_zh)
            rows.append(FaceplateRow(row.member, caption))
    table, place = spec.table, spec.file.place("type")
    _check_members(table.trend, "trend", spec, place)
    _check_members(filter(None, [table.state_member]), "state_member", spec, place)
    _check_members(filter(None, [table.local_remote]), "local_remote", spec, place)
    if (table.running or table.fault) and not table.state_member:
        place.problem(
            "state_member", "is missing while running or fault is given; allowed: the member they are values of"
        )
    if table.state_member in spec.members:
        known = [number for number, _ in spec.members[table.state_member].table.states]
        for key, numbers in (("running", table.running), ("fault", table.fault)):
            for number in numbers:
                if known and number not in known:
                    message = f"state {number} is unknown; allowed: {', '.join(map(str, known))}"
                    place.problem(key, message)
    return EquipmentType(
        name=table.name,
        title=LocalText(table.title, table.title_zh),
        symbol=table.symbol,
        state_member=table.state_member,
        running_states=tuple(table.running),
        fault_states=tuple(table.fault),
        faceplate=tuple(rows),
        trend=tuple(table.trend),
    )


def _check_members(names: Iterable[str], key: str, spec: TypeSpec, place: TablePlace) -> None:
    for name in names:
        if name not in spec.members:
            place.problem(key, f"member '{name}' is unknown{suggestion(name, spec.members)}")
