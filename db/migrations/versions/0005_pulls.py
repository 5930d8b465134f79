"""How far pulls from other programs' APIs have got."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pulls",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=False),
        sa.Column("is_done", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("reached_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("source", "scope", "part", name=op.f("pk_pulls")),
    )


def downgrade() -> None:
    op.drop_table("pulls")
