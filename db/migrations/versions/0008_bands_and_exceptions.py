"""Bands as they were shown, and exceptions to ceilings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "band_runs",
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("previous_us", sa.BigInteger(), nullable=False),
        sa.Column("program_version", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("at_us", name=op.f("pk_band_runs")),
        sa.UniqueConstraint("previous_us", name=op.f("uq_band_runs_previous_us")),
    )
    op.create_table(
        "band_changes",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("band", sa.Text(), nullable=False),
        sa.Column("raw_band", sa.Text(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("program_version", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "at_us", name=op.f("pk_band_changes")),
    )
    op.create_table(
        "budget_exceptions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, autoincrement=True),
        sa.Column("budget", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("is_total", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("from_us", sa.BigInteger(), nullable=False),
        sa.Column("until_us", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("asked_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_exceptions")),
    )
    op.create_index("ix_budget_exceptions_person_id", "budget_exceptions", ["person_id"])
    op.create_table(
        "exception_steps",
        sa.Column("exception_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger()),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("exception_id", "number", name=op.f("pk_exception_steps")),
    )


def downgrade() -> None:
    op.drop_table("exception_steps")
    op.drop_index("ix_budget_exceptions_person_id", table_name="budget_exceptions")
    op.drop_table("budget_exceptions")
    op.drop_table("band_changes")
    op.drop_table("band_runs")
