"""The store: one database, SQLite or PostgreSQL, with the same behaviour on both."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from db.migrations import upgrade

# Before these, SQLite can corrupt a database when a checkpoint meets a reset of the log (sqlite.org/wal.html).
_SQLITE_FIXED = ((3, 44, 6), (3, 50, 7), (3, 51, 3))


_AT_ONCE: dict[str, Any] = {"isolation_level": "AUTOCOMMIT", "pool_reset_on_return": None}
_T = TypeVar("_T")


class StoreError(ValueError):
    """The database cannot be used as it is set; the message says what to change."""


class StoreUnavailable(Exception):
    """The database is away, full, locked or too slow. What was asked for has not happened; trying again may help."""


class Store:
    """Transactions on one database. ``read`` and ``write`` commit at the end of the block, or roll back on an error."""

    def __init__(self, reader: Engine, writer: Engine, glancer: Engine) -> None:
        self._reader = reader
        self._writer = writer
        self._glancer = glancer

    @property
    def is_sqlite(self) -> bool:
        return self._writer.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one state and changes nothing. Raises ``StoreUnavailable``."""
        with _unavailable(), self._reader.begin() as conn:
            yield conn

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that may change things; on SQLite one at a time. Raises ``StoreUnavailable``."""
        with _unavailable(), self._writer.begin() as conn:
            yield conn

    def glance(self, ask: Callable[[Connection], _T]) -> _T:
        """What ``ask`` reads without a transaction around it: the fastest way to a row; each statement sees its own state.

        Raises ``StoreUnavailable``.
        """
        with _unavailable():
            try:
                return self._glance(ask)
            except DBAPIError as error:
                if not error.connection_invalidated:
                    raise
                return self._glance(ask)  # the database came back: its old connections are gone, a new one will do

    def _glance(self, ask: Callable[[Connection], _T]) -> _T:
        with self._glancer.connect() as conn:
            return ask(conn)

    def migrate(self) -> None:
        """Brings the tables up to date; safe when several processes do so at once. Raises ``StoreUnavailable``."""
        with self.write() as conn:
            upgrade(conn)

    def close(self) -> None:
        self._reader.dispose()
        self._writer.dispose()
        self._glancer.dispose()


def open_store(url: str) -> Store:
    """The store at ``url`` (``sqlite+aiosqlite:///file``, ``postgresql://…``). Raises ``StoreError``."""
    target = _driver_url(url)
    if target.get_backend_name() == "postgresql":
        return _open_postgresql(target)
    return _open_sqlite(target)


def sqlite_warning() -> str | None:
    """A sentence where the SQLite in use has the WAL-reset fault of 3.7.0 to 3.51.2, else None."""
    version = sqlite3.sqlite_version_info
    is_fixed = version >= _SQLITE_FIXED[-1] or any(
        version[:2] == fixed[:2] and version >= fixed for fixed in _SQLITE_FIXED
    )
    if is_fixed:
        return None
    return (
        f"SQLite {sqlite3.sqlite_version} can damage a database in rare cases; "
        "3.51.3, 3.50.7 and 3.44.6 mend that. Keep backups, or use PostgreSQL."
    )


@contextmanager
def sole_server(url: str) -> Iterator[None]:
    """Keeps a second server off the same SQLite file while the block runs. Raises ``StoreError``; no-op on PostgreSQL."""
    target = _driver_url(url)
    if target.get_backend_name() != "sqlite":
        yield
        return
    with Path(f"{target.database}.lock").open("w") as lock:
        _take(lock, target)
        yield


def _take(lock: IO[str], target: URL) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise StoreError(
            f"another server already uses {target.database}; SQLite serves one process, several need PostgreSQL"
        ) from error


def _driver_url(url: str) -> URL:
    try:
        target = make_url(url)
    except ArgumentError as error:
        raise StoreError(
            'BANDSTAND_DATABASE_URL is not a database URL; write "sqlite+aiosqlite:///bandstand.db" or "postgresql://…"'
        ) from error
    backend = target.drivername.split("+")[0]
    if backend in ("postgresql", "postgres"):
        return target.set(drivername="postgresql+psycopg")
    if backend == "sqlite" and target.database and target.database != ":memory:":
        return target.set(drivername="sqlite+pysqlite")
    raise StoreError(f"BANDSTAND_DATABASE_URL: {backend} is not served; use a SQLite file or PostgreSQL")


def _open_postgresql(target: URL) -> Store:
    arguments: dict[str, Any] = {
        "max_overflow": 0,
        "pool_timeout": 5,
        "pool_recycle": 1800,
        "hide_parameters": True,
        "connect_args": {
            "connect_timeout": 3,
            "options": "-c statement_timeout=300000 -c lock_timeout=20000"
            " -c idle_in_transaction_session_timeout=600000 -c timezone=UTC",
        },
    }
    engine = create_engine(target, pool_size=8, pool_pre_ping=True, **arguments)
    return Store(engine, engine, create_engine(target, pool_size=4, **_AT_ONCE, **arguments))


def _open_sqlite(target: URL) -> Store:
    """One connection writes (and alone makes checkpoints); the readers never wait for it."""
    arguments: dict[str, Any] = {"hide_parameters": True, "connect_args": {"check_same_thread": False, "timeout": 30}}
    writer = create_engine(target, pool_size=1, max_overflow=0, pool_timeout=60, **arguments)
    reader = create_engine(target, pool_size=8, max_overflow=0, pool_timeout=30, **arguments)
    glancer = create_engine(target, pool_size=4, max_overflow=0, pool_timeout=30, **_AT_ONCE, **arguments)
    event.listen(writer, "connect", _prepare_writer)
    event.listen(reader, "connect", _prepare_reader)
    event.listen(glancer, "connect", _prepare_reader)
    event.listen(writer, "begin", lambda conn: conn.exec_driver_sql("BEGIN IMMEDIATE"))
    event.listen(reader, "begin", lambda conn: conn.exec_driver_sql("BEGIN"))
    return Store(reader, writer, glancer)


def _prepare_writer(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves: a deferred one fails at once when it meets a writer
    _turn_to_wal(connection)
    for pragma in ("synchronous=FULL", "wal_autocheckpoint=16000", "cache_size=-65536"):
        connection.execute(f"PRAGMA {pragma}")


def _turn_to_wal(connection: sqlite3.Connection) -> None:
    """One at a time: SQLite refuses at once where several turn the same new file."""
    file = connection.execute("PRAGMA database_list").fetchone()[2]
    folder = os.open(Path(file).parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        connection.execute("PRAGMA journal_mode=WAL")
    finally:
        os.close(folder)


def _prepare_reader(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    for pragma in ("wal_autocheckpoint=0", "query_only=ON", "cache_size=-32768"):
        connection.execute(f"PRAGMA {pragma}")


@contextmanager
def _unavailable() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeoutError) as error:
        raise StoreUnavailable(_reason(error)) from error
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
        raise StoreUnavailable(_reason(error)) from error


def _reason(error: Exception) -> str:
    cause = error.orig if isinstance(error, DBAPIError) else error
    return str(cause).strip().split("\n")[0]
