"""The versions of the program that have been in force, and since when."""

from __future__ import annotations

from datetime import timedelta

import msgspec
from sqlalchemy import Connection, insert, select

from db.day_changes import note_changes
from db.many import as_written
from db.tables import program_versions
from scoring.window import from_us


class RecordedProgram(msgspec.Struct, frozen=True):
    """A program as it was: its ``version``, the file's text, and since when it is in force."""

    version: str
    content: str
    since_us: int


_RECORDED = select(program_versions.c.version, program_versions.c.content, program_versions.c.since_us)
_NEWEST_FIRST = (program_versions.c.since_us.desc(), program_versions.c.id.desc())


def record_program(conn: Connection, text: str, version: str, now_us: int) -> bool:
    """Keeps ``text`` as the program in force from now on; False where that version already is.

    A version that comes back after another one is recorded again.
    """
    newest = program_at(conn, now_us)
    if newest is not None and newest.version == version:
        return False
    conn.execute(insert(program_versions).values(version=version, content=text, since_us=now_us))
    today = from_us(now_us).date()
    note_changes(
        conn, [as_written(conn, day) for day in (today - timedelta(days=1), today)]
    )  # in another zone they go on
    return True


def program_at(conn: Connection, at_us: int) -> RecordedProgram | None:
    """The program in force at ``at_us``; before the first one was recorded, that one. None = none ever was."""
    in_force = conn.execute(
        _RECORDED.where(program_versions.c.since_us <= at_us).order_by(*_NEWEST_FIRST).limit(1)
    ).first()
    first = (
        in_force
        or conn.execute(_RECORDED.order_by(program_versions.c.since_us, program_versions.c.id).limit(1)).first()
    )
    return None if first is None else RecordedProgram(*first)
