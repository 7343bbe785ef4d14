"""Journal, alarm states, users, audit chain, history."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_APPEND_ONLY = ("journal", "audit")


def upgrade() -> None:
    op.create_table(
        "alarm_state",
        sa.Column("id", sa.String(160), primary_key=True),
        sa.Column("event_id", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("time_in_ns", sa.BigInteger(), nullable=False),
        sa.Column("time_out_ns", sa.BigInteger()),
        sa.Column("time_ack_ns", sa.BigInteger()),
        sa.Column("value", sa.Text()),
        sa.Column("status", sa.BigInteger(), nullable=False),
        sa.Column("acknowledged_by", sa.String(80), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("suppression", sa.String(80), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
    )
    op.create_table(
        "audit",
        sa.Column("seq", _KEY, primary_key=True, autoincrement=False),
        sa.Column("time_ns", sa.BigInteger(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("desk", sa.Text(), nullable=False),
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("object", sa.Text(), nullable=False),
        sa.Column("old", sa.Text(), nullable=False),
        sa.Column("new", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("correlation", sa.Text(), nullable=False),
        sa.Column("prev_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_table(
        "history",
        sa.Column("id", _KEY, primary_key=True, autoincrement=True),
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.Column("source_ns", sa.BigInteger(), nullable=False),
        sa.Column("receive_ns", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.Float()),
        sa.Column("text", sa.Text()),
        sa.Column("status", sa.BigInteger(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_history_tag_time", "history", ["tag_id", "source_ns"])
    op.create_table(
        "history_tag",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("name", sa.String(80), nullable=False, unique=True),
    )
    op.create_table(
        "journal",
        sa.Column("id", _KEY, primary_key=True, autoincrement=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("event", sa.String(32), nullable=False),
        sa.Column("object", sa.String(160), nullable=False),
        sa.Column("source_ns", sa.BigInteger(), nullable=False),
        sa.Column("receive_ns", sa.BigInteger(), nullable=False),
        sa.Column("journal_ns", sa.BigInteger(), nullable=False),
        sa.Column("tag", sa.String(80), nullable=False),
        sa.Column("area", sa.String(40), nullable=False),
        sa.Column("priority", sa.Integer()),
        sa.Column("old", sa.Text(), nullable=False),
        sa.Column("new", sa.Text(), nullable=False),
        sa.Column("value", sa.Text()),
        sa.Column("limit", sa.Float()),
        sa.Column("status", sa.BigInteger(), nullable=False),
        sa.Column("user", sa.String(80), nullable=False),
        sa.Column("desk", sa.String(80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_zh", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("correlation", sa.String(64), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_journal_area", "journal", ["area", "id"])
    op.create_index("ix_journal_kind", "journal", ["kind", "id"])
    op.create_index("ix_journal_priority", "journal", ["priority", "id"])
    op.create_index("ix_journal_source", "journal", ["source_ns"])
    op.create_index("ix_journal_tag", "journal", ["tag", "id"])
    op.create_index("ix_journal_user", "journal", ["user", "id"])
    op.create_table(
        "users",
        sa.Column("key", sa.String(80), primary_key=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("created_ns", sa.BigInteger(), nullable=False),
    )
    for table in _APPEND_ONLY:
        _forbid_changes(table)


def _forbid_changes(table: str) -> None:
    """Let the database itself refuse to change or remove rows."""
    if op.get_bind().dialect.name == "sqlite":
        for event in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"
    )


def downgrade() -> None:
    raise NotImplementedError("the journal and the audit are never removed")
