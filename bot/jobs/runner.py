"""Runs jobs: those whose slot is due, or one by hand; each slot's work in one transaction, once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import msgspec

from bot.jobs.job import Job, JobContext, JobResult, Scopes, Work
from bot.slots import Daily, Slot, due_slot
from bot.world import World
from db.outbox import post
from db.programs import program_at
from db.runs import begin_run, last_run, scopes_run
from scoring.window import local_day


async def run_due(job: Job, context: JobContext) -> JobResult | None:
    """Does the newest due slot of ``job`` where that is still to do; None where it is not.

    Of several processes that try at once one does it. Raises what the job raises; then nothing of that scope is written.
    """
    world = context.world
    slot = due_slot(job.cadence(world.program), world.program.zone, world.now_us())
    scopes = await asyncio.to_thread(_open_scopes, world, job, slot)
    if not scopes:
        slot = await asyncio.to_thread(_decided_slot, world, job, slot)
        scopes = await asyncio.to_thread(_open_scopes, world, job, slot)
    if not scopes:
        return None
    works = await job.find_work(context, slot, scopes)
    done = await asyncio.to_thread(_commit, world, job, slot, works)
    return _result(job, slot, done)


async def run_by_hand(job: Job, context: JobContext, at_us: int, *, dry_run: bool = False) -> JobResult:
    """Does ``job`` now with the world as it was at ``at_us``, for the slot that was due then.

    What is said in public for that slot already is not said again; all else is done once more.
    A dry run writes nothing and returns what would be posted.
    """
    world = context.world
    turn = due_slot(job.cadence(world.program), world.program.zone, at_us)
    slot = Slot(turn.name, at_us)
    scopes = job.scopes(world.program)
    lines: tuple[str, ...] = () if scopes else (job.missing_scope,)
    said = await asyncio.to_thread(_said_scopes, world, job, slot)
    lines += tuple(f"{job.name} {slot.name}: already posted in {scope}." for scope in scopes if scope in said)
    if dry_run:
        works = await job.find_work(context, slot, scopes or ("",))
        return _result(job, slot, works, lines)
    scopes = tuple(scope for scope in scopes if scope not in said)
    if not scopes:
        return JobResult(job.name, slot, (), lines)
    works = await job.find_work(context, slot, scopes)
    done = await asyncio.to_thread(_commit, world, job, slot, works, is_repeated=not job.is_public)
    return _result(job, slot, done, lines)


def _open_scopes(world: World, job: Job, slot: Slot) -> Scopes:
    """For which scopes the slot is still to do."""
    with world.store.read() as conn:
        if job.after and last_run(conn, job.after) is None:
            return ()
        done = scopes_run(conn, job.name, slot.name)
    scopes = tuple(scope for scope in job.scopes(world.program) if scope not in done)
    if not scopes or not job.is_public:
        return scopes
    planned = _planned_scopes(world, job, slot)
    return tuple(scope for scope in scopes if scope in planned)


def _decided_slot(world: World, job: Job, slot: Slot) -> Slot:
    """A slot of its own for what was decided since ``slot``, which looks at the world after that; else ``slot``.

    Before the day's own slot has come a daily job waits for that: what comes in late for the days before shall count.
    """
    zone, now_us = world.program.zone, world.now_us()
    is_early = isinstance(job.cadence(world.program), Daily) and local_day(now_us, zone) > local_day(slot.at_us, zone)
    if job.decided_us is None or is_early:
        return slot
    with world.store.read() as conn:
        decided_us = job.decided_us(conn)
    if decided_us < slot.at_us:
        return slot
    return Slot(f"decided {decided_us}", max(now_us, decided_us + 1))


def _planned_scopes(world: World, job: Job, slot: Slot) -> Scopes:
    """For which scopes the program that was in force when the slot came had it."""
    with world.store.read() as conn:
        recorded = program_at(conn, slot.at_us)
    if recorded is None or recorded.since_us > slot.at_us:
        return ()
    program = world.rule_book_at(slot.at_us).program
    is_same_slot = due_slot(job.cadence(program), program.zone, slot.at_us) == slot
    return job.scopes(program) if is_same_slot else ()


def _said_scopes(world: World, job: Job, slot: Slot) -> frozenset[str]:
    if not job.is_public:
        return frozenset()
    with world.store.read() as conn:
        return frozenset(scopes_run(conn, job.name, slot.name))


def _commit(
    world: World, job: Job, slot: Slot, works: Sequence[Work], *, is_repeated: bool = False
) -> tuple[Work, ...]:
    """Writes each scope's work in a transaction of its own; returns what was not somebody else's by then."""
    return tuple(work for work in works if _commit_one(world, job, slot, work, is_repeated=is_repeated))


def _commit_one(world: World, job: Job, slot: Slot, work: Work, *, is_repeated: bool) -> bool:
    now_us = world.now_us()
    with world.store.write() as conn:
        is_ours = begin_run(conn, job.name, work.scope, slot.name, now_us)
        if not (is_ours or is_repeated):
            return False
        for one in work.posts:
            post(
                conn,
                dedupe_key=one.dedupe_key,
                kind=one.kind,
                recipient=one.recipient,
                message=msgspec.json.encode(one.message).decode(),
                priority=one.priority,
                now_us=now_us,
                not_before_us=one.not_before_us,
            )
        if work.write is not None:
            work.write(conn)
    return True


def _result(job: Job, slot: Slot, works: Sequence[Work], lines: tuple[str, ...] = ()) -> JobResult:
    posts = tuple(one for work in works for one in work.posts)
    return JobResult(job.name, slot, posts, (*lines, *(line for work in works for line in work.lines)))
