"""View history_samples with times before 1970 to the microsecond: a fraction that is negative was written as such."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# Both databases divide towards zero; a time lies in the second, or microsecond, before it.
_UTC = {
    "sqlite": "strftime('%Y-%m-%dT%H:%M:%S', h.time_ns / 1000000000 - (h.time_ns % 1000000000 < 0), 'unixepoch')"
    " || printf('.%06dZ', (h.time_ns % 1000000000 + 1000000000) % 1000000000 / 1000)",
    "postgresql": "to_char(timestamp 'epoch' + (h.time_ns / 1000 - CASE WHEN h.time_ns % 1000 < 0 THEN 1 ELSE 0 END)"
    " * interval '1 microsecond', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')",
}


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    if dialect == "sqlite":
        op.execute("DROP VIEW history_samples")
    create = "CREATE VIEW" if dialect == "sqlite" else "CREATE OR REPLACE VIEW"  # that keeps who may read it
    op.execute(
        f"{create} history_samples AS SELECT t.name AS tag, {_UTC[dialect]} AS time, h.value, h.text, "  # noqa: S608
        "CASE WHEN h.status < 1073741824 THEN 'good' WHEN h.status < 2147483648 THEN 'uncertain' ELSE 'bad' END "
        "AS quality, h.status, h.flags & 1 AS late, (h.flags >> 1) & 1 AS back_filled, h.time_ns, "
        "coalesce(h.source_ns, h.time_ns) AS source_ns, h.receive_ns, h.id "
        "FROM history h JOIN history_tag t ON t.id = h.tag_id"
    )


def downgrade() -> None:
    raise NotImplementedError("the view is not made wrong again")
