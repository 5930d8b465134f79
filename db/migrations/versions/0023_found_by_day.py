"""What people took back and what they contributed are found without going through all outcomes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_IS_REVERSAL = sa.text("reverses_key IS NOT NULL")
_IS_CONTRIBUTION = sa.text("type = 'contribution'")


def upgrade() -> None:
    op.create_index(
        "ix_events_reversal",
        "events",
        ["event_day"],
        sqlite_where=_IS_REVERSAL,
        postgresql_where=_IS_REVERSAL,
    )
    op.create_index(
        "ix_events_contribution",
        "events",
        ["event_day", "identity_id"],
        sqlite_where=_IS_CONTRIBUTION,
        postgresql_where=_IS_CONTRIBUTION,
    )


def downgrade() -> None:
    op.drop_index("ix_events_contribution", table_name="events")
    op.drop_index("ix_events_reversal", table_name="events")
