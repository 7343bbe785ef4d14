"""Saving of project files: written beside the old one and renamed over it, so that a crash never leaves half a file.

Edits keep what they do not touch: comments and order of plant.toml, unknown columns and order of the tables.
All functions block on the disk; none belongs on the Qt thread. They raise ProjectError with the reason.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Table

from app.model.errors import ProjectError
from app.project.alarmschema import AlarmRow
from app.project.atomic import write_atomically
from app.project.schema import EquipmentRow, Row, TagRow, columns, required


def read_rows(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    """Return the columns and rows of a table file as texts.

    Raises:
        ProjectError: it cannot be read.

    """
    try:
        reader = csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""), strict=True)
        records = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ProjectError(f"{path} cannot be read: {error}") from error
    if not records:
        return [], []
    header = records[0]
    rows = [dict(zip(header, record, strict=False)) for record in records[1:] if any(record)]
    return header, rows


def save_tags(folder: Path, rows: Sequence[Mapping[str, str]]) -> None:
    """Write tags.csv; columns in the order of the file, new ones in the order of the documentation."""
    _save_table(folder / "tags.csv", rows, TagRow)


def save_equipment(folder: Path, rows: Sequence[Mapping[str, str]]) -> None:
    """Write equipment.csv; columns as with save_tags."""
    _save_table(folder / "equipment.csv", rows, EquipmentRow)


def save_alarms(folder: Path, rows: Sequence[Mapping[str, str]]) -> None:
    """Write alarms.csv; columns as with save_tags."""
    _save_table(folder / "alarms.csv", rows, AlarmRow)


def _save_table(path: Path, rows: Sequence[Mapping[str, str]], model: type[Row]) -> None:
    known, needed = columns(model), required(model)
    header = read_rows(path)[0] if path.exists() else []
    used = {column for row in rows for column, cell in row.items() if cell}
    header = header or [column for column in known if column in used or column in needed]
    missing = [column for column in known if column in used and column not in header]
    extra = sorted(used - set(header) - set(missing))
    header = [*header, *missing, *extra]
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([row.get(column, "") for column in header] for row in rows)
    write_atomically(path, text.getvalue())


def save_plant_file(folder: Path, changes: Mapping[str, Any]) -> None:
    """Change plant.toml, keeping its comments and order.

    Args:
        folder: the project folder.
        changes: sections as tomllib gives them. A section that is named replaces the values of its keys; keys not
            named stay; None removes a key. ``area`` and ``connection`` are lists, matched by ``id``; entries not
            in the list are removed.

    """
    path = folder / "plant.toml"
    try:
        document = tomlkit.parse(path.read_text(encoding="utf-8-sig")) if path.exists() else tomlkit.document()
    except (OSError, UnicodeDecodeError, TOMLKitError) as error:
        raise ProjectError(f"{path} cannot be read: {error}") from error
    for section, value in changes.items():
        if isinstance(value, Mapping):
            _merge(_section(document, section), value)
        else:
            _merge_list(document, section, list(value))
    write_atomically(path, tomlkit.dumps(document))


def _section(parent: Any, name: str) -> Any:
    if name not in parent:
        parent[name] = tomlkit.table()
    return parent[name]


def _merge(table: Any, values: Mapping[str, Any]) -> None:
    for key, value in values.items():
        if value is None:
            if key in table:
                del table[key]
        elif isinstance(value, Mapping):
            _merge(_section(table, key), value)
        elif key not in table or table[key] != value:
            table[key] = value


def _merge_list(document: tomlkit.TOMLDocument, section: str, wanted: list[Mapping[str, Any]]) -> None:
    old = document.get(section)
    by_id = {str(item.get("id")): item for item in old} if isinstance(old, AoT) else {}
    ids = [str(item.get("id")) for item in wanted]
    if list(by_id) == ids:
        for item in wanted:
            _merge(by_id[str(item["id"])], item)
        return
    tables = tomlkit.aot()
    for item in wanted:
        kept = by_id.get(str(item.get("id")))
        table: Table = kept if isinstance(kept, Table) else tomlkit.table()
        _merge(table, item)
        tables.append(table)
    document[section] = tables
