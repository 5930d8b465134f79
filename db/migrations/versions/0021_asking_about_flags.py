"""Flags know who was asked to decide on them, and when they lapsed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("flags", sa.Column("lapsed_us", sa.BigInteger()))
    op.add_column("flags", sa.Column("asked", sa.Text()))


def downgrade() -> None:
    op.drop_column("flags", "asked")
    op.drop_column("flags", "lapsed_us")
