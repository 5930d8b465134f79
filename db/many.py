"""Many values at once: a question about 10,000 names is one statement, and so are 64 new rows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from functools import lru_cache
from itertools import chain
from typing import Any, TypeVar

import msgspec
from sqlalchemy import ColumnElement, Connection, Table, func, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql import bindparam

_POSTGRESQL = postgresql.dialect()  # type: ignore[no-untyped-call]  # has no types of its own
_T = TypeVar("_T")
_MOST_KEYS = 1000
_MOST_ROWS = 64  # a power of two, so that few different statements serve every number of rows


def is_any(
    conn: Connection, column: ColumnElement[Any], values: Collection[str] | Collection[int]
) -> ColumnElement[bool]:
    """True where ``column`` is one of ``values``, however many these are."""
    if conn.dialect.name == "sqlite":
        wanted = func.json_each(msgspec.json.encode(list(values)).decode()).table_valued("value")
        return column.in_(select(wanted.c.value))
    return column == func.any(bindparam(None, list(values), type_=ARRAY(column.type)))


def as_written(conn: Connection, day: date) -> date | str:
    """``day`` in the form that the driver takes in plain SQL."""
    return day.isoformat() if conn.dialect.name == "sqlite" else day


def portions(values: Sequence[_T], most: int) -> Iterator[tuple[_T, ...]]:
    """``values`` in order, so many at a time."""
    for start in range(0, len(values), most):
        yield tuple(values[start : start + most])


def insert_rows(
    conn: Connection, table: Table, columns: tuple[str, ...], rows: Sequence[tuple[Any, ...]], then: str = ""
) -> None:
    """Inserts ``rows`` of ``columns``; ``then`` is what stands behind them, an ON CONFLICT clause.

    SQLite's driver lets go of the interpreter once for every statement or row that it runs, and a busy event loop takes
    long to give it back: so the fewer, the better. PostgreSQL takes whole columns as arrays.
    """
    if not rows:
        return
    if conn.dialect.name == "postgresql":
        values = [list(column) for column in zip(*rows, strict=True)]
        conn.exec_driver_sql(_from_arrays(table, columns, then), tuple(values))
        return
    start = 0
    while start < len(rows):
        count = min(_MOST_ROWS, 1 << ((len(rows) - start).bit_length() - 1))
        part = rows[start : start + count]
        conn.exec_driver_sql(_from_values(table, columns, then, count), tuple(chain.from_iterable(part)))
        start += count


def read_by_key(conn: Connection, table: str, column: str, keys: Sequence[bytes]) -> Iterator[tuple[Any, ...]]:
    """``key`` and ``column`` of the rows of ``table`` with one of ``keys``; on PostgreSQL they are locked, in order."""
    if conn.dialect.name == "postgresql":
        query = f"SELECT key, {column} FROM {table} WHERE key = ANY(%s) ORDER BY key FOR UPDATE"
        yield from conn.exec_driver_sql(query, (list(keys),))
        return
    for part in portions(keys, _MOST_KEYS):
        query = f"SELECT key, {column} FROM {table} WHERE key IN ({','.join('?' * len(part))})"
        yield from conn.exec_driver_sql(query, part)


@lru_cache(maxsize=64)
def _from_values(table: Table, columns: tuple[str, ...], then: str, rows: int) -> str:
    row = f"({', '.join('?' * len(columns))})"
    return f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES {', '.join([row] * rows)} {then}"


@lru_cache(maxsize=64)
def _from_arrays(table: Table, columns: tuple[str, ...], then: str) -> str:
    arrays = ", ".join(f"%s::{table.c[name].type.compile(_POSTGRESQL)}[]" for name in columns)
    return f"INSERT INTO {table.name} ({', '.join(columns)}) SELECT * FROM unnest({arrays}) {then}"
