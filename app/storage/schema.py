"""The tables, but for those of the journal (app.storage.journaltables).

Times are ns since the epoch, UTC; statuses are OPC UA StatusCodes (uint32).
"""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    false,
)

METADATA: Final = MetaData()

KEY: Final = BigInteger().with_variant(Integer, "sqlite")
"""SQLite counts up by itself only in a column of type INTEGER (which is 64 bits wide there)."""

ALARM_STATE: Final = Table(
    "alarm_state",
    METADATA,
    Column("id", String(160), primary_key=True),
    Column("event_id", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("time_in_ns", BigInteger, nullable=False),
    Column("time_out_ns", BigInteger),
    Column("time_ack_ns", BigInteger),
    Column("value", Text),
    Column("status", BigInteger, nullable=False),
    Column("acknowledged_by", String(80), nullable=False),
    Column("comment", Text, nullable=False),
    Column("suppression", String(80), nullable=False),
    Column("count", Integer, nullable=False),
    Column("shelved", Text),
    Column("service", Text),
    Column("first_out", Boolean, nullable=False, server_default=false()),
    Column("realarms", Integer, nullable=False, server_default="0"),
    Column("shelvings", Text, nullable=False, server_default=""),
    Column("escalated", Boolean, nullable=False, server_default=false()),
    Index("ix_alarm_state_event", "event_id"),
)

USERS: Final = Table(
    "users",
    METADATA,
    Column("key", String(80), primary_key=True),
    Column("name", String(80), nullable=False),
    Column("role", String(16), nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("created_ns", BigInteger, nullable=False),
)

AUDIT: Final = Table(
    "audit",
    METADATA,
    Column("seq", KEY, primary_key=True, autoincrement=False),
    Column("time_ns", BigInteger, nullable=False),
    *(
        Column(name, Text, nullable=False)
        for name in (
            "action", "user", "role", "desk", "session", "object", "old", "new", "reason", "result", "correlation",
        )
    ),
    Column("prev_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)  # fmt: skip

HISTORY_TAG: Final = Table(
    "history_tag",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("name", String(80), nullable=False, unique=True),
)

HISTORY: Final = Table(
    "history",
    METADATA,
    Column("tag_id", Integer, nullable=False),
    Column("time_ns", BigInteger, nullable=False),
    Column("id", BigInteger, nullable=False),
    Column("source_ns", BigInteger),
    Column("receive_ns", BigInteger, nullable=False),
    Column("value", Float),
    Column("text", Text),
    Column("status", BigInteger, nullable=False),
    Column("flags", Integer, nullable=False),
    PrimaryKeyConstraint("tag_id", "time_ns", "id", name="history_key"),
    sqlite_with_rowid=False,
    postgresql_partition_by="RANGE (time_ns)",
)
"""Clustered by tag and time in SQLite, partitioned by week in PostgreSQL (app.storage.partitions).

``source_ns`` is null where it is ``time_ns``. ``text`` is a text, or beside ``value`` the digits of a whole number that
a real cannot hold. View ``history_samples`` shows the same with names and texts.
"""

SPOOL_MARK: Final = Table(
    "spool_mark",
    METADATA,
    Column("run", String(32), primary_key=True),
    Column("number", BigInteger, nullable=False),
)
"""How far the records of a spool are stored; written with them, so that none is stored twice."""

APPEND_ONLY: Final = ("journal", "journal_object", "journal_transition", "journal_text", AUDIT.name)
"""Tables in which the database itself refuses UPDATE and DELETE; rows of the journal may go by its age limit alone."""
