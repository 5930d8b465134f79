"""Every hour: sums up the days that are over, and those of them that have changed since, so that little is left to read.

Nothing rests on it: what is not summed up yet is read from the roll-ups and events.
"""

from __future__ import annotations

from datetime import date

from bot.jobs.job import Job, JobContext, Scopes, Work, in_thread
from bot.slots import Hourly, Slot
from bot.world import World
from db.day_changes import changes_of
from db.day_usage import sum_up_usage
from db.tables import usage_columns
from db.trace_days import keep_sums, out_of_date, sum_up
from db.traces import days_of_traces
from db.usage_columns import days_in_columns, forget_columns, keep_columns
from scoring.program import Program
from scoring.spending import DAYS
from scoring.window import local_day, window_before
from scoring.wording import counted

# A transaction that began before midnight takes its events for today's; by then it has ended, and no clock is so wrong.
_REST_US = 3_600_000_000


def refresh(context: JobContext, slot: Slot, _scopes: Scopes) -> tuple[Work, ...]:
    """A day at a time, each put down on its own: it is much to hold, and events are not kept waiting."""
    world = context.world
    program = world.rule_book_at(slot.at_us).program
    today = local_day(world.now_us() - _REST_US, program.zone)
    for_flags = [day for day in days_of_traces(slot.at_us, program) if day < today]
    first, *_ = looked_at = _days_of_usage(slot.at_us, program)
    of_usage = [day for day in looked_at if day < today]
    with world.store.read() as conn:
        traces = out_of_date(conn, for_flags, program.flags)
        usage = sorted({*of_usage} - {*days_in_columns(conn, of_usage)})
    done = {day for day in traces if _sum_up_traces(world, day, program)}
    for day in usage:
        _sum_up_usage(world, day)
    with world.store.write() as conn:
        forget_columns(conn, usage_columns.c.day < first)
    return (Work(lines=(f"{counted(len(done.union(usage)), 'day')} summed up.",)),)


def _days_of_usage(at_us: int, program: Program) -> tuple[date, ...]:
    """The days whose usage bands and flags look at."""
    return window_before(at_us, max(DAYS, program.flags.window + program.flags.baseline), program.zone).days


def _sum_up_traces(world: World, day: date, program: Program) -> bool:
    with world.store.read() as conn:
        sums = sum_up(conn, day, program.flags)
    with world.store.write() as conn:
        return keep_sums(conn, sums)


def _sum_up_usage(world: World, day: date) -> None:
    with world.store.read() as conn:
        changes = changes_of(conn, (day,)).get(day, 0)  # before its usage: what comes meanwhile makes it out of date
        columns = sum_up_usage(conn, day)
    with world.store.write() as conn:
        keep_columns(conn, day, changes, columns)


DAY_SUMS = Job("day_sums", lambda _program: Hourly(), in_thread(refresh))
