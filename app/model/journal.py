"""The journal: alarms, commands, logins and connection changes in one time line."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from app.model.sample import Value

ENGINE: Final = "engine"
"""Object of rows about the engine itself."""


class SessionEnd(StrEnum):
    """Why a session ended; the comment of a logout. Empty where the user logged out."""

    USER = ""
    ANOTHER_LOGIN = "another login"
    LINK_CLOSED = "link closed"
    EXPIRED = "expired"
    ACCOUNT_CHANGED = "account changed"


class JournalKind(StrEnum):
    """What a row records."""

    ALARM = "alarm"
    COMMAND = "command"
    ACCESS = "access"
    CONNECTION = "connection"
    SYSTEM = "system"
    NOTE = "note"
    SUBSTITUTION = "substitution"
    SENSOR = "sensor"


@dataclass(frozen=True, slots=True)
class JournalRow:
    """One row; append-only. Times are ns since the epoch, UTC.

    Attributes:
        id: increasing key given by the database (0 before it is stored); pages are cut by it.
        event: AlarmEventKind value, or select / operate / result / login / logout / refused / state /
            add / remove / set / clear / expire / frozen / frozen-end…
        object: alarm id, command id, connection id or user that it is about.
        old, new: states or values before and after.
        comment, comment_zh: what a user wrote, as it is; else a reason in both languages, or its code (SessionEnd).
        correlation: ties rows of one command or one alarm occurrence together.

    """

    id: int
    kind: JournalKind
    event: str
    object: str
    source_ns: int
    receive_ns: int
    journal_ns: int
    tag: str = ""
    area: str = ""
    priority: int | None = None
    old: str = ""
    new: str = ""
    value: Value = None
    limit: float | None = None
    status: int = 0
    user: str = ""
    desk: str = ""
    text: str = ""
    text_zh: str = ""
    comment: str = ""
    comment_zh: str = ""
    correlation: str = ""


@dataclass(frozen=True, slots=True)
class JournalQuery:
    """Filter of a journal page; newest first. ``text`` and ``tag`` accept ``*`` wildcards.

    Attributes:
        area: rows of this area, and of ``area_objects``.
        area_objects: alarms and connections that concern the area though no row of theirs names one; the engine
            fills it in.

    """

    from_ns: int | None = None
    to_ns: int | None = None
    kinds: tuple[JournalKind, ...] = ()
    tag: str = ""
    area: str = ""
    area_objects: tuple[str, ...] = ()
    priorities: tuple[int, ...] = ()
    user: str = ""
    text: str = ""
    before_id: int | None = None
    limit: int = 200


@dataclass(frozen=True, slots=True)
class JournalPage:
    """Rows of one page, newest first; ``next_before_id`` is None on the last one."""

    rows: tuple[JournalRow, ...] = field(default_factory=tuple)
    next_before_id: int | None = None
