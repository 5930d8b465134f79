"""How often usage of days that are over has changed: what was computed of a day holds as long as the number stays.

Whoever appends, reprices or erases usage of an earlier day says so with ``note_changes`` in the same transaction. Whoever
computes something of a day asks for the number first and its usage afterwards.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy import BigInteger, Connection, func, select

from db.many import insert_rows
from db.tables import day_changes

_PARTS = 32  # so that replicas that note changes of the same day seldom wait for each other
_NOTE = "ON CONFLICT (day, part) DO UPDATE SET changes = day_changes.changes + excluded.changes"


def note_changes(conn: Connection, days: Iterable[date | str]) -> None:
    """Usage of these ``days`` is another now; in the transaction that makes it so, after all else that it writes."""
    part = secrets.randbelow(_PARTS)
    insert_rows(conn, day_changes, ("day", "part", "changes"), [(day, part, 1) for day in sorted(set(days))], _NOTE)


def changes_of(conn: Connection, days: Collection[date]) -> dict[date, int]:
    """How often each of ``days`` has changed, where it has."""
    changes = func.sum(day_changes.c.changes, type_=BigInteger)
    query = select(day_changes.c.day, changes).where(day_changes.c.day.in_(days)).group_by(day_changes.c.day)
    return {day: int(count) for day, count in conn.execute(query)}
