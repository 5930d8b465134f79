"""Finds what was tried in the exploration lane."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_IS_EXPLORATION = sa.text("lane = 'exploration'")


def upgrade() -> None:
    op.create_index(
        "ix_events_exploration",
        "events",
        ["event_day", "identity_id"],
        sqlite_where=_IS_EXPLORATION,
        postgresql_where=_IS_EXPLORATION,
    )


def downgrade() -> None:
    op.drop_index("ix_events_exploration", table_name="events")
