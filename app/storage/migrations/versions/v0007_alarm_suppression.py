"""Shelving, service, first-out, re-alarms and escalation of alarms."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("alarm_state", sa.Column("shelved", sa.Text()))
    op.add_column("alarm_state", sa.Column("service", sa.Text()))
    op.add_column("alarm_state", sa.Column("first_out", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("alarm_state", sa.Column("realarms", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("alarm_state", sa.Column("shelvings", sa.Text(), nullable=False, server_default=""))
    op.add_column("alarm_state", sa.Column("escalated", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    for name in ("escalated", "shelvings", "realarms", "first_out", "service", "shelved"):
        op.drop_column("alarm_state", name)
