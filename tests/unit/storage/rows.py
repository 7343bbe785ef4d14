"""Rows and snapshots for tests."""

from typing import Any

from app.model.alarm import AnnunciationState
from app.model.alarm_state import AlarmSnapshot
from app.model.journal import JournalKind, JournalRow


def row(n: int, **more: Any) -> JournalRow:
    fields: dict[str, Any] = {
        "id": 0, "kind": JournalKind.ALARM, "event": "ALM", "object": f"A{n}.H", "source_ns": n, "receive_ns": n + 1,
        "journal_ns": n + 2, "tag": f"A{n}", "text": f"alarm {n}", "correlation": str(n),
    }  # fmt: skip
    return JournalRow(**(fields | more))


def snapshot(n: int, state: AnnunciationState = AnnunciationState.UNACKNOWLEDGED, **more: Any) -> AlarmSnapshot:
    return AlarmSnapshot(f"A{n}.H", f"event{n}", state, active=True, time_in_ns=n, **more)
