"""Notes of operators at a time of a trend: who may write and remove them, and telling every desk."""

from collections.abc import Callable, Container, Hashable
from typing import Final

from app.engine.database import DatabaseWorker
from app.engine.queries import QueryPool
from app.engine.records import Records
from app.link.messages import AnnotateRequest, AnnotationChanged
from app.model.annotation import MAX_NOTE, Annotation, AnnotationPage, AnnotationQuery
from app.model.clock import SECOND_NS, Clock
from app.model.errors import AccessDenied, EnvironmentProblem
from app.model.journal import JournalKind, JournalRow
from app.model.text import LocalText
from app.model.user import Role, Session
from app.security.audit import AuditEntry

_AHEAD_NS: Final = 60 * SECOND_NS
"""A note is about what was; a desk's clock may be a little ahead."""


class AnnotationService:
    """A note is on disk, in journal and audit before its author hears of it; every desk is told then."""

    def __init__(
        self, database: DatabaseWorker, queries: QueryPool, records: Records, tags: Container[str],
        announce: Callable[[AnnotationChanged], None], clock: Clock,
    ) -> None:  # fmt: skip
        self._database, self._queries, self._records = database, queries, records
        self._tags, self._announce, self._clock = tags, announce, clock

    def redefine(self, tags: Container[str]) -> None:
        """Take other tags."""
        self._tags = tags

    async def page(self, query: AnnotationQuery, client: Hashable = None) -> AnnotationPage:
        """Return notes of a window, in the turn of the client. Raises DatabaseError."""
        page: AnnotationPage = await self._queries.call(lambda database: database.annotations.page(query), client)
        return page

    async def add(self, request: AnnotateRequest, session: Session) -> Annotation:
        """Keep a note of an operator.

        Raises:
            EnvironmentProblem: it cannot be kept as it is. DatabaseError: it was not kept.

        """
        text, now = request.text.strip(), self._clock.now_ns()
        problem = self._problem(request, text, now)
        if problem is not None:
            raise EnvironmentProblem(problem)
        note = Annotation(0, request.at_ns, text, session.user, now, session.desk, request.tag)
        row, entry = self._row("add", note, session, now), self._entry("note", note, session, new=text)
        kept: Annotation = await self._database.call(lambda database: database.annotations.add(note, row, entry))
        self._announce(AnnotationChanged(kept))
        return kept

    async def remove(self, number: int, session: Session) -> None:
        """Remove a note: its author may, and a supervisor.

        Raises:
            AccessDenied, DatabaseError: it stays. EnvironmentProblem: there is no such note.

        """
        note: Annotation | None = await self._queries.call(lambda database: database.annotations.find(number))
        if note is None:
            raise EnvironmentProblem(_GONE)
        if note.author != session.user and session.role < Role.SUPERVISOR:
            raise AccessDenied(
                LocalText(
                    f"this note is {note.author}'s; its author or a supervisor may remove it",
                    f"该备注由 {note.author} 添加，只有本人或值长可以删除",
                )
            )
        row = self._row("remove", note, session, self._clock.now_ns())
        entry = self._entry("note-remove", note, session, old=note.text)
        removed: bool = await self._database.call(lambda database: database.annotations.remove(number, row, entry))
        if not removed:
            raise EnvironmentProblem(_GONE)
        self._announce(AnnotationChanged(note, removed=True))

    def _problem(self, request: AnnotateRequest, text: str, now_ns: int) -> LocalText | None:
        if not text:
            return LocalText("a note needs a text", "备注内容不能为空")
        if len(text) > MAX_NOTE:
            return LocalText(f"a note has at most {MAX_NOTE} characters", f"备注最多 {MAX_NOTE} 个字符")
        if request.tag and request.tag not in self._tags:
            return LocalText(f"tag '{request.tag[:80]}' is unknown", f"位号“{request.tag[:80]}”不存在")
        if not 0 < request.at_ns <= now_ns + _AHEAD_NS:
            return LocalText("a note cannot be about the future", "备注时间不能晚于当前时间")
        return None

    def _entry(self, action: str, note: Annotation, session: Session, *, old: str = "", new: str = "") -> AuditEntry:
        return self._records.entry(
            action, session, object=note.tag, old=old, new=new, reason=f"at {note.at_ns}", result="success"
        )

    def _row(self, event: str, note: Annotation, session: Session, now_ns: int) -> JournalRow:
        return JournalRow(
            0, JournalKind.NOTE, event, note.tag, note.at_ns, now_ns, now_ns, tag=note.tag,
            user=session.user, desk=session.desk, text=note.text,
        )  # fmt: skip


_GONE: Final = LocalText("there is no such note any more", "该备注已不存在")
