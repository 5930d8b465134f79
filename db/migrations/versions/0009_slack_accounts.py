"""What kind of Slack account somebody has: member, guest, bot, outsider, closed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "slack_accounts",
        sa.Column("slack_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("updated_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("slack_id", name=op.f("pk_slack_accounts")),
    )


def downgrade() -> None:
    op.drop_table("slack_accounts")
