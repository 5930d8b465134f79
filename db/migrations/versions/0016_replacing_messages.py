"""A message may take the place of an earlier one, so that what was decided stands where it was asked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("replaces", sa.Text()))


def downgrade() -> None:
    op.drop_column("outbox", "replaces")
