"""Long answers that are numbers throughout, as arrays."""

from __future__ import annotations

from itertools import chain
from typing import Any

import numpy as np
from sqlalchemy import Connection, Select

from scoring.usage import Integers


def read_integers(conn: Connection, query: Select[Any], columns: int) -> Integers:
    """The answer to ``query``, which has so many ``columns``, a row of numbers each."""
    rows = conn.execute(query).cursor.fetchall()  # the driver's own tuples: SQLAlchemy's rows take half as long again
    return np.ascontiguousarray(np.fromiter(chain.from_iterable(rows), dtype=np.int64).reshape(-1, columns).T)
