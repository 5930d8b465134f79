"""Prisma's Python client without its engine, which no package registry has: raw SQL and the spend log on PostgreSQL.

LiteLLM writes its spend log by ``create_many`` and reads it by raw SQL and ``find_many``; these do as Prisma does. All
other tables (keys, users, budgets) are empty, and what is written to them is dropped.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg.rows import dict_row

from prisma import actions, client, config, engine, errors, models, types

__all__ = ["Base64", "Json", "Prisma", "actions", "client", "config", "engine", "errors", "models", "types"]

_SPEND_LOG = '"LiteLLM_SpendLogs"'


class Json(str):
    pass


class Base64(str):
    pass


class Prisma:
    """What ``Prisma()`` is to LiteLLM; also a transaction of it, and a batch."""

    def __init__(self, **_: Any) -> None:
        self._is_connected = False

    async def connect(self, *_: Any, **__: Any) -> None:
        self._is_connected = True

    async def disconnect(self, *_: Any, **__: Any) -> None:
        self._is_connected = False

    def is_connected(self) -> bool:
        return self._is_connected

    async def query_raw(self, query: str, *values: Any, **_: Any) -> list[dict[str, Any]]:
        rows = await asyncio.to_thread(_run, query, values)
        return [{name: _as_prisma_gives(value) for name, value in row.items()} for row in rows]

    async def query_first(self, query: str, *values: Any, **_: Any) -> dict[str, Any] | None:
        return next(iter(await self.query_raw(query, *values)), None)

    async def execute_raw(self, query: str, *values: Any) -> int:
        if not query.lstrip().upper().startswith("SET "):  # each statement here is a transaction of its own
            await asyncio.to_thread(_run, query, values)
        return 0

    @asynccontextmanager
    async def tx(self, **_: Any) -> AsyncIterator[Prisma]:
        yield self

    @asynccontextmanager
    async def batch_(self, **_: Any) -> AsyncIterator[_Batch]:
        yield _Batch()

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("litellm_"):
            raise AttributeError(name)
        return _SpendLog() if name == "litellm_spendlogs" else _Table()


class _Table:
    """A table that is empty and stays so."""

    async def find_many(self, **_: Any) -> list[Any]:
        return []

    async def count(self, **_: Any) -> int:
        return 0

    async def _nothing(self, **_: Any) -> None:
        return None

    find_first = find_unique = create = update = upsert = delete = _nothing
    create_many = update_many = delete_many = count
    group_by = find_many


class _Batch:
    """Takes whatever is asked of any table, and does nothing."""

    def __getattr__(self, name: str) -> _Batch:
        return self

    def __call__(self, *_: Any, **__: Any) -> None:
        return None

    async def commit(self) -> None:
        return None


class _SpendLog(_Table):
    async def create_many(self, *, data: Sequence[Mapping[str, Any]], skip_duplicates: bool = False) -> int:
        assert skip_duplicates
        for row in data:
            names = ", ".join(f'"{name}"' for name in row)
            places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
            sql = f"INSERT INTO {_SPEND_LOG} ({names}) VALUES ({places}) ON CONFLICT DO NOTHING"
            await asyncio.to_thread(_run, sql, tuple(row.values()))
        return len(data)

    async def count(self, **_: Any) -> int:
        rows = await asyncio.to_thread(_run, f"SELECT count(*) AS n FROM {_SPEND_LOG}", ())
        return int(rows[0]["n"])


def _run(sql: str, values: Sequence[Any]) -> list[dict[str, Any]]:
    address = urlsplit(os.environ["DATABASE_URL"])
    with psycopg.connect(urlunsplit(address._replace(query=_without_prismas_own(address.query)))) as connection:
        cursor = psycopg.RawCursor(connection, row_factory=dict_row)
        cursor.execute(sql, [_as_postgresql_takes(value) for value in values])
        return cursor.fetchall() if cursor.description else []


def _without_prismas_own(query: str) -> str:
    return "&".join(part for part in query.split("&") if part.startswith("host="))


def _as_postgresql_takes(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, (dict, list)) else value


def _as_prisma_gives(value: Any) -> Any:
    """Of raw SQL Prisma gives moments as text, in UTC and to the millisecond."""
    if not isinstance(value, datetime):
        return value
    moment = value if value.tzinfo else value.replace(tzinfo=UTC)
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
