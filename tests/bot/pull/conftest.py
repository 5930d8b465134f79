"""Who pulls."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.engine import Store
from tests.bot.pull.pulls import Puller


@pytest.fixture
def sqlite_puller(sqlite_store: Store, sqlite_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Puller:
    """Somebody at the command line, on SQLite."""
    return Puller(sqlite_store, sqlite_url, tmp_path, capsys)


@pytest.fixture
def postgresql_puller(
    postgresql_store: Store, postgresql_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Puller:
    """Somebody at the command line, on PostgreSQL."""
    return Puller(postgresql_store, postgresql_url, tmp_path, capsys)


@pytest.fixture(params=["sqlite", "postgresql"])
def puller(request: pytest.FixtureRequest) -> Puller:
    """Somebody at the command line, once on each database."""
    made: Puller = request.getfixturevalue(f"{request.param}_puller")
    return made
