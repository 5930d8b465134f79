"""Every day: badges for the periods that have ended, given once for each level and period."""

from __future__ import annotations

from sqlalchemy import Connection

from bot.flagging import flags_at
from bot.jobs.job import Job, JobContext, Scopes, Work, in_thread
from bot.recognition import due_badges
from bot.slots import Daily, Slot
from db.badges import give
from scoring.program import Program


def award(context: JobContext, slot: Slot, _scopes: Scopes) -> tuple[Work, ...]:
    """What is due and was not given yet."""
    world = context.world
    with world.store.read() as conn:
        flags = flags_at(conn, slot.at_us, world.rule_book_at(slot.at_us).program)
        judged = due_badges(world, conn, slot.at_us, flags)
    earned = tuple(one for badge in judged for one in badge.progress if one.is_earned)

    def write(conn: Connection) -> None:
        give(conn, earned, slot.at_us)

    lines = tuple(
        f"{badge.badge.title} ({badge.stretch.name}): {sum(one.is_earned for one in badge.progress)} earned."
        for badge in judged
    )
    return (Work(write=write, lines=lines),)


def _cadence(program: Program) -> Daily:
    return Daily(program.digest.time)


RECOGNITION = Job("recognition", _cadence, in_thread(award))
