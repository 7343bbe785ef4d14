"""History by the time at which a sample counts, clustered by tag and time, with flags; marks of the spools; a view."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_WEEK_NS = 7 * 86_400 * 1_000_000_000
_UTC = {
    "sqlite": "strftime('%Y-%m-%dT%H:%M:%S', h.time_ns / 1000000000, 'unixepoch')"
    " || printf('.%06dZ', h.time_ns / 1000 % 1000000)",
    "postgresql": "to_char(timestamp 'epoch' + h.time_ns / 1000 * interval '1 microsecond',"
    ' \'YYYY-MM-DD"T"HH24:MI:SS.US"Z"\')',
}


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    op.drop_index("ix_history_tag_time", "history")
    op.rename_table("history", "history_0001")
    op.create_table(
        "history",
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.Column("time_ns", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("source_ns", sa.BigInteger()),
        sa.Column("receive_ns", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.Float()),
        sa.Column("text", sa.Text()),
        sa.Column("status", sa.BigInteger(), nullable=False),
        sa.Column("flags", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tag_id", "time_ns", "id", name="history_key"),
        sqlite_with_rowid=False,
        postgresql_partition_by="RANGE (time_ns)",
    )
    if dialect == "postgresql":
        _partitions()
    op.execute(
        "INSERT INTO history (tag_id, time_ns, id, receive_ns, value, text, status, flags) "
        "SELECT tag_id, source_ns, id, receive_ns, value, text, status, CASE WHEN late THEN 1 ELSE 0 END "
        "FROM history_0001"
    )
    op.drop_table("history_0001")
    op.create_table(
        "spool_mark",
        sa.Column("run", sa.String(32), primary_key=True),
        sa.Column("number", sa.BigInteger(), nullable=False),
    )
    op.execute(
        f"CREATE VIEW history_samples AS SELECT t.name AS tag, {_UTC[dialect]} AS time, h.value, h.text, "  # noqa: S608
        "CASE WHEN h.status < 1073741824 THEN 'good' WHEN h.status < 2147483648 THEN 'uncertain' ELSE 'bad' END "
        "AS quality, h.status, h.flags & 1 AS late, (h.flags >> 1) & 1 AS back_filled, h.time_ns, "
        "coalesce(h.source_ns, h.time_ns) AS source_ns, h.receive_ns, h.id "
        "FROM history h JOIN history_tag t ON t.id = h.tag_id"
    )


def _partitions() -> None:
    floor = f"floor(source_ns::numeric / {_WEEK_NS})::bigint"  # "/" of whole numbers cuts towards zero
    weeks = op.get_bind().exec_driver_sql(f"SELECT DISTINCT {floor} FROM history_0001").scalars()  # noqa: S608
    for week in list(weeks):
        op.execute(
            f'CREATE TABLE "history_w{week}" PARTITION OF history '
            f"FOR VALUES FROM ({week * _WEEK_NS}) TO ({(week + 1) * _WEEK_NS})"
        )


def downgrade() -> None:
    raise NotImplementedError("history is not thinned again")
