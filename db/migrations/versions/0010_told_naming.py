"""Under which rule about names people were told: whoever was told that nobody is named is told again before they are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("people", sa.Column("told_naming", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("people", "told_naming")
