"""What flags look at on days that are over, summed up."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_SPENT = ("tokens", "cost_nanousd", "unpriced_tokens")


def upgrade() -> None:
    op.create_table(
        "trace_days",
        sa.Column("day", sa.Date(), primary_key=True),
        *_counts("changes", "last_us"),
        sa.Column("least_repeats", sa.Integer(), nullable=False),
        sa.Column("least_hours", sa.Integer(), nullable=False),
    )
    op.create_table(
        "day_changes",
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("part", sa.Integer(), primary_key=True, autoincrement=False),
        *_counts("changes"),
        sqlite_with_rowid=False,
    )
    _create("task_days", ("lane", "task"), _SPENT)
    _create("session_days", ("session",), ("first_us", "last_us", "named", *_SPENT))
    _create("repeat_days", ("prompt_hash",), ("calls", "tokens", "tasks", "hours"))
    _create("busy_days", (), ("hours", "crowded_hours", "calls"))


def downgrade() -> None:
    for table in ("busy_days", "repeat_days", "session_days", "task_days", "day_changes", "trace_days"):
        op.drop_table(table)


def _create(name: str, keys: tuple[str, ...], counts: tuple[str, ...]) -> None:
    op.create_table(
        name,
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("identity_id", sa.BigInteger(), primary_key=True),
        *(sa.Column(key, sa.Text(), primary_key=True) for key in keys),
        *_counts(*counts),
        sqlite_with_rowid=False,
    )


def _counts(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger(), nullable=False) for name in names]
