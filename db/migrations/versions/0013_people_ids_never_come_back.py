"""The id of a person who was erased is never given to somebody else; PostgreSQL's sequences do that by themselves."""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _remake_people(is_counting=True)


def downgrade() -> None:
    _remake_people(is_counting=False)


def _remake_people(*, is_counting: bool) -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    with op.batch_alter_table("people", recreate="always", table_kwargs={"sqlite_autoincrement": is_counting}):
        pass
