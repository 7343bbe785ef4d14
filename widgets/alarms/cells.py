"""What the columns of an alarm summary say, of an alarm and of a heading."""

from enum import IntEnum

from PySide6.QtCore import QCoreApplication

from app.model.alarm import AlarmKind
from app.model.clock import SECOND_NS
from app.model.plant import Plant
from widgets.alarms.grouping import AlarmGroup
from widgets.alarms.row import AlarmRow
from widgets.alarms.words import snapshot_words, value_words
from widgets.wording import Wording


class Column(IntEnum):
    """Columns of a summary. LEFT and REASON are of alarms that are shelved or out of service."""

    MARK = 0
    STATE = 1
    TIME = 2
    TAG = 3
    TEXT = 4
    VALUE = 5
    LIMIT = 6
    AREA = 7
    ACKNOWLEDGED = 8
    LEFT = 9
    REASON = 10


def title(column: Column) -> str:
    """Return the title of a column."""
    translate = QCoreApplication.translate
    return {
        Column.MARK: "", Column.STATE: translate("AlarmModel", "State"), Column.TIME: translate("AlarmModel", "Time"),
        Column.TAG: translate("AlarmModel", "Tag"), Column.TEXT: translate("AlarmModel", "Alarm"),
        Column.VALUE: translate("AlarmModel", "Value"), Column.LIMIT: translate("AlarmModel", "Limit"),
        Column.AREA: translate("AlarmModel", "Area"),
        Column.ACKNOWLEDGED: translate("AlarmModel", "Acknowledged by"),
        Column.LEFT: translate("AlarmModel", "Time left"), Column.REASON: translate("AlarmModel", "Reason"),
    }[column]  # fmt: skip


class AlarmCells:
    """Texts of cells in the language of a window."""

    def __init__(self, plant: Plant, wording: Wording) -> None:
        self._plant, self._wording = plant, wording

    def text(self, row: AlarmRow, column: Column, now_ns: int = 0) -> str:
        """Return what a cell says; ``now_ns`` (UTC) is what a time that is left is counted from."""
        definition, shot, wording = row.definition, row.snapshot, self._wording
        tag = self._plant.tags.get(definition.tag)
        match column:
            case Column.STATE:
                return snapshot_words(shot)
            case Column.TIME:
                return self._time(shot.time_in_ns, now_ns)
            case Column.TAG:
                return definition.tag or definition.connection
            case Column.TEXT:
                text = wording.text(definition.text)
                return (
                    QCoreApplication.translate("AlarmModel", "First out: {0}").format(text) if shot.first_out else text
                )
            case Column.VALUE:
                return value_words(shot.value, shot.status, tag, wording)
            case Column.LIMIT:
                if tag is None or definition.limit is None or definition.kind is AlarmKind.DISCRETE:
                    return ""
                return f"{definition.kind} {wording.number(definition.limit, tag.decimals)}"
            case Column.AREA:
                return ", ".join(map(self.area, definition.areas or (definition.area,)))
            case Column.ACKNOWLEDGED:
                if not shot.acknowledged_by:
                    return ""
                return f"{shot.acknowledged_by} {wording.time(shot.time_ack_ns)}" + (
                    f" · {shot.comment}" if shot.comment else ""
                )
            case Column.LEFT:
                return self._left(row, now_ns)
            case Column.REASON:
                return self._reason(row)
            case _:
                return ""

    def group_text(self, group: AlarmGroup, column: Column, now_ns: int = 0) -> str:
        """Return what a cell of a heading says."""
        translate, number = QCoreApplication.translate, self._wording.number
        match column:
            case Column.STATE:
                sign = "▾" if group.open else "▸"
                if not group.unacknowledged:
                    return f"{sign} {number(group.total, 0)}"
                counts = number(group.total, 0), number(group.unacknowledged, 0)
                return translate("AlarmModel", "{0} {1}, {2} unack.").format(sign, *counts)
            case Column.TIME:
                return self._time(group.newest_ns, now_ns)
            case Column.TAG:
                return group.place if group.place in self._plant.equipment else ""
            case Column.TEXT:
                return self.place(group.place)
            case _:
                return ""

    def place(self, name: str) -> str:
        """Return the title of what alarms are grouped by."""
        plant, text = self._plant, self._wording.text
        if name in plant.equipment:
            return text(plant.equipment[name].title) or name
        if name in plant.connections:
            return text(plant.connections[name].title) or name
        return self.area(name) or QCoreApplication.translate("AlarmModel", "Other")

    def area(self, name: str) -> str:
        """Return the title of an area."""
        known = self._plant.areas.get(name)
        return self._wording.text(known.title) if known is not None else name

    def _time(self, at_ns: int, now_ns: int) -> str:
        """Return a time of today without its date: what is old is seen by having one."""
        text = self._wording.date_time(at_ns)
        return text[11:] if now_ns and text[:10] == self._wording.date(now_ns) else text

    def _left(self, row: AlarmRow, now_ns: int) -> str:
        shelved = row.snapshot.shelved
        if shelved is None:
            return ""
        if shelved.until_ns is None:
            return QCoreApplication.translate("AlarmModel", "until it returns")
        left = self._wording.duration(max(0, shelved.until_ns - now_ns) / SECOND_NS)
        return (
            QCoreApplication.translate("AlarmModel", "{0} or until it returns").format(left) if shelved.once else left
        )

    @staticmethod
    def _reason(row: AlarmRow) -> str:
        shot = row.snapshot
        if shot.service is not None:
            parts = (shot.service.permit, shot.service.reason, shot.service.user, shot.service.approver)
        elif shot.shelved is not None:
            parts = (shot.shelved.reason, shot.shelved.user, shot.shelved.desk, "")
        else:
            parts = (row.definition.suppress_when, "", "", "")
        return " · ".join(part for part in parts if part)
