"""Audit entries and journal rows of what users, connections and sensors do."""

import logging
from collections.abc import Sequence
from typing import Any, Final

from app.engine.conditioning import FrozenChange
from app.engine.database import DatabaseWorker
from app.engine.outbox import Outbox
from app.model.clock import Clock
from app.model.command import CommandDefinition
from app.model.connection import ConnectionStatus
from app.model.journal import ENGINE, JournalKind, JournalRow
from app.model.sample import Value
from app.model.status import status_name
from app.model.tag import Tag
from app.model.text import LocalText
from app.model.user import Session
from app.security.audit import AuditEntry
from app.storage import JournalItem

log = logging.getLogger(__name__)

AUDIT_TIMEOUT_S: Final = 3.0


def text_of(value: Value) -> str:
    """Return a value as the audit keeps it: empty for None, a whole number without decimals."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


class Records:
    """Writes audit and journal. ``audited`` waits for the database; the rest is queued, or kept on disk."""

    def __init__(self, database: DatabaseWorker, outbox: Outbox[JournalItem], clock: Clock) -> None:
        self._database = database
        self._outbox = outbox
        self._clock = clock

    def entry(self, action: str, session: Session | None, **fields: Any) -> AuditEntry:
        """Return an audit entry of now."""
        if session is None:
            return AuditEntry(self._clock.now_ns(), action, **fields)
        who = {"user": session.user, "role": session.role.name.lower(), "desk": session.desk, "session": session.id[:8]}
        return AuditEntry(self._clock.now_ns(), action, **who, **fields)

    async def audited(self, entry: AuditEntry) -> None:
        """Write an audit entry and wait until it is kept; raises DatabaseError where it cannot be."""
        await self._database.call(lambda database: database.audit.append([entry]), AUDIT_TIMEOUT_S)

    def audit(self, entry: AuditEntry) -> None:
        """Queue an audit entry."""
        self._outbox.offer([JournalItem(audit=(entry,))])

    def journal(self, row: JournalRow) -> None:
        """Queue a journal row."""
        self._outbox.offer([JournalItem((row,))])

    def command(
        self,
        event: str,
        definition: CommandDefinition | None,
        command: str,
        session: Session | None,
        *,
        old: Value = None,
        new: str = "",
        value: Value = None,
        status: int = 0,
        comment: LocalText | None = None,
        correlation: str = "",
    ) -> None:
        """Journal one step of a command."""
        now = self._clock.now_ns()
        self.journal(
            JournalRow(
                0,
                JournalKind.COMMAND,
                event,
                command,
                now,
                now,
                now,
                tag=definition.target if definition else "",
                area=definition.area if definition else "",
                old=text_of(old),
                new=new,
                value=value,
                status=status,
                user=session.user if session else "",
                desk=session.desk if session else "",
                text=definition.title.en if definition else "",
                text_zh=definition.title.zh if definition else "",
                comment=comment.en if comment else "",
                comment_zh=comment.zh if comment else "",
                correlation=correlation,
            )
        )

    def access(self, event: str, user: str, desk: str, reason: LocalText | str = "") -> None:
        """Journal a login, logout (with the code of its reason) or refused login."""
        now, why = self._clock.now_ns(), LocalText(reason) if isinstance(reason, str) else reason
        self.journal(
            JournalRow(
                0, JournalKind.ACCESS, event, user, now, now, now,
                user=user, desk=desk, comment=why.en, comment_zh=why.zh,
            )
        )  # fmt: skip

    def connection(self, before: str, status: ConnectionStatus) -> None:
        """Journal a new state of a connection."""
        now = self._clock.now_ns()
        self.journal(
            JournalRow(
                0,
                JournalKind.CONNECTION,
                "state",
                status.id,
                status.since_ns,
                now,
                now,
                old=before,
                new=status.state.value,
                comment=status.error,
                comment_zh=status.error_zh,
            )
        )

    def frozen(self, tag: Tag, change: FrozenChange) -> None:
        """Journal that a tag is found frozen, or no longer is: it moved, or its quality is another one."""
        now, sample = self._clock.now_ns(), change.sample
        why = LocalText(f"not moved for {tag.frozen_s:g} s", f"已 {tag.frozen_s:g} 秒没有变化")
        if not change.is_frozen:
            name = status_name(sample.status)
            why = LocalText() if sample.is_good else LocalText(f"now {name}", f"质量变为 {name}")
        self.journal(
            JournalRow(
                0, JournalKind.SENSOR, "frozen" if change.is_frozen else "frozen-end", tag.name,
                sample.source_ns or now, now, now,
                tag=tag.name, area=tag.area, value=sample.value, status=sample.status,
                text=tag.description.en, text_zh=tag.description.zh, comment=why.en, comment_zh=why.zh,
            )
        )  # fmt: skip

    def configuration(
        self, session: Session | None, user: str, desk: str, changes: Sequence[str], touched: Sequence[str]
    ) -> None:
        """Audit and journal that the running configuration was changed, by a session or an account of this computer."""
        now, connections = self._clock.now_ns(), ", ".join(touched)
        who = {} if session is not None else {"user": user, "desk": desk}
        self.audit(
            self.entry(
                "configuration", session, object=ENGINE, new="\n".join(changes), reason=f"connections: {connections}",
                result="success", **who,
            )
        )  # fmt: skip
        text = LocalText(
            f"{len(changes)} changes; connections made anew: {connections or 'none'}",
            f"{len(changes)} 项更改；重建的连接：{connections or '无'}",
        )
        self.journal(
            JournalRow(
                0, JournalKind.SYSTEM, "configuration", ENGINE, now, now, now, user=session.user if session else user,
                desk=session.desk if session else desk, text=text.en, text_zh=text.zh,
            )
        )  # fmt: skip

    def system(self, event: str, version: str, process: int) -> None:
        """Journal that the engine started or stopped; version and process stand in ``new`` and ``value`` too."""
        now, text = self._clock.now_ns(), f"engine {version}, process {process}"
        self.journal(
            JournalRow(0, JournalKind.SYSTEM, event, ENGINE, now, now, now, new=version, value=process, text=text)
        )
