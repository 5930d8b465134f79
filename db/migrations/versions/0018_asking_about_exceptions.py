"""Requests for exceptions know which messages ask for a decision."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("budget_exceptions", sa.Column("asked", sa.Text()))


def downgrade() -> None:
    op.drop_column("budget_exceptions", "asked")
