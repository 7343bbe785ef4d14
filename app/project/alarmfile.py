"""alarms.csv: what single alarms have otherwise than their type or tag says, and alarms that only one tag has."""

from dataclasses import replace
from typing import Any, Final

from app.model.alarm import AlarmDefinition, AlarmKind, Priority
from app.model.tag import DataType, Tag
from app.model.text import LocalText
from app.project.alarmchecks import TAG_KINDS, Written, check_alarm
from app.project.alarmschema import AlarmRow
from app.project.alarmtext import text_of
from app.project.cells import Share
from app.project.checks import LIMIT_KINDS, check_limits
from app.project.csvfile import read_table
from app.project.draft import Draft
from app.project.place import Place, suggestion
from app.project.schema import columns, required
from app.project.validate import validate

_COLUMNS: Final = columns(AlarmRow)
_REQUIRED: Final = required(AlarmRow)
_NOTHING: Final = "-"
"""A cell that takes away what the type gives, where an empty one leaves it."""
_TEXTS: Final = ("cause", "consequence", "action", "confirmation", "basis")
_SAME: Final = (
    "priority", "limit", "limit_tag", "reference", "expected", "states", "on_delay_s", "off_delay_s", "rate_s",
    "frozen_s", "count", "count_s", "ack_required", "latched", "realarm_s", "escalate_s", "shelve_max_s",
    "suppress_when", "first_out", "alarm_class", "display",
)  # fmt: skip
"""Columns that are fields of the definition."""


def read_alarms(draft: Draft) -> None:
    """Read alarms.csv, if there is one, over the alarms of tags, equipment and connections."""
    path = draft.folder / "alarms.csv"
    if not path.exists():
        return
    table = read_table(path, draft.folder, draft.problems, _COLUMNS, _REQUIRED)
    seen: dict[str, Place] = {}
    changed: dict[str, Place] = {}
    for place, cells in table.rows if table else ():
        cleared = {column for column, cell in cells.items() if cell == _NOTHING and column != "id"}
        given = {column: cell for column, cell in cells.items() if column not in cleared}
        row = validate(AlarmRow, given, place, reported=table.absent if table else frozenset())
        if not row.id:
            continue
        if row.id in seen:
            place.problem("id", f"alarm '{row.id}' stands already in {seen[row.id].describe()}; allowed: each id once")
            continue
        seen[row.id] = place
        tag = _row(row, set(given) - {"id"}, cleared, place, draft)
        if tag:
            changed[tag] = place
    for name, where in changed.items():
        _take_limits(name, where, draft)


def _row(row: AlarmRow, given: set[str], cleared: set[str], place: Place, draft: Draft) -> str:
    """Take one row; return the tag whose limits it may have changed."""
    known = draft.alarms.get(row.id)
    if known is None:
        known = _new(row, place, draft)
        if known is None:
            return ""
    elif row.enabled is False:
        del draft.alarms[row.id]
        return known.tag
    tag = draft.tags.get(known.tag)
    alarm = _changed(known, row, given, cleared, tag)
    written = Written(
        given=given | cleared,
        deadband=row.deadband if isinstance(row.deadband, Share) else alarm.deadband,
        data_type=DataType.BOOL if tag is None else tag.data_type,
        states=() if tag is None else tag.states,
    )
    check_alarm(alarm, written, place)
    draft.alarms[row.id] = alarm
    draft.alarm_rows[row.id] = (place, frozenset(given))
    if "suppress_when" in given:
        draft.conditions.append((alarm.suppress_when, place, "suppress_when"))
    return known.tag


def _new(row: AlarmRow, place: Place, draft: Draft) -> AlarmDefinition | None:
    """Return an alarm that no type or tag has, as far as its id tells; None with the problem where it tells none."""
    name, _, kind = row.id.rpartition(".")
    tag = draft.tags.get(name)
    kinds = [each.value for each in TAG_KINDS]
    if tag is None or kind not in kinds:
        if not (name and draft.knows_tag(name) and kind in kinds) and not draft.names_broken:
            hint = suggestion(row.id, draft.alarms)
            hint = hint if "did you mean" in hint else f"; expected <tag>.<kind>, kinds: {', '.join(kinds)}"
            place.problem("id", f"alarm '{row.id}' is unknown{hint}")
        return None
    if row.enabled is False:
        place.problem("enabled", f"there is no alarm '{row.id}'; allowed: no for an alarm that a type or tag has")
        return None
    of_kind = AlarmKind(kind)
    return AlarmDefinition(
        id=row.id,
        tag=name,
        kind=of_kind,
        priority=Priority.MEDIUM,
        text=text_of(tag, of_kind, row.states or ()),
        area=tag.area,
        equipment=tag.equipment,
        connection=tag.connection,
    )


def _changed(
    known: AlarmDefinition, row: AlarmRow, given: set[str], cleared: set[str], tag: Tag | None
) -> AlarmDefinition:
    blank = AlarmDefinition(known.id, known.tag, known.kind, known.priority, known.text)
    fields: dict[str, Any] = {}
    for field in _SAME:
        column = "class" if field == "alarm_class" else field
        if column in cleared:
            fields[field] = getattr(blank, field)
        elif (value := getattr(row, field)) is not None:
            fields[field] = value
    if "limit" in fields and "limit_tag" not in given:
        fields["limit_tag"] = ""
    elif "limit_tag" in fields and "limit" not in given:
        fields["limit"] = None
    if "deadband" in cleared:
        fields["deadband"] = 0.0
    elif row.deadband is not None:
        fields["deadband"] = _units(row.deadband, tag)
    if row.text is not None or row.text_zh is not None:
        fields["text"] = LocalText(row.text or known.text.en, row.text_zh or known.text.get("zh"))
    guidance: dict[str, Any] = {key: _text(getattr(known.guidance, key), key, row, cleared) for key in _TEXTS}
    for key, nothing in (("respond_s", None), ("rationalised", ""), ("change", "")):
        if key in cleared or getattr(row, key) is not None:
            guidance[key] = nothing if key in cleared else getattr(row, key)
    return replace(known, **fields, guidance=replace(known.guidance, **guidance))


def _text(known: LocalText, key: str, row: AlarmRow, cleared: set[str]) -> LocalText:
    parts = []
    for column, before in ((key, known.en), (f"{key}_zh", known.zh)):
        value: str | None = getattr(row, column)
        parts.append("" if column in cleared else before if value is None else value)
    return LocalText(*parts)


def _units(deadband: float | Share, tag: Tag | None) -> float:
    if not isinstance(deadband, Share):
        return deadband
    return deadband.of(tag.low, tag.high) if tag is not None else 0.0


def _take_limits(name: str, place: Place, draft: Draft) -> None:
    """Check the limits of a tag against one another, and let the tag have them as it is drawn with them."""
    tag = draft.tags.get(name)
    if tag is None:
        return
    alarms = {kind: draft.alarms.get(f"{name}.{kind.value}") for kind in LIMIT_KINDS}
    limits = {kind: alarm.limit for kind, alarm in alarms.items() if alarm is not None}
    fixed = [(kind, "limit", limit) for kind, limit in limits.items() if limit is not None]
    check_limits(fixed, tag.low, tag.high, tag.low < tag.high, place)
    low_low, low, high, high_high = (limits.get(kind) for kind in LIMIT_KINDS)
    drawn = replace(tag.limits, low_low=low_low, low=low, high=high, high_high=high_high)
    draft.tags[name] = replace(tag, limits=drawn)
