"""Every day: what looks odd is put down, so that AI ops have a list with names that stay."""

from __future__ import annotations

from datetime import time

from sqlalchemy import Connection

from bot.flagging import named_flags_at
from bot.jobs.job import Job, JobContext, Scopes, Work, in_thread
from bot.slots import Daily, Slot
from db.flags import keep_flags
from scoring.wording import counted

_AT = time(5, 0)  # before people look


def look(context: JobContext, slot: Slot, _scopes: Scopes) -> tuple[Work, ...]:
    """Keeps the open flags of the slot's moment."""
    world = context.world
    with world.store.read() as conn:
        found = named_flags_at(conn, slot.at_us, world.rule_book_at(slot.at_us).program).open

    def write(conn: Connection) -> None:
        keep_flags(conn, found, slot.at_us)

    return (Work(write=write, lines=(f"{counted(len(found), 'open flag')}.",)),)


FLAGS = Job("flags", lambda _program: Daily(_AT), in_thread(look))
