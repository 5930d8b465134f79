"""Many values in one parameter, so that a question about 10,000 names is one statement on either database."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql import bindparam


def is_any(
    conn: Connection, column: ColumnElement[Any], values: Collection[str] | Collection[int]
) -> ColumnElement[bool]:
    """True where ``column`` is one of ``values``, however many these are."""
    if conn.dialect.name == "sqlite":
        wanted = func.json_each(msgspec.json.encode(list(values)).decode()).table_valued("value")
        return column.in_(select(wanted.c.value))
    return column == func.any(bindparam(None, list(values), type_=ARRAY(column.type)))
