"""Alarms, commands and notes as marks over a trend, asked over the link."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject

from app.console.bridge import EngineBridge
from app.model.alarm import AlarmEventKind, Priority
from app.model.annotation import Annotation, AnnotationQuery
from app.model.errors import HaiheError
from app.model.journal import JournalKind, JournalQuery, JournalRow
from app.model.plant import Plant
from widgets.trend.markers import Marker, MarkerKind, Take
from widgets.wording import Wording

if TYPE_CHECKING:
    from app.link.client import EngineClient

PAGE: Final = 1000
_PAGES: Final = 20
_NOTES: Final = 1000
_EVENTS: Final = frozenset({str(AlarmEventKind.ALARM), str(AlarmEventKind.RETURN), "operate"})


@dataclass(frozen=True, slots=True)
class _Found:
    rows: list[JournalRow]
    notes: tuple[Annotation, ...]
    cut_ns: int | None


class JournalMarkers:
    """A MarkerSource over the bridge; without a link there are no markers."""

    def __init__(self, plant: Plant, bridge: EngineBridge, wording: Wording, owner: QObject) -> None:
        self._plant, self._bridge, self._wording, self._owner = plant, bridge, wording, owner

    def request(self, start_ns: int, end_ns: int, tags: Sequence[str], take: Take) -> Callable[[], object] | None:
        """Ask for alarms and commands of these tags and of their equipment, and for notes; page after page.

        Returns what gives up the pages still to come, or None without a link.
        """
        wanted = set(tags)
        equipment = {self._plant.tags[tag].equipment for tag in tags if tag in self._plant.tags} - {""}
        query = JournalQuery(start_ns, end_ns, kinds=(JournalKind.ALARM, JournalKind.COMMAND), limit=PAGE)

        async def ask(client: "EngineClient") -> _Found:
            rows: list[JournalRow] = []
            before: int | None = None
            cut_ns: int | None = None
            for number in range(_PAGES):
                page = await client.journal(replace(query, before_id=before))
                rows += [row for row in page.rows if self._concerns(row, wanted, equipment)]
                before = page.next_before_id
                if before is None:
                    break
                if number == _PAGES - 1:
                    cut_ns = _time(page.rows[-1])
            notes = await client.annotations(AnnotationQuery(start_ns, end_ns, tuple(tags), _NOTES))
            if notes.more:
                cut_ns = max(cut_ns or 0, notes.notes[-1].at_ns)
            return _Found(rows, notes.notes, cut_ns)

        def done(found: _Found) -> None:
            take([*map(self._marker, found.rows), *map(_note, found.notes)], found.cut_ns)

        def failed(_: HaiheError) -> None:
            take([], None)

        call = self._bridge.call(ask, done, failed, self._owner)
        return None if call is None else call.cancel

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
        kind = MarkerKind.COMMAND
        if alarm:
            kind = MarkerKind.RETURN if row.event == AlarmEventKind.RETURN else MarkerKind.ALARM
        return Marker(_time(row), kind, row.tag, text or row.object, priority, author=row.user)


def _time(row: JournalRow) -> int:
    return row.source_ns or row.receive_ns or row.journal_ns


def _note(note: Annotation) -> Marker:
    return Marker(note.at_ns, MarkerKind.NOTE, note.tag, note.text, id=note.id, author=note.author)
