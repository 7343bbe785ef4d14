"""Journal rows of alarm transitions."""

from typing import Final

from app.model.alarm_state import AlarmTransition
from app.model.journal import JournalKind, JournalRow

TAG_LENGTH: Final = 80
CORRELATION_LENGTH: Final = 64
"""Most characters that the journal keeps; a device may use more."""


def journal_row(transition: AlarmTransition, journal_ns: int) -> JournalRow:
    """Return the row that records a transition; ``journal_ns`` is when it is handed to the journal (UTC)."""
    definition, after = transition.definition, transition.snapshot
    return JournalRow(
        id=0,
        kind=JournalKind.ALARM,
        event=transition.kind.value,
        object=definition.id,
        source_ns=transition.source_ns,
        receive_ns=transition.receive_ns,
        journal_ns=journal_ns,
        tag=definition.tag[:TAG_LENGTH],
        area=definition.area,
        priority=int(definition.priority),
        old=transition.before.value,
        new="+".join([after.state.value, *sorted(after.suppression)]),
        value=transition.value,
        limit=definition.limit,
        status=transition.status,
        user=transition.user[:TAG_LENGTH],
        desk=transition.desk,
        text=definition.text.en,
        text_zh=definition.text.zh,
        comment=transition.comment,
        correlation=after.event_id[:CORRELATION_LENGTH],
    )
