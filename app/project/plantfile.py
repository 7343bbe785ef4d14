"""plant.toml: the plant, its areas, operating positions, connections and retention classes."""

import zoneinfo
from collections.abc import Iterator, Mapping
from typing import Any

from app.model.connection import Connection, Protocol_
from app.model.connection_alarm import connection_alarm
from app.model.keystore import SecretKind, secret_variable
from app.model.plant import Area, HistorySettings, JournalSettings, OperatingPosition, Retention
from app.model.text import LocalText
from app.project.draft import DEFAULT_RETENTION, Draft
from app.project.keyfiles import find_files
from app.project.names import check_id
from app.project.options import RULES, check_endpoint, check_line, check_options, is_secret, secret_problem
from app.project.place import Place, suggestion
from app.project.schema import (
    AreaTable,
    ConnectionTable,
    HistoryTable,
    JournalTable,
    PlantTable,
    PositionTable,
    RetentionTable,
)
from app.project.tomlfile import TomlFile, read_toml
from app.project.validate import validate

SECTIONS = {
    "plant": dict, "area": list, "position": dict, "connection": list, "retention": dict, "history": dict,
    "journal": dict,
}  # fmt: skip


def read_plant_file(draft: Draft) -> None:
    """Read plant.toml into the draft."""
    file = read_toml(draft.folder / "plant.toml", draft.folder, draft.problems)
    draft.retention["default"] = DEFAULT_RETENTION
    if file is None:
        draft.plant_file_broken = True
        return
    check_sections(file, SECTIONS)
    _plant(file, draft)
    for at, data in tables(file, "area"):
        place = file.place("area", at)
        area = validate(AreaTable, data, place)
        if area.id in draft.areas:
            place.problem("id", f"area '{area.id}' is already defined; allowed: each id once")
        elif area.id:
            draft.areas[area.id] = Area(area.id, LocalText(area.title, area.title_zh))
        else:
            _remember(data, draft)
    for name, data in named_tables(file, "position"):
        _position(file.place("position", name), name, data, draft)
    for at, data in tables(file, "connection"):
        _connection(file, at, data, draft)
    for name, data in named_tables(file, "retention"):
        place = file.place("retention", name)
        table = validate(RetentionTable, data, place)
        try:
            draft.retention[check_id(name)] = Retention(name, tuple(table.levels))
        except ValueError as error:
            place.problem("", str(error))
    if isinstance(history := file.data.get("history", {}), dict):
        settings = validate(HistoryTable, history, file.place("history"))
        draft.history = HistorySettings(settings.spool_mib, settings.keep_days)
    if isinstance(journal := file.data.get("journal", {}), dict):
        draft.journal = JournalSettings(validate(JournalTable, journal, file.place("journal")).keep_days)


def check_sections(file: TomlFile, allowed: Mapping[str, type]) -> None:
    """Report unknown sections of a file, and sections of another kind."""
    for name, value in file.data.items():
        if name not in allowed:
            file.place().problem(name, f"'{name}' is unknown{suggestion(name, allowed)}")
        elif not isinstance(value, allowed[name]):
            expected = f"[[{name}]]" if allowed[name] is list else f"[{name}]"
            file.place().problem(name, f"'{name}' is not such a table; allowed: {expected}")


