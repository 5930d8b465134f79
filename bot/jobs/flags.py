"""Every day: the flags that are open, put down with an id for those who look into them."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import Connection

from bot.flagging import named_flags_at
from bot.jobs.job import Job, JobContext, Scopes, Work, in_thread
from bot.slots import Daily, Slot
from db.flags import keep_flags
from scoring.program import Program
from scoring.wording import counted


def find(context: JobContext, slot: Slot, _scopes: Scopes) -> tuple[Work, ...]:
    """Nobody is told by this: boards, badges and bands see the same flags by themselves."""
    program = context.world.rule_book_at(slot.at_us).program
    with context.world.store.read() as conn:
        found = named_flags_at(conn, slot.at_us, program).open

    def write(conn: Connection) -> None:
        keep_flags(conn, found, slot.at_us)

    kinds = Counter(flag.kind for flag in found.values())
    lines = (f"{counted(len(found), 'flag')} open.", *(f"{kind}: {kinds[kind]}." for kind in sorted(kinds)))
    return (Work(write=write, lines=lines),)


def _cadence(program: Program) -> Daily:
    return Daily(program.digest.time)


FLAGS = Job("flags", _cadence, in_thread(find))
