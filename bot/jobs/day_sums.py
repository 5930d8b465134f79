"""Every hour: sums up the days that are over, and those of them that have changed since, so that flags cost a day's reading.

Nothing rests on it: what is not summed up yet is read from the events.
"""

from __future__ import annotations

from datetime import date

from bot.jobs.job import Job, JobContext, Scopes, Work, in_thread
from bot.slots import Hourly, Slot
from bot.world import World
from db.trace_days import keep_sums, out_of_date, sum_up
from db.traces import days_of_traces
from scoring.program import Program
from scoring.window import local_day
from scoring.wording import counted

# A transaction that began before midnight takes its events for today's; by then it has ended, and no clock is so wrong.
_REST_US = 3_600_000_000


def refresh(context: JobContext, slot: Slot, _scopes: Scopes) -> tuple[Work, ...]:
    """A day at a time, each put down on its own: it is much to hold, and events are not kept waiting."""
    world = context.world
    program = world.rule_book_at(slot.at_us).program
    done = sum(_sum_up(world, day, program) for day in _to_do(world, slot, program))
    return (Work(lines=(f"{counted(done, 'day')} summed up.",)),)


def _to_do(world: World, slot: Slot, program: Program) -> tuple[date, ...]:
    today = local_day(world.now_us() - _REST_US, program.zone)
    over = [day for day in days_of_traces(slot.at_us, program) if day < today]
    with world.store.read() as conn:
        return out_of_date(conn, over, program.flags)


def _sum_up(world: World, day: date, program: Program) -> bool:
    with world.store.read() as conn:
        sums = sum_up(conn, day, program.flags)
    with world.store.write() as conn:
        return keep_sums(conn, sums)


DAY_SUMS = Job("day_sums", lambda _program: Hourly(), in_thread(refresh))
