"""Badges that people were awarded, at which level, for which period."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "badge_awards",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("badge", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("awarded_us", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("samples", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("program_version", sa.Text(), nullable=False),
        sa.Column("revoked_us", sa.BigInteger()),
        sa.Column("revoked_by", sa.Text()),
        sa.Column("revoked_reason", sa.Text()),
        sa.PrimaryKeyConstraint("person_id", "badge", "period", "level", name=op.f("pk_badge_awards")),
    )
    op.create_index("ix_badge_awards_awarded_us", "badge_awards", ["awarded_us"])


def downgrade() -> None:
    op.drop_index("ix_badge_awards_awarded_us", table_name="badge_awards")
    op.drop_table("badge_awards")
