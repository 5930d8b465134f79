"""A slot's work is done once and whole, by whoever gets there first; a dry run writes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from bot.jobs.job import Job, JobContext, Post, Scopes, Work
from bot.jobs.runner import run_by_hand, run_due
from bot.slack.message import Message
from bot.slots import Daily, Slot, Weekly
from db.engine import Store, open_store
from db.programs import record_program
from db.tables import outbox, runs
from scoring.program import Program, Weekday
from scoring.program_file import version_of
from scoring.window import to_us
from tests.builders import MONDAY_NOON_US, digest_program, job_context

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
NINE_US = MONDAY_NOON_US - 3 * HOUR_US  # the slot: Monday 9:00 UTC


async def find_greetings(_context: JobContext, slot: Slot, scopes: Scopes) -> tuple[Work, ...]:
    return tuple(
        Work(scope, (Post(f"hello/{scope}/{slot.name}", "hello", scope, Message("Hello", ()), 5),), lines=("Said.",))
        for scope in scopes
    )


def greeting(**changes: Any) -> Job:
    """Says hello in the digest's channels when the digest is due."""
    job = Job(
        "hello",
        lambda program: Weekly(program.digest.weekday, program.digest.time),
        find_greetings,
        scopes=lambda program: program.digest.channels,
        is_public=True,
        missing_scope="No channels.",
    )
    return msgspec.structs.replace(job, **changes)


def context(store: Store, now_us: int = MONDAY_NOON_US, program: Program | None = None) -> JobContext:
    return job_context(store, program or digest_program(), now_us)


def installed(store: Store, since_us: int = NINE_US - DAY_US, program: Program | None = None) -> None:
    """The program as it was recorded at ``since_us``."""
    chosen = program or digest_program()
    with store.write() as conn:
        record_program(conn, as_toml(chosen), version_of(chosen), since_us)


def as_toml(program: Program) -> str:
    digest = program.digest
    return (
        f'timezone = "{program.timezone}"\n[digest]\nchannels = {list(digest.channels)}\ntop = {digest.top}\n'
        f'weekday = "{digest.weekday}"\ntime = "{digest.time:%H:%M}"\n'
    )


def said(store: Store) -> list[str]:
    with store.read() as conn:
        return list(conn.scalars(select(outbox.c.dedupe_key).order_by(outbox.c.dedupe_key)))


def rows(store: Store) -> int:
    with store.read() as conn:
        return len(conn.execute(select(runs.c.slot)).all())


async def test_a_due_slot_is_done_once_for_each_channel(store: Store) -> None:
    installed(store)
    first = await run_due(greeting(), context(store))
    assert first is not None
    assert [post.recipient for post in first.posts] == ["C1", "C2"]
    assert await run_due(greeting(), context(store)) is None
    assert said(store) == ["hello/C1/2026-W23", "hello/C2/2026-W23"]


async def test_two_replicas_that_look_at_once_make_one_digest_a_channel(postgresql_url: str) -> None:
    replicas = [open_store(postgresql_url) for _ in range(2)]
    installed(replicas[0], since_us=NINE_US - 40 * DAY_US)
    for week in range(5):
        now_us = MONDAY_NOON_US + (week - 5) * 7 * DAY_US
        await asyncio.gather(*(run_due(greeting(), context(store, now_us)) for store in replicas * 4))
    keys = said(replicas[0])
    assert keys == [f"hello/C{channel}/2026-W{week}" for channel in (1, 2) for week in range(18, 23)]
    for store in replicas:
        store.close()


async def test_a_crash_in_the_midst_leaves_nothing_and_the_next_look_does_it(store: Store) -> None:
    installed(store)

    async def find_and_crash(given: JobContext, slot: Slot, scopes: Scopes) -> tuple[Work, ...]:
        works = await find_greetings(given, slot, scopes)
        return tuple(msgspec.structs.replace(work, write=crash) for work in works)

    def crash(_conn: object) -> None:
        raise RuntimeError("the power went")

    with pytest.raises(RuntimeError):
        await run_due(greeting(find_work=find_and_crash), context(store))
    assert said(store) == []
    assert rows(store) == 0
    await run_due(greeting(), context(store))
    assert len(said(store)) == 2


