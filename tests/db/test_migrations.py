"""The tables as migrations make them, and as the code believes they are."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from db.engine import Store, StoreError, open_store
from db.migrations import downgrade
from db.tables import metadata


def test_migrations_make_the_tables_that_the_code_describes(store: Store) -> None:
    with store.read() as conn:
        assert compare_metadata(MigrationContext.configure(conn), metadata) == []


def test_every_migration_can_be_taken_back_and_made_again(store: Store) -> None:
    with store.write() as conn:
        downgrade(conn, "base")
        assert inspect(conn).get_table_names() == ["alembic_version"]
    store.migrate()
    with store.read() as conn:
        assert set(metadata.tables) < set(inspect(conn).get_table_names())


@pytest.mark.parametrize("url_fixture", ["sqlite_url", "empty_postgresql_url"])
def test_two_processes_that_start_at_once_migrate_once(url_fixture: str, request: pytest.FixtureRequest) -> None:
    stores = [open_store(request.getfixturevalue(url_fixture)) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(Store.migrate, stores))
    with stores[0].read() as conn:
        assert "events" in inspect(conn).get_table_names()
    for store in stores:
        store.close()


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://x/y", "sqlite://", "sqlite+aiosqlite:///:memory:"])
def test_an_address_that_is_no_database_is_refused_with_the_setting_to_change(url: str) -> None:
    with pytest.raises(StoreError, match="BANDSTAND_DATABASE_URL"):
        open_store(url)
