"""The journal in narrow rows with dictionaries, in the order of time; its age limit; a view that shows it flat."""

import hashlib
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_DICTIONARIES = {
    "journal_object": ("kind", "object", "tag", "area", "priority", "alarm_kind", "text", "text_zh", "words"),
    "journal_transition": ("object_id", "event", "old", "new"),
    "journal_text": ("digest", "text", "text_zh", "words"),
}
_SOME = 5_000
_LATE_NS, _AHEAD_NS = 3_600 * 10**9, 60 * 10**9
_ALARM_KINDS = frozenset({"HH", "H", "LL", "L", "DISCRETE", "BAD", "COMM"})
_UTC = {
    "sqlite": "strftime('%Y-%m-%dT%H:%M:%S', j.time_ns / 1000000000 - (j.time_ns % 1000000000 < 0), 'unixepoch')"
    " || printf('.%06dZ', (j.time_ns % 1000000000 + 1000000000) % 1000000000 / 1000)",
    "postgresql": "to_char(timestamp 'epoch' + (j.time_ns / 1000 - CASE WHEN j.time_ns % 1000 < 0 THEN 1 ELSE 0 END)"
    " * interval '1 microsecond', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')",
}


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    if dialect == "postgresql":
        op.execute("DROP TRIGGER journal_append_only ON journal")
        op.execute("ALTER INDEX journal_pkey RENAME TO journal_0007_pkey")
        op.execute("ALTER SEQUENCE journal_id_seq RENAME TO journal_0007_id_seq")
    for name in ("area", "kind", "priority", "source", "tag", "user"):
        op.drop_index(f"ix_journal_{name}", "journal")
    op.rename_table("journal", "journal_0007")
    _create()
    _move_rows()
    op.drop_table("journal_0007")
    _index()
    op.create_index("ix_alarm_state_event", "alarm_state", ["event_id"])
    for table in ("journal", *_DICTIONARIES):
        _forbid_changes(table)
    _view(dialect)


