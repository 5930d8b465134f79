"""How strong an identity is, the tokens made here, and when each secret was last used."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "identities",
        sa.Column("is_asserted", sa.Boolean(create_constraint=False), nullable=False, server_default=sa.false()),
    )
    op.create_table(
        "ingest_tokens",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("door", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.Column("created_us", sa.BigInteger(), nullable=False),
        sa.Column("last_used_us", sa.BigInteger(), nullable=True),
        sa.Column("revoked_us", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ingest_tokens")),
    )
    op.create_index("ix_ingest_tokens_person_id", "ingest_tokens", ["person_id"])
    op.create_table(
        "secret_uses",
        sa.Column("door", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("last_used_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("door", "fingerprint", name=op.f("pk_secret_uses")),
    )


def downgrade() -> None:
    op.drop_table("secret_uses")
    op.drop_index("ix_ingest_tokens_person_id", "ingest_tokens")
    op.drop_table("ingest_tokens")
    op.drop_column("identities", "is_asserted")
