"""What several signals tell of the same usage: which one counts, and how far cumulative series have got."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, kind in (
        ("calls", sa.Integer()),
        ("signal", sa.Integer()),
        ("scope", sa.LargeBinary(16)),
        ("is_shadowed", sa.Boolean(create_constraint=False)),
    ):
        op.add_column("events", sa.Column(name, kind, nullable=True))
    op.execute("UPDATE events SET calls = 1, is_shadowed = false WHERE type = 'usage'")
    op.create_index(
        "ix_events_scope",
        "events",
        ["scope"],
        sqlite_where=sa.text("signal < 6"),
        postgresql_where=sa.text("signal < 6"),
    )
    for table, column in (
        ("scopes", sa.Column("signal", sa.Integer(), nullable=False)),
        ("series", sa.Column("amount", sa.BigInteger(), nullable=False)),
    ):
        op.create_table(
            table,
            sa.Column("key", sa.LargeBinary(16), nullable=False),
            column,
            sa.PrimaryKeyConstraint("key", name=op.f(f"pk_{table}")),
            sqlite_with_rowid=False,
        )


def downgrade() -> None:
    op.drop_table("series")
    op.drop_table("scopes")
    op.drop_index("ix_events_scope", "events")
    for name in ("is_shadowed", "scope", "signal", "calls"):
        op.drop_column("events", name)