def tables(file: TomlFile, *path: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the tables of an array with their positions; reports items that are none."""
    found: Any = file.data
    for part in path:
        found = found.get(part, {}) if isinstance(found, dict) else {}
    for at, data in enumerate(found if isinstance(found, list) else []):
        if isinstance(data, dict):
            yield at, data
        else:
            file.place(*path).problem("", f"{data!r} is not a table; allowed: [[{'.'.join(path)}]]")


def named_tables(file: TomlFile, section: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the tables of a section with their names; reports entries that are none."""
    found = file.data.get(section, {})
    for name, data in found.items() if isinstance(found, dict) else ():
        if isinstance(data, dict):
            yield name, data
        else:
            file.place(section).problem(name, f"{data!r} is not a table; allowed: [{section}.{name}]")


def _plant(file: TomlFile, draft: Draft) -> None:
    data = file.data.get("plant")
    place = file.place("plant")
    if not isinstance(data, dict):
        if data is None:
            file.place().problem("plant", "[plant] is missing; required: id, title, time_zone")
        return
    plant = validate(PlantTable, data, place)
    draft.id, draft.title = plant.id, LocalText(plant.title, plant.title_zh)
    draft.time_zone, draft.home_display, draft.home_place = plant.time_zone, plant.home_display, place
    if plant.time_zone:
        try:
            zoneinfo.ZoneInfo(plant.time_zone)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
            near = suggestion(plant.time_zone, zoneinfo.available_timezones())
            hint = near if "did you mean" in near else "; allowed: IANA names such as Asia/Shanghai"
            place.problem("time_zone", f"time zone '{plant.time_zone}' is unknown{hint}")


def _position(place: Place, name: str, data: dict[str, Any], draft: Draft) -> None:
    table = validate(PositionTable, data, place)
    for area in dict.fromkeys(table.areas):
        draft.check_area(area, place, "areas")
        if area and table.areas.count(area) > 1:
            place.problem("areas", f"area '{area}' stands twice; allowed: once")
    try:
        draft.positions[check_id(name)] = OperatingPosition(
            name, LocalText(table.title, table.title_zh), tuple(table.areas)
        )
    except ValueError as error:
        place.problem("", str(error))


def _connection(file: TomlFile, at: int, data: dict[str, Any], draft: Draft) -> None:
    place = file.place("connection", at)
    name = data["id"] if isinstance(data.get("id"), str) else ""
    for key in filter(is_secret, data):
        place.problem(key, secret_problem(name))
    table = validate(ConnectionTable, {key: value for key, value in data.items() if not is_secret(key)}, place)
    if not table.id:
        _remember(data, draft)
    if table.id in draft.connections:
        place.problem("id", f"connection '{table.id}' is already defined; allowed: each id once")
        return
    try:
        protocol = Protocol_(table.protocol)
    except ValueError:
        if table.protocol:
            names = [item.value for item in Protocol_]
            place.problem("protocol", f"protocol '{table.protocol}' is unknown; allowed: {', '.join(names)}")
        draft.broken.add(table.id)
        return
    if table.endpoint:
        check_endpoint(protocol, table.endpoint, place, table.id)
    options = check_options(protocol, table.options, place, table.id)
    _check_variable(table.id, options, draft, place)
    title = LocalText(table.title or table.id, table.title_zh)
    if not table.id:
        return
    options = find_files(options, RULES[protocol], draft.folder, draft.id, place)
    connection = Connection(table.id, protocol, table.endpoint, title, options, table.simulate)
    check_line(connection, draft.connections.values(), place)
    draft.connections[table.id] = connection
    draft.connection_places[table.id] = place
    alarm = connection_alarm(connection, table.alarm_priority)
    draft.alarms[alarm.id] = alarm


def _check_variable(connection: str, options: Mapping[str, Any], draft: Draft, place: Place) -> None:
    """Report that two connections would take each other's password: their ids differ, their variables do not."""
    logins = {"user", "user_certificate"}
    variable = secret_variable(SecretKind.PASSWORD, connection)
    for other in draft.connections.values():
        same = secret_variable(SecretKind.PASSWORD, other.id) == variable
        if same and logins & options.keys() and logins & other.options.keys():
            place.problem(
                "id", f"'{connection}' and '{other.id}' would both take their secret from {variable}; "
                "allowed: ids that differ in letters or digits where both have a user"
            )  # fmt: skip


def _remember(data: dict[str, Any], draft: Draft) -> None:
    """Keep a wrong id, so that what refers to it is not reported too."""
    if isinstance(data.get("id"), str):
        draft.broken.add(data["id"])
