"""Alarms and commands of the journal as marks over a trend, asked over the link."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QObject

from app.console.bridge import EngineBridge
from app.model.alarm import AlarmEventKind, Priority
from app.model.errors import HaiheError
from app.model.journal import JournalKind, JournalPage, JournalQuery, JournalRow
from app.model.plant import Plant
from widgets.trend.markers import Marker, MarkerKind, Take
from widgets.wording import Wording

_LIMIT: Final = 500
_EVENTS: Final = frozenset({str(AlarmEventKind.ALARM), "operate"})


class JournalMarkers:
    """A MarkerSource over the bridge; without a link there are no markers."""

    def __init__(self, plant: Plant, bridge: EngineBridge, wording: Wording, owner: QObject) -> None:
        self._plant, self._bridge, self._wording, self._owner = plant, bridge, wording, owner

    def request(self, start_ns: int, end_ns: int, tags: Sequence[str], take: Take) -> None:
        """Ask the journal for alarms and commands of these tags and of their equipment."""
        wanted = set(tags)
        equipment = {self._plant.tags[tag].equipment for tag in tags if tag in self._plant.tags} - {""}
        query = JournalQuery(start_ns, end_ns, kinds=(JournalKind.ALARM, JournalKind.COMMAND), limit=_LIMIT)

        def done(page: JournalPage) -> None:
            take([self._marker(row) for row in page.rows if self._concerns(row, wanted, equipment)])

        def failed(_: HaiheError) -> None:
            take([])

        self._bridge.call(lambda client: client.journal(query), done, failed, self._owner)

    def _concerns(self, row: JournalRow, tags: set[str], equipment: set[str]) -> bool:
        if row.event not in _EVENTS:
            return False
        command = self._plant.commands.get(row.object)
        return row.tag in tags or (command is not None and command.equipment in equipment)

    def _marker(self, row: JournalRow) -> Marker:
        zh = self._wording.language.startswith("zh")
        text = (row.text_zh or row.text) if zh else (row.text or row.text_zh)
        alarm = row.kind is JournalKind.ALARM
        priority = Priority(row.priority) if alarm and row.priority is not None else None
        kind = MarkerKind.ALARM if alarm else MarkerKind.COMMAND
        words = " · ".join(part for part in (text or row.object, row.user) if part)
        return Marker(row.source_ns or row.receive_ns or row.journal_ns, kind, row.tag, words, priority)
