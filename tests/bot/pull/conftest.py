"""Who pulls."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bot.pull.pulls import Puller


@pytest.fixture
def puller(store_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Puller:
    """Somebody at the command line, once on each database."""
    return Puller(store_url, tmp_path, capsys)


@pytest.fixture
def sqlite_puller(sqlite_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Puller:
    """Somebody at the command line, on SQLite."""
    return Puller(sqlite_url, tmp_path, capsys)
