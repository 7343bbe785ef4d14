"""What one file says about another: tags that are read back, watched, drawn or written."""

from collections.abc import Iterable

from app.model.command import CommandKind
from app.model.expressions import Expression, ExpressionError
from app.model.pen import PenSetting
from app.model.plant import TrendGroup
from app.model.tag import DataType
from app.model.text import LocalText
from app.project.checks import write_cells
from app.project.draft import Draft
from app.project.names import check_id
from app.project.pentable import scale_problem
from app.project.place import Place, suggestion
from app.project.schema import PenTable, TrendTable
from app.project.textfile import relative_name
from app.project.tomlfile import TomlFile, read_toml
from app.project.validate import validate


def check_references(draft: Draft) -> None:
    """Report names that do not exist, and tags that write the same place of a device."""
    for command in draft.commands.values():
        place = draft.command_origins[command.id]
        if command.kind is CommandKind.SETPOINT and not command.equipment and command.feedback:
            check_tag(command.feedback, "feedback", place, draft)
        target, feedback = draft.tags.get(command.target), draft.tags.get(command.feedback)
        for key, tag in (("target", target), ("feedback", feedback)):
            if tag is not None and tag.data_type is DataType.STRING:
                place.problem(key, f"tag '{tag.name}' is text; allowed: float, int, bool, enum")
    _check_conditions(draft)
    _check_writes(draft)


def check_tag(name: str, field: str, place: Place, draft: Draft) -> None:
    """Report a tag that does not exist."""
    if not draft.knows_tag(name):
        place.problem(field, f"tag '{name}' is unknown{near_tag(name, draft.tags)}")


def near_tag(name: str, tags: Iterable[str]) -> str:
    """Return the hint for a tag that does not exist: the nearest one, or where tags come from."""
    hint = suggestion(name, tags)
    return hint if "did you mean" in hint else "; allowed: tags of tags.csv and members of equipment"


def _check_conditions(draft: Draft) -> None:
    for text, place, key in draft.conditions:
        if not text:
            continue
        try:
            names = Expression.parse(text).names
        except ExpressionError:
            continue  # reported with the type, where it was written
        for name in sorted(names):
            check_tag(name, key, place, draft)


def _check_writes(draft: Draft) -> None:
    writers: dict[tuple[str, object], str] = {}
    for tag in draft.tags.values():
        if not tag.writable or tag.connection not in draft.connections:
            continue
        protocol = draft.connections[tag.connection].protocol
        for cell in write_cells(protocol, tag.address):
            other = writers.setdefault((tag.connection, cell), tag.name)
            if other != tag.name:
                message = f"'{tag.address}' is written by tag '{other}' already; allowed: one writable tag an address"
                draft.origins[tag.name].problem("address", message)
                break


def read_trends(draft: Draft) -> None:
    """Read trends/*.toml into the draft."""
    for path in sorted((draft.folder / "trends").glob("*.toml")):
        file = read_toml(path, draft.folder, draft.problems)
        if file is None:
            continue
        place = file.place()
        table, draft.trends[path.stem] = trend_group(path.stem, file)
        try:
            check_id(path.stem)
        except ValueError as error:
            draft.problems.add(relative_name(path, draft.folder), None, "", f"file name: {error}")
        for name in dict.fromkeys(filter(None, table.tags)):
            check_tag(name, "tags", place, draft)
            if table.tags.count(name) > 1:
                place.problem("tags", f"tag '{name}' stands twice; allowed: once")


def trend_group(key: str, file: TomlFile) -> tuple[TrendTable, TrendGroup]:
    """Read one file of trends/; what is wrong in it alone becomes a problem of the file."""
    table = validate(TrendTable, file.data, file.place())
    title = LocalText(table.title, table.title_zh)
    group = TrendGroup(
        key, title, tuple(table.tags), table.span_s, table.shared_axis, table.stagger, _read_pens(table, file),
    )  # fmt: skip
    return table, group


def _read_pens(table: TrendTable, file: TomlFile) -> tuple[PenSetting, ...]:
    found: dict[str, PenSetting] = {}
    colors: dict[str, str] = {}
    for tag, data in table.pens.items():
        place = file.place("pens", tag)
        pen = validate(PenTable, data, place)
        if tag not in table.tags:
            place.problem("", f"tag '{tag}' is not among the tags of this group{suggestion(tag, table.tags)}")
        other = colors.setdefault(pen.color, tag) if pen.color else tag
        if other != tag:
            place.problem("color", f"'{pen.color}' is the colour of '{other}'; allowed: each colour once")
        why = scale_problem(pen.low, pen.high)
        if why:
            place.problem("low", f"{why}; allowed: low < high, or neither")
        found[tag] = PenSetting(tag, pen.color, pen.line, pen.width, pen.axis, pen.low, pen.high, pen.visible)
    return tuple(found[tag] for tag in table.tags if tag in found)
