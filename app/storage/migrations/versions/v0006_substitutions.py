"""Substitutions in force."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "substitution",
        sa.Column("tag", sa.String(80), primary_key=True),
        sa.Column("value", sa.Text()),
        sa.Column("device_value", sa.Text()),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("user", sa.String(80), nullable=False),
        sa.Column("desk", sa.String(80), nullable=False),
        sa.Column("since_ns", sa.BigInteger(), nullable=False),
        sa.Column("until_ns", sa.BigInteger(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("substitution")
