"""Long answers as the driver has them: SQLAlchemy's own rows take half as long again to make.

Only for columns that are the same on both databases (numbers, text), and for days, which come as ``as_written`` has them.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np
from sqlalchemy import Connection, Select

from scoring.usage import Integers


def read_tuples(conn: Connection, query: Select[Any]) -> Sequence[tuple[Any, ...]]:
    """The answer to ``query``."""
    with conn.execute(query) as answer:
        return answer.cursor.fetchall()


def read_integers(conn: Connection, query: Select[Any], columns: int) -> Integers:
    """The answer to ``query``, so many ``columns`` of numbers: each of them a row of the array."""
    with conn.execute(query) as answer:  # row by row: all of them at once take ten times the room of the array
        rows: Any = answer.cursor
        flat = np.fromiter(chain.from_iterable(rows), dtype=np.int64)
    return np.ascontiguousarray(flat.reshape(-1, columns).T)
