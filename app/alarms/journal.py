"""Journal rows of alarm transitions."""

from typing import Final

from app.model.alarm import AlarmEventKind
from app.model.alarm_state import AlarmTransition
from app.model.journal import JournalKind, JournalRow
from app.model.text import LocalText

TAG_LENGTH: Final = 80
CORRELATION_LENGTH: Final = 64
"""Most characters that the journal keeps; a device may use more."""


def journal_row(transition: AlarmTransition, journal_ns: int) -> JournalRow:
    """Return the row that records a transition; ``journal_ns`` is when it is handed to the journal (UTC)."""
    definition, after = transition.definition, transition.snapshot
    comment = _comment(transition)
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
        new=after.code,
        value=transition.value,
        limit=definition.limit,
        status=transition.status,
        user=transition.user[:TAG_LENGTH],
        desk=transition.desk,
        text=definition.text.en,
        text_zh=definition.text.zh,
        comment=comment.en,
        comment_zh=comment.zh,
        correlation=after.event_id[:CORRELATION_LENGTH],
        alarm_kind=definition.kind,
    )


def _comment(transition: AlarmTransition) -> LocalText:
    """Return what the user wrote; of a removal from service also its permit and who approved it."""
    service = transition.snapshot.service
    if transition.kind is not AlarmEventKind.OUT_OF_SERVICE or service is None:
        return LocalText(transition.comment)
    en, zh = f"permit {service.permit}", f"工作票 {service.permit}"
    if service.approver:
        en, zh = f"{en}, approved by {service.approver}", f"{zh}，{service.approver} 批准"
    return LocalText(f"{transition.comment} ({en})", f"{transition.comment}（{zh}）")
