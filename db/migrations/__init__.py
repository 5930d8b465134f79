"""Migrations: small, named for what they change, run by alembic inside one transaction."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

_LOCK = 7_226_283_651  # any number that nobody else takes as an advisory lock in this database


def upgrade(conn: Connection, revision: str = "head") -> None:
    """Brings the tables to ``revision``. One process does it, the others wait and find it done."""
    if conn.dialect.name == "postgresql":
        conn.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    command.upgrade(_config(conn), revision)


def downgrade(conn: Connection, revision: str) -> None:
    """Takes the tables back to ``revision`` ("base" = none)."""
    command.downgrade(_config(conn), revision)


def _config(conn: Connection) -> Config:
    config = Config(attributes={"connection": conn})
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    return config
