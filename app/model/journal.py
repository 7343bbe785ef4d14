"""The journal: alarms, commands, logins and connection changes in one time line."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from app.model.alarm import AlarmKind
from app.model.clock import SECOND_NS
from app.model.sample import Value

LATE_NS: Final = 3_600 * SECOND_NS
AHEAD_NS: Final = 60 * SECOND_NS
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
        source_ns, receive_ns, journal_ns: when it happened at its source, was received, and was handed to the journal.
        alarm_kind: of an alarm, what its condition looks at.
        value, limit, status: at that moment.
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
    alarm_kind: AlarmKind | None = None

    @property
    def counts_ns(self) -> int:
        """Where the row stands in the time line (ns, UTC): at its source's time.

        Where that is more than an hour before, or a minute after its receipt it stands at its receipt: an alarm of now
        is not to be looked for in the week that a device without a clock thinks it is.
        """
        receive_ns = self.receive_ns or self.journal_ns
        return self.source_ns if receive_ns - LATE_NS <= self.source_ns <= receive_ns + AHEAD_NS else receive_ns


@dataclass(frozen=True, slots=True)
class JournalQuery:
    """Filter of a journal page; everything that is given must hold. ``text`` and ``tag`` accept ``*`` as a wildcard.

    Rows stand in the order of time: that of their source, or of their receipt where the source's is more than an hour
    before or a minute after it; rows of equal time in the order in which they were written.

    Attributes:
        from_ns, to_ns: bound that time (to excluded).
        tag: whole, or with ``*`` (anything) and ``?`` (one character), then without regard to case.
        area: rows of this area, and of ``area_objects``.
        area_objects: alarms and connections that concern the area though no row of theirs names one; the engine
            fills it in.
        objects: exactly one of these.
        alarm_kinds: what the conditions of alarms look at.
        states: the state after; one of those that it is made of (``DSUPR`` of ``NORM+DSUPR``) will do.
        events: see JournalRow.
        text: stands anywhere in object, texts or comments, without regard to case.
        before_id: rows that stand before (are older than) this one.
        after_id: rows that stand after (are newer than) this one, next to it.
        at_ns: rows not newer than this time: to jump to it. Only without ``before_id`` and ``after_id``.
        oldest_first: begin at the oldest row rather than at the newest; go on with ``after_id``.

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
    after_id: int | None = None
    at_ns: int | None = None
    oldest_first: bool = False
    alarm_kinds: tuple[AlarmKind, ...] = ()
    states: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()

    @property
    def ascends(self) -> bool:
        """Whether pages go from old to new."""
        return self.before_id is None and (self.after_id is not None or self.oldest_first)


@dataclass(frozen=True, slots=True)
class JournalPage:
    """Rows of one page, newest first whichever way pages go.

    Attributes:
        next_before_id: what ``before_id`` asks for the older page with; None: there is none.
        next_after_id: what ``after_id`` asks for the newer page with; None: there is none.
        searched_ns: where the search stopped before its page was full: there may be more beyond this time, and
            the next page goes on there. None: the page is whole.

    """

    rows: tuple[JournalRow, ...] = field(default_factory=tuple)
    next_before_id: int | None = None
    next_after_id: int | None = None
    searched_ns: int | None = None


@dataclass(frozen=True, slots=True)
class JournalCount:
    """How many rows a query has.

    Attributes:
        rows: counted; where ``exact`` is False there are at least so many.
        exact: whether all were counted.
        estimate: about how many there are; None where nothing tells.

    """

    rows: int
    exact: bool = True
    estimate: int | None = None
