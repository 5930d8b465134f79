"""Exceptions can be approved for less than was asked; decisions about them are found by what they decided."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("exception_steps", sa.Column("granted", sa.BigInteger()))
    op.create_index("ix_exception_steps_state", "exception_steps", ["state", "at_us"])


def downgrade() -> None:
    op.drop_index("ix_exception_steps_state", "exception_steps")
    op.drop_column("exception_steps", "granted")
