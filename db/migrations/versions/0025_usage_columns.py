"""Usage of days that are over, as columns."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "usage_columns",
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("changes", sa.BigInteger(), nullable=False),
        sa.Column("numbers", sa.LargeBinary(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("usage_columns")
