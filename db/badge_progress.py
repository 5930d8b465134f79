"""How far people have come with the badges of the periods under way, as it was computed last."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

import msgspec
from sqlalchemy import Connection, delete, select

from db.many import insert_rows
from db.tables import badge_progress
from scoring.badges.awards import Progress

_COLUMNS = ("person_id", "at_us", "progress")
_decode = msgspec.json.Decoder(tuple[Progress, ...]).decode


def publish_progress(conn: Connection, found: Iterable[Progress], at_us: int) -> None:
    """Replaces what was known."""
    by_person = groupby(sorted(found, key=_person), key=_person)
    rows = [(person_id, at_us, msgspec.json.encode(list(ones)).decode()) for person_id, ones in by_person]
    conn.execute(delete(badge_progress))
    if rows:
        insert_rows(conn, badge_progress, _COLUMNS, rows)


def progress_of(conn: Connection, person_id: int) -> tuple[Progress, ...]:
    """One person's; nothing where nothing was measured."""
    found = conn.scalar(select(badge_progress.c.progress).where(badge_progress.c.person_id == person_id))
    return () if found is None else _decode(found)


def _person(one: Progress) -> int:
    return one.person_id
