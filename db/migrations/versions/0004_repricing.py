"""Usage that is priced anew keeps its old figure."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "repricings",
        sa.Column("key", sa.LargeBinary(16), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("event_day", sa.Date(), nullable=False),
        sa.Column("identity_id", sa.BigInteger(), nullable=False),
        sa.Column("old_nanousd", sa.BigInteger(), nullable=True),
        sa.Column("new_nanousd", sa.BigInteger(), nullable=True),
        sa.Column("prices", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", "at_us", name=op.f("pk_repricings")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "price_books",
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_price_books")),
    )
    op.execute("UPDATE events SET cost_kind = 'listed' WHERE cost_kind = 'estimated'")


def downgrade() -> None:
    op.execute("UPDATE events SET cost_kind = 'estimated' WHERE cost_kind = 'listed'")
    op.drop_table("price_books")
    op.drop_table("repricings")
