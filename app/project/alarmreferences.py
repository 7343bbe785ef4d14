"""What alarms say of other tags, of one another and of displays, once all of them are known."""

from collections.abc import Mapping

from app.model.alarm import AlarmDefinition, AlarmKind
from app.model.plant import DisplayEntry
from app.model.tag import DataType, Tag
from app.project.checks import NUMERIC, unknown_states
from app.project.draft import Draft
from app.project.place import suggestion
from app.project.references import check_tag


def check_alarm_references(draft: Draft) -> None:
    """Report limits and references that are no tags or cannot be compared, and first-out groups of one."""
    for alarm in draft.alarms.values():
        for field, name in (("limit_tag", alarm.limit_tag), ("reference", alarm.reference)):
            if name:
                _check_input(alarm, field, name, draft)
    _check_groups(draft)


def check_alarm_displays(draft: Draft, displays: Mapping[str, DisplayEntry]) -> None:
    """Report displays to call up that do not exist."""
    for alarm in draft.alarms.values():
        if alarm.display and alarm.display not in displays and (place := draft.alarm_place(alarm.id, "display")):
            place.problem("display", f"display '{alarm.display}' is unknown{suggestion(alarm.display, displays)}")


def _check_input(alarm: AlarmDefinition, field: str, name: str, draft: Draft) -> None:
    place = draft.alarm_place(alarm.id, field)
    if place is None:
        return
    if name == alarm.tag:
        place.problem(field, f"'{name}' is the tag of the alarm itself; allowed: another tag")
        return
    check_tag(name, field, place, draft)
    tag = draft.tags.get(name)
    if tag is None:
        return
    if field == "reference" and alarm.kind is AlarmKind.DISCREPANCY:
        if tag.data_type is DataType.STRING:
            place.problem(field, f"tag '{name}' is text; allowed: float, int, bool, enum")
        elif alarm.expected:
            _check_commands(alarm, tag, draft)
    elif tag.data_type not in NUMERIC:
        place.problem(field, f"tag '{name}' is {tag.data_type.value}, not a number; allowed: float and int")


def _check_commands(alarm: AlarmDefinition, command: Tag, draft: Draft) -> None:
    error = unknown_states([value for value, _ in alarm.expected], command.data_type, command.states)
    place = draft.alarm_place(alarm.id, "expected")
    if error and place is not None:
        place.problem("expected", f"of the command '{command.name}': {error}")


def _check_groups(draft: Draft) -> None:
    groups: dict[str, list[str]] = {}
    for alarm in draft.alarms.values():
        if alarm.first_out:
            groups.setdefault(alarm.first_out, []).append(alarm.id)
    for group, members in groups.items():
        place = draft.alarm_place(members[0], "first_out")
        if len(members) == 1 and place is not None:
            near = suggestion(group, [each for each in groups if each != group])
            hint = near if "did you mean" in near else "; allowed: two alarms or more of the same group"
            place.problem("first_out", f"'{members[0]}' is alone in the group '{group}'{hint}")
