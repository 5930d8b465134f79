"""Days that are over as columns in one row each: the roll-ups of a large company's day are read at once, not one by one.

A day's columns hold while its usage is what it was (``db.day_changes``). Nothing rests on them: where there are none that
hold, the roll-ups are read.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterator
from datetime import date

import numpy as np
from sqlalchemy import ColumnElement, Connection, delete, select

from db.day_changes import changes_of
from db.many import as_written, insert_rows
from db.tables import usage_columns
from scoring.usage import Integers

_NUMBER = np.dtype("<i8")  # the same on every machine that reads the database
_PORTION = 4
_FAST = 1  # of zlib's levels
_KEEP = "ON CONFLICT (day) DO UPDATE SET changes = excluded.changes, numbers = excluded.numbers"


def days_in_columns(conn: Connection, days: Collection[date]) -> tuple[date, ...]:
    """Those of ``days`` whose columns hold, oldest first."""
    changes = changes_of(conn, days)
    query = select(usage_columns.c.day, usage_columns.c.changes).where(usage_columns.c.day.in_(days))
    return tuple(
        day for day, changed in conn.execute(query.order_by(usage_columns.c.day)) if changed == changes.get(day, 0)
    )


def read_columns(conn: Connection, days: Collection[date], columns: int) -> Iterator[tuple[date, Integers]]:
    """The columns of each of ``days`` that has some: so many, each of them a row of the array. Few days are held at once."""
    query = select(usage_columns.c.day, usage_columns.c.numbers).where(usage_columns.c.day.in_(days))
    for day, numbers in conn.execute(query.execution_options(yield_per=_PORTION)):
        yield day, np.frombuffer(zlib.decompress(numbers), dtype=_NUMBER).reshape(columns, -1)


def keep_columns(conn: Connection, day: date, changes: int, columns: Integers) -> None:
    """Keeps ``columns`` of ``day``, which had changed so often, in place of what was known."""
    numbers = zlib.compress(columns.astype(_NUMBER).tobytes(), _FAST)
    insert_rows(conn, usage_columns, ("day", "changes", "numbers"), [(as_written(conn, day), changes, numbers)], _KEEP)


def forget_columns(conn: Connection, *which: ColumnElement[bool]) -> None:
    """Drops the columns of the days that meet all conditions; of all days without any."""
    conn.execute(delete(usage_columns).where(*which))
