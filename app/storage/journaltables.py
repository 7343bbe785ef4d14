"""The tables of the journal: narrow rows, and dictionaries of what they say again and again.

Whatever is asked of definitions (tag with wildcards, area, priority, kind, event, state, text) is answered by the
small dictionaries first; the rows are then found along an index by the keys found there (app.storage.journalsearch).
"""

from typing import Final

from sqlalchemy import BigInteger, Column, Float, Index, Integer, String, Table, Text, text

from app.storage.schema import KEY, METADATA

OBJECT: Final = Table(
    "journal_object",
    METADATA,
    Column("id", KEY, primary_key=True, autoincrement=True),
    Column("kind", String(16), nullable=False),
    Column("object", String(160), nullable=False),
    Column("tag", String(80), nullable=False),
    Column("area", String(40), nullable=False),
    Column("priority", Integer),
    Column("alarm_kind", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("text_zh", Text, nullable=False),
    Column("words", Text, nullable=False),
    Index("ix_journal_object", "object"),
)
"""What rows are about, as it was defined then: another priority or text is another row. ``words``: what a search for a
text looks at, case folded."""

TRANSITION: Final = Table(
    "journal_transition",
    METADATA,
    Column("id", KEY, primary_key=True, autoincrement=True),
    Column("object_id", BigInteger, nullable=False),
    Column("event", String(32), nullable=False),
    Column("old", String(80), nullable=False),
    Column("new", String(80), nullable=False),
    Index("ix_journal_transition_object", "object_id"),
)
"""What can happen to an object: an event, and the states before and after (empty where those are values)."""

WORDS: Final = Table(
    "journal_text",
    METADATA,
    Column("id", KEY, primary_key=True, autoincrement=True),
    Column("digest", BigInteger, nullable=False),
    Column("text", Text, nullable=False),
    Column("text_zh", Text, nullable=False),
    Column("words", Text, nullable=False),
    Index("ix_journal_text_digest", "digest"),
)
"""Comments, notes and messages of devices: each pair of languages once."""

JOURNAL: Final = Table(
    "journal",
    METADATA,
    Column("id", KEY, primary_key=True, autoincrement=True),
    Column("transition_id", BigInteger, nullable=False),
    Column("time_ns", BigInteger, nullable=False),
    Column("source_ns", BigInteger, nullable=False),
    Column("receive_ns", BigInteger, nullable=False),
    Column("journal_ns", BigInteger, nullable=False),
    Column("old", Text),
    Column("new", Text),
    Column("value", Text),
    Column("limit", Float),
    Column("status", BigInteger, nullable=False),
    Column("user", String(80), nullable=False),
    Column("desk", String(80), nullable=False),
    Column("text_id", BigInteger),
    Column("comment_id", BigInteger),
    Column("correlation", String(64), nullable=False),
    Index("ix_journal_time", "time_ns", "id"),
    Index("ix_journal_transition_time", "transition_id", "time_ns", "id"),
    *(
        Index(
            f"ix_journal_{name}", *columns, "time_ns", "id", sqlite_where=text(where), postgresql_where=text(where)
        )
        for name, columns, where in (
            ("user_time", ("user",), "\"user\" <> ''"),
            ("user_transition", ("user", "transition_id"), "\"user\" <> ''"),
            ("text", ("text_id",), "text_id IS NOT NULL"),
            ("comment", ("comment_id",), "comment_id IS NOT NULL"),
        )
    ),
    sqlite_autoincrement=True,
)  # fmt: skip
"""``time_ns`` is where a row stands in the time line (``JournalRow.counts_ns``); ``old`` and ``new`` only as values.
View ``journal_rows`` shows the same flat."""

RETENTION: Final = Table("journal_retention", METADATA, Column("before_ns", BigInteger, primary_key=True))
"""Empty for everybody: retention puts in, and takes out within its transaction, until when the trigger lets rows go."""