async def test_after_weeks_away_only_the_newest_slot_is_done(store: Store) -> None:
    installed(store)
    await run_due(greeting(), context(store, MONDAY_NOON_US + 15 * DAY_US))
    assert said(store) == ["hello/C1/2026-W25", "hello/C2/2026-W25"]


@pytest.mark.parametrize("clock", [time(0, 30), time(1, 30), time(2, 0), time(2, 30), time(3, 30), time(9, 0)], ids=str)
async def test_on_nights_when_clocks_change_there_is_one_digest_a_channel(sqlite_store: Store, clock: time) -> None:
    sundays = digest_program(weekday=Weekday.SUNDAY, time=clock).model_copy(update={"timezone": "Europe/Berlin"})
    changes = [datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)]
    installed(sqlite_store, since_us=to_us(changes[0]) - DAY_US, program=sundays)
    for midnight in changes:
        for minutes in range(-180, 600, 15):
            now_us = to_us(midnight) + minutes * HOUR_US // 60
            await run_due(greeting(), context(sqlite_store, now_us, sundays))
    assert [key for key in said(sqlite_store) if key.startswith("hello/C1")] == [
        "hello/C1/2026-W13",
        "hello/C1/2026-W42",  # missed, and still due when the October night began
        "hello/C1/2026-W43",
    ]


async def test_a_fresh_installation_does_not_post_for_the_time_before_it(store: Store) -> None:
    installed(store, since_us=NINE_US + 1)
    assert await run_due(greeting(), context(store)) is None
    assert await run_due(greeting(), context(store, MONDAY_NOON_US + 7 * DAY_US)) is not None
    assert said(store) == ["hello/C1/2026-W24", "hello/C2/2026-W24"]


async def test_a_channel_that_was_added_later_waits_for_its_first_slot(store: Store) -> None:
    installed(store, program=digest_program(channels=("C1",)))
    installed(store, since_us=NINE_US + HOUR_US)
    await run_due(greeting(), context(store))
    assert said(store) == ["hello/C1/2026-W23"]


async def test_a_day_that_was_moved_back_does_not_post_at_once(store: Store) -> None:
    installed(store, program=digest_program(weekday=Weekday.FRIDAY))
    installed(store, since_us=NINE_US + HOUR_US)
    assert await run_due(greeting(), context(store)) is None


async def test_other_rules_do_not_lose_a_digest_that_was_planned(store: Store) -> None:
    installed(store)
    changed = digest_program(top=3)
    installed(store, since_us=NINE_US + HOUR_US, program=changed)
    assert await run_due(greeting(), context(store, program=changed)) is not None


async def test_what_is_not_public_is_done_on_a_fresh_installation_too(store: Store) -> None:
    assert await run_due(greeting(is_public=False), context(store)) is not None


async def test_by_hand_a_digest_is_posted_once_a_slot(store: Store) -> None:
    first = await run_by_hand(greeting(), context(store), MONDAY_NOON_US)
    second = await run_by_hand(greeting(), context(store), MONDAY_NOON_US + HOUR_US)
    assert len(first.posts) == 2
    assert second.posts == ()
    assert second.lines == (
        "hello 2026-W23: already posted in C1.",
        "hello 2026-W23: already posted in C2.",
    )
    assert len(said(store)) == 2


async def test_by_hand_the_world_is_that_of_the_moment_asked_for(store: Store) -> None:
    result = await run_by_hand(greeting(), context(store), MONDAY_NOON_US - 7 * DAY_US)
    assert result.slot == Slot("2026-W22", MONDAY_NOON_US - 7 * DAY_US)


