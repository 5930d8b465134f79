"""Who was told of a badge and what they chose, how far everybody has come, and what was told of bands by time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("badge_awards", sa.Column("told_us", sa.BigInteger(), nullable=True))
    op.add_column("badge_awards", sa.Column("visibility", sa.Text(), nullable=True))
    op.create_index("ix_badge_awards_told_us", "badge_awards", ["told_us"])
    op.create_table(
        "badge_progress",
        sa.Column("person_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("progress", sa.Text(), nullable=False),
    )
    op.create_index("ix_band_changes_at_us", "band_changes", ["at_us"])


def downgrade() -> None:
    op.drop_index("ix_band_changes_at_us", "band_changes")
    op.drop_table("badge_progress")
    op.drop_index("ix_badge_awards_told_us", "badge_awards")
    op.drop_column("badge_awards", "visibility")
    op.drop_column("badge_awards", "told_us")
