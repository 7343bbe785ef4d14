"""Notes of operators at a time of a trend."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "annotation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("at_ns", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author", sa.String(80), nullable=False),
        sa.Column("created_ns", sa.BigInteger(), nullable=False),
        sa.Column("desk", sa.String(80), nullable=False),
        sa.Column("tag", sa.String(80), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_annotation_at", "annotation", ["at_ns"])


def downgrade() -> None:
    op.drop_table("annotation")