async def test_after_a_run_by_hand_the_schedule_does_not_repeat_it(store: Store) -> None:
    installed(store)
    await run_by_hand(greeting(), context(store), MONDAY_NOON_US)
    assert await run_due(greeting(), context(store)) is None


async def test_by_hand_what_is_not_public_is_done_again(store: Store) -> None:
    done: list[str] = []

    async def find(_context: JobContext, slot: Slot, _scopes: Scopes) -> tuple[Work, ...]:
        return (Work(write=lambda _conn: done.append(slot.name)),)

    job = Job("count", lambda _program: Weekly(Weekday.MONDAY, time(9)), find)
    await run_by_hand(job, context(store), MONDAY_NOON_US)
    await run_by_hand(job, context(store), MONDAY_NOON_US)
    assert done == ["2026-W23", "2026-W23"]


async def test_a_dry_run_writes_nothing_and_returns_what_would_be_posted(store: Store) -> None:
    written: list[Callable[..., object]] = []

    async def find(given: JobContext, slot: Slot, scopes: Scopes) -> tuple[Work, ...]:
        works = await find_greetings(given, slot, scopes)
        return tuple(msgspec.structs.replace(work, write=written.append) for work in works)

    result = await run_by_hand(greeting(find_work=find), context(store), MONDAY_NOON_US, dry_run=True)
    assert [post.recipient for post in result.posts] == ["C1", "C2"]
    assert (said(store), rows(store), written) == ([], 0, [])


async def test_without_a_channel_a_dry_run_shows_the_message_and_a_run_says_what_to_set(store: Store) -> None:
    given = context(store, program=digest_program(channels=()))
    dry = await run_by_hand(greeting(), given, MONDAY_NOON_US, dry_run=True)
    assert len(dry.posts) == 1
    run = await run_by_hand(greeting(), given, MONDAY_NOON_US)
    assert (run.posts, run.lines) == ((), ("No channels.",))


async def test_what_was_decided_since_is_followed_at_once_and_once(store: Store) -> None:
    installed(store)
    decided = [0]
    job = greeting(is_public=False, decided_us=lambda _conn: decided[0])
    assert await run_due(job, context(store)) is not None
    assert await run_due(job, context(store)) is None
    decided[0] = MONDAY_NOON_US + 1
    first = await run_due(job, context(store, MONDAY_NOON_US + 2))
    assert first is not None
    assert first.slot.at_us == MONDAY_NOON_US + 2
    assert await run_due(job, context(store, MONDAY_NOON_US + 3)) is None


async def test_a_decision_of_this_very_moment_is_looked_at_from_after_it(store: Store) -> None:
    installed(store)
    job = greeting(is_public=False, decided_us=lambda _conn: MONDAY_NOON_US)
    await run_due(job, context(store))
    result = await run_due(job, context(store))
    assert result is not None
    assert result.slot.at_us == MONDAY_NOON_US + 1


async def test_what_was_decided_before_the_slot_is_in_it(store: Store) -> None:
    installed(store)
    job = greeting(is_public=False, decided_us=lambda _conn: NINE_US - 1)
    await run_due(job, context(store))
    assert await run_due(job, context(store)) is None


async def test_a_daily_job_follows_decisions_from_its_hour_on_and_before_it_waits_for_that(store: Store) -> None:
    installed(store)
    job = greeting(
        is_public=False,
        cadence=lambda _program: Daily(time(9)),
        decided_us=lambda _conn: MONDAY_NOON_US + 15 * HOUR_US,
    )
    assert await run_due(job, context(store)) is not None
    assert await run_due(job, context(store, MONDAY_NOON_US + 16 * HOUR_US)) is None  # four in the morning
    morning = await run_due(job, context(store, MONDAY_NOON_US + 22 * HOUR_US))
    assert morning is not None
    assert morning.slot.name == "2026-06-02"
