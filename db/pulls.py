"""How far pulls have got, so that one that was interrupted goes on and what is finished is not asked for again."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from sqlalchemy import Connection, delete, select, text

from db.tables import pulls

_p = pulls.c
_KEEP = text(
    "INSERT INTO pulls (source, scope, part, cursor, is_done, reached_us)"
    " VALUES (:source, :scope, :part, :cursor, :is_done, :reached_us)"
    " ON CONFLICT (source, scope, part) DO UPDATE"
    " SET cursor = excluded.cursor, is_done = excluded.is_done, reached_us = excluded.reached_us"
)


class Reached(msgspec.Struct, frozen=True):
    """A part that ``is_done``, or is to be gone on with from ``cursor``, which its source understands."""

    cursor: str = ""
    is_done: bool = True


def reached(conn: Connection, source: str, scope: str, first: str, past: str) -> Mapping[str, Reached]:
    """How far each part from ``first`` up to, not including, ``past`` is done, by name, of one account at a source."""
    query = select(_p.part, _p.cursor, _p.is_done).where(
        _p.source == source, _p.scope == scope, _p.part >= first, _p.part < past
    )
    return {part: Reached(cursor, is_done) for part, cursor, is_done in conn.execute(query)}


def keep_reached(conn: Connection, source: str, scope: str, part: str, now: Reached, now_us: int) -> None:
    """Puts down how far ``part`` is done."""
    row = {"source": source, "scope": scope, "part": part, "cursor": now.cursor, "is_done": now.is_done}
    conn.execute(_KEEP, row | {"reached_us": now_us})


def forget(conn: Connection, source: str, scope: str, first: str, past: str) -> None:
    """Makes the parts from ``first`` up to ``past`` ones that were never asked for."""
    conn.execute(delete(pulls).where(_p.source == source, _p.scope == scope, _p.part >= first, _p.part < past))
