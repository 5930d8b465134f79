"""The store's ways to read: a transaction sees one state, a glance survives connections that were cut."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from db.engine import Store, open_store


def test_a_glance_sees_what_was_committed(store: Store) -> None:
    with store.write() as conn:
        conn.execute(text("CREATE TABLE fruit (name TEXT)"))
        conn.execute(text("INSERT INTO fruit VALUES ('pear')"))
    assert store.glance(lambda conn: conn.execute(text("SELECT name FROM fruit")).scalar()) == "pear"


def test_a_glance_changes_nothing_on_sqlite(sqlite_url: str) -> None:
    store = open_store(sqlite_url)
    with pytest.raises(Exception, match="readonly"):
        store.glance(lambda conn: conn.execute(text("CREATE TABLE fruit (name TEXT)")))
    store.close()


def test_a_glance_and_a_transaction_outlive_cut_connections(postgresql_url: str) -> None:
    store, other = open_store(postgresql_url), open_store(postgresql_url)
    ours = store.glance(lambda conn: conn.execute(text("SELECT pg_backend_pid()")).scalar_one())
    with store.read() as conn:
        theirs = conn.execute(text("SELECT pg_backend_pid()")).scalar_one()
    with other.write() as conn:
        conn.execute(text("SELECT pg_terminate_backend(:pid)"), [{"pid": ours}, {"pid": theirs}])
    assert store.glance(lambda conn: conn.execute(text("SELECT 1")).scalar()) == 1
    with store.read() as conn:
        assert conn.execute(text("SELECT 1")).scalar() == 1
    store.close()
    other.close()
