"""The schedule looks at once and again, and goes on whatever happens to a job."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, time, timedelta

import msgspec

from bot.jobs.job import Job, JobContext, Scopes, Work
from bot.schedule import Schedule
from bot.slots import Daily, Hourly, Slot
from db.engine import Store, StoreUnavailable
from scoring.program import Program
from scoring.window import to_us
from tests.builders import MONDAY_NOON_US, job_context

MINUTE_US = 60_000_000
HOUR_US = 60 * MINUTE_US
LONG_ENOUGH_S = 20


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now_us = MONDAY_NOON_US

    def __call__(self) -> int:
        return self.now_us


def context(store: Store, clock: Callable[[], int], program: Program | None = None) -> JobContext:
    given = job_context(store, program or Program())
    return msgspec.structs.replace(given, world=msgspec.structs.replace(given.world, now_us=clock))


def job(do: Callable[[Slot], Awaitable[object]], name: str = "work") -> Job:
    async def find_work(_context: JobContext, slot: Slot, _scopes: Scopes) -> tuple[Work, ...]:
        await do(slot)
        return (Work(),)

    return Job(name, lambda _program: Hourly(), find_work)


async def test_every_hour_is_done_once_however_often_it_looks(sqlite_store: Store) -> None:
    clock, done = Clock(), []

    async def do(slot: Slot) -> None:
        done.append(slot.name)

    schedule = Schedule([job(do)], context(sqlite_store, clock))
    for _ in range(60):
        await schedule.look()
        clock.now_us += 3 * MINUTE_US
    assert done == ["2026-06-01T12Z", "2026-06-01T13Z", "2026-06-01T14Z"]


async def test_on_the_night_that_clocks_change_a_day_is_done_once(sqlite_store: Store) -> None:
    clock, done = Clock(), []

    async def find_work(_context: JobContext, slot: Slot, _scopes: Scopes) -> tuple[Work, ...]:
        done.append(slot.name)
        return (Work(),)

    nightly = Job("nightly", lambda _program: Daily(time(2, 30)), find_work)
    schedule = Schedule([nightly], context(sqlite_store, clock, Program(timezone="Europe/Berlin")))
    for midnight in (datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)):
        done.clear()
        for minutes in range(0, 240, 10):
            clock.now_us = to_us(midnight) + minutes * MINUTE_US
            await schedule.look()
        day_before = midnight.date() - timedelta(days=1)  # was due at the first look
        assert done == [day_before.isoformat(), midnight.date().isoformat()]


async def test_a_job_that_fails_is_tried_again_and_holds_up_no_other(sqlite_store: Store) -> None:
    clock, tries, done = Clock(), [], []

    async def fail_twice(_slot: Slot) -> None:
        tries.append(clock.now_us)
        if len(tries) <= 2:
            raise RuntimeError("no")

    async def succeed(_slot: Slot) -> None:
        done.append(clock.now_us)

    schedule = Schedule([job(fail_twice, "fails"), job(succeed, "works")], context(sqlite_store, clock))
    await schedule.look()
    await schedule.look()
    assert (len(tries), len(done)) == (2, 1)
    await schedule.look()
    assert len(tries) == 2  # rests after the second failure
    clock.now_us += MINUTE_US
    await schedule.look()
    await schedule.look()
    assert len(tries) == 3


async def test_a_store_that_is_away_puts_a_job_off(sqlite_store: Store) -> None:
    tries: list[Slot] = []

    async def do(slot: Slot) -> None:
        tries.append(slot)
        if len(tries) == 1:
            raise StoreUnavailable("the server closed the connection")

    schedule = Schedule([job(do)], context(sqlite_store, Clock()))
    for _ in range(3):
        await schedule.look()
    assert len(tries) == 2


async def test_it_looks_at_once_and_again_without_being_asked(sqlite_store: Store) -> None:
    clock, done = Clock(), asyncio.Queue[str]()

    async def do(slot: Slot) -> None:
        await done.put(slot.name)
        clock.now_us += HOUR_US

    async with Schedule([job(do)], context(sqlite_store, clock)).running(look_seconds=0.05):
        names = [await asyncio.wait_for(done.get(), LONG_ENOUGH_S) for _ in range(3)]
    assert names == ["2026-06-01T12Z", "2026-06-01T13Z", "2026-06-01T14Z"]


async def test_a_slow_job_never_meets_itself_and_is_let_finish_at_the_end(sqlite_store: Store) -> None:
    begun, may_end, ends = asyncio.Event(), asyncio.Event(), []

    async def do(_slot: Slot) -> None:
        begun.set()
        await may_end.wait()
        ends.append(True)

    schedule = Schedule([job(do)], context(sqlite_store, Clock()))
    async with schedule.running(look_seconds=0.01):
        await asyncio.wait_for(begun.wait(), LONG_ENOUGH_S)
        await schedule.look()
        asyncio.get_running_loop().call_later(0.05, may_end.set)
    assert ends == [True]