def _create() -> None:
    op.create_table(
        "journal_object",
        sa.Column("id", _KEY, primary_key=True, autoincrement=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("object", sa.String(160), nullable=False),
        sa.Column("tag", sa.String(80), nullable=False),
        sa.Column("area", sa.String(40), nullable=False),
        sa.Column("priority", sa.Integer()),
        sa.Column("alarm_kind", sa.String(16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_zh", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
    )
    op.create_table(
        "journal_transition",
        sa.Column("id", _KEY, primary_key=True, autoincrement=True),
        sa.Column("object_id", sa.BigInteger(), nullable=False),
        sa.Column("event", sa.String(32), nullable=False),
        sa.Column("old", sa.String(80), nullable=False),
        sa.Column("new", sa.String(80), nullable=False),
    )
    op.create_table(
        "journal_text",
        sa.Column("id", _KEY, primary_key=True, autoincrement=True),
        sa.Column("digest", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_zh", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
    )
    op.create_table(
        "journal",
        sa.Column("id", _KEY, primary_key=True, autoincrement=True),
        sa.Column("transition_id", sa.BigInteger(), nullable=False),
        sa.Column("time_ns", sa.BigInteger(), nullable=False),
        sa.Column("source_ns", sa.BigInteger(), nullable=False),
        sa.Column("receive_ns", sa.BigInteger(), nullable=False),
        sa.Column("journal_ns", sa.BigInteger(), nullable=False),
        sa.Column("old", sa.Text()),
        sa.Column("new", sa.Text()),
        sa.Column("value", sa.Text()),
        sa.Column("limit", sa.Float()),
        sa.Column("status", sa.BigInteger(), nullable=False),
        sa.Column("user", sa.String(80), nullable=False),
        sa.Column("desk", sa.String(80), nullable=False),
        sa.Column("text_id", sa.BigInteger()),
        sa.Column("comment_id", sa.BigInteger()),
        sa.Column("correlation", sa.String(64), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table("journal_retention", sa.Column("before_ns", sa.BigInteger(), primary_key=True, autoincrement=False))
    op.create_index("ix_journal_object", "journal_object", ["object"])
    op.create_index("ix_journal_transition_object", "journal_transition", ["object_id"])
    op.create_index("ix_journal_text_digest", "journal_text", ["digest"])


def _index() -> None:
    """Make the indexes of the rows, after these: that is quicker."""
    op.create_index("ix_journal_time", "journal", ["time_ns", "id"])
    op.create_index("ix_journal_transition_time", "journal", ["transition_id", "time_ns", "id"])
    for name, columns, where in (
        ("user_time", ["user"], "\"user\" <> ''"),
        ("user_transition", ["user", "transition_id"], "\"user\" <> ''"),
        ("text", ["text_id"], "text_id IS NOT NULL"),
        ("comment", ["comment_id"], "comment_id IS NOT NULL"),
    ):
        part = sa.text(where)
        op.create_index(
            f"ix_journal_{name}", "journal", [*columns, "time_ns", "id"], sqlite_where=part, postgresql_where=part
        )


def _move_rows() -> None:
    """Move the rows with their ids and in their order, some thousand at a time."""
    connection = op.get_bind()
    move = _Move(connection)
    last = -1
    some = sa.text("SELECT * FROM journal_0007 WHERE id > :last ORDER BY id LIMIT :some")
    while rows := connection.execute(some, {"last": last, "some": _SOME}).mappings().all():
        move.rows([dict(row) for row in rows])
        last = rows[-1]["id"]
    if last > 0 and connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT setval('journal_id_seq', :last)"), {"last": last})


class _Move:
    """Gives the entries of the dictionaries their ids, and writes the rows that refer to them."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._ids: dict[str, dict[tuple[Any, ...], int]] = {table: {} for table in _DICTIONARIES}

    def rows(self, rows: Sequence[dict[str, Any]]) -> None:
        """Write some rows of the former table."""
        columns = [self._row(row) for row in rows]
        names, places = ", ".join(f'"{name}"' for name in columns[0]), ", ".join(f":{name}" for name in columns[0])
        self._connection.execute(sa.text(f"INSERT INTO journal ({names}) VALUES ({places})"), columns)  # noqa: S608

    def _row(self, row: dict[str, Any]) -> dict[str, Any]:
        kind, alarm_kind = row["kind"], _alarm_kind(row["kind"], row["object"])
        own = kind not in {"alarm", "command"} or alarm_kind == "COND"
        texts = ("", "") if own else (row["text"], row["text_zh"])
        words = _folded(row["object"], *texts)
        defined = (kind, row["object"], row["tag"], row["area"], row["priority"], alarm_kind, *texts, words)
        old, new = _states(kind, row["event"], row["old"], row["new"])
        transition = (self._id("journal_object", defined), row["event"], old, new)
        kept = (
            "id",
            "source_ns",
            "receive_ns",
            "journal_ns",
            "value",
            "limit",
            "status",
            "user",
            "desk",
            "correlation",
        )
        return {name: row[name] for name in kept} | {
            "transition_id": self._id("journal_transition", transition),
            "time_ns": _counts_at(row["source_ns"], row["receive_ns"] or row["journal_ns"]),
            "old": None if old == row["old"] else row["old"],
            "new": None if new == row["new"] else row["new"],
            "text_id": self._text(row["text"], row["text_zh"]) if own else None,
            "comment_id": self._text(row["comment"], row["comment_zh"]),
        }

    def _text(self, text: str, text_zh: str) -> int | None:
        if not text and not text_zh:
            return None
        digest = hashlib.blake2b(f"{text}\0{text_zh}".encode(), digest_size=8).digest()
        return self._id("journal_text", (int.from_bytes(digest, signed=True), text, text_zh, _folded(text, text_zh)))

    def _id(self, table: str, entry: tuple[Any, ...]) -> int:
        ids = self._ids[table]
        if entry not in ids:
            columns = _DICTIONARIES[table]
            names, places = ", ".join(columns), ", ".join(f":{name}" for name in columns)
            insert = sa.text(f"INSERT INTO {table} ({names}) VALUES ({places}) RETURNING id")  # noqa: S608
            ids[entry] = self._connection.execute(insert, dict(zip(columns, entry, strict=True))).scalar_one()
        return ids[entry]


def _folded(*texts: str) -> str:
    return "\n".join(texts).casefold()


def _counts_at(source_ns: int, receive_ns: int) -> int:
    return source_ns if receive_ns - _LATE_NS <= source_ns <= receive_ns + _AHEAD_NS else receive_ns


def _states(kind: str, event: str, old: str, new: str) -> tuple[str, str]:
    if kind in {"alarm", "connection"} and max(len(old), len(new)) <= 80:
        return old, new
    return "", new if kind == "command" and event in {"result", "refused"} and len(new) <= 80 else ""


def _alarm_kind(kind: str, name: str) -> str:
    """Return what an alarm looks at: it stands at the end of its id; what a device judges has another kind of id."""
    if kind != "alarm":
        return ""
    if "/" in name:
        return "COND"
    last = name.rpartition(".")[2]
    return last if last in _ALARM_KINDS else ""


def _forbid_changes(table: str) -> None:
    """Let the database itself refuse to change or remove rows, but for those of the journal beyond its age limit.

    Of an occurrence that the alarm states still hold no row goes, whatever its age.
    """
    refused = f"'{table} is append-only'"
    row_goes = (
        "EXISTS (SELECT 1 FROM journal_retention WHERE OLD.time_ns < before_ns) "
        "AND NOT EXISTS (SELECT 1 FROM alarm_state WHERE event_id = OLD.correlation AND event_id <> '')"
    )
    if op.get_bind().dialect.name == "sqlite":
        guard = f"WHEN NOT ({row_goes}) " if table == "journal" else ""
        for event, when in (("UPDATE", ""), ("DELETE", guard)):
            op.execute(
                f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} {when}"
                f"BEGIN SELECT RAISE(ABORT, {refused}); END"
            )
        return
    op.execute(
        f"CREATE OR REPLACE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION {refused}; END $$"
    )
    events = "UPDATE OR TRUNCATE" if table == "journal" else "UPDATE OR DELETE OR TRUNCATE"
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE {events} ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"
    )
    if table == "journal":
        op.execute(
            "CREATE FUNCTION journal_keep() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF {row_goes} THEN RETURN OLD; END IF; RAISE EXCEPTION {refused}; END $$"
        )
        op.execute("CREATE TRIGGER journal_keep BEFORE DELETE ON journal FOR EACH ROW EXECUTE FUNCTION journal_keep()")


def _view(dialect: str) -> None:
    op.execute(
        f"CREATE VIEW journal_rows AS SELECT j.id, {_UTC[dialect]} AS time, o.kind, t.event, o.object, o.tag, o.area, "  # noqa: S608
        "o.priority, o.alarm_kind, coalesce(j.old, t.old) AS old, coalesce(j.new, t.new) AS new, j.value, "
        'j."limit", j.status, j."user", j.desk, coalesce(w.text, o.text) AS text, '
        "coalesce(w.text_zh, o.text_zh) AS text_zh, coalesce(c.text, '') AS comment, "
        "coalesce(c.text_zh, '') AS comment_zh, j.correlation, j.time_ns, j.source_ns, j.receive_ns, j.journal_ns "
        "FROM journal j JOIN journal_transition t ON t.id = j.transition_id "
        "JOIN journal_object o ON o.id = t.object_id "
        "LEFT JOIN journal_text w ON w.id = j.text_id LEFT JOIN journal_text c ON c.id = j.comment_id"
    )


def downgrade() -> None:
    raise NotImplementedError("the journal and the audit are never removed")
