"""How many records were kept aside is counted apart, so that the records themselves can be bounded."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rejected_counts",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("slot_us", sa.BigInteger(), nullable=False),
        sa.Column("records", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("source", "slot_us", name=op.f("pk_rejected_counts")),
    )
    op.execute(
        "INSERT INTO rejected_counts (source, slot_us, records)"
        " SELECT source, received_us - received_us % 900000000, count(*) FROM rejected_records GROUP BY 1, 2"
    )


def downgrade() -> None:
    op.drop_table("rejected_counts")
