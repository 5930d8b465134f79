"""The schedule: every half minute each job is asked whether a slot is due. Who does it, the run ledger decides.

Jobs that follow what people decide are asked every other second: whoever has decided is watching.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.faults import Fault
from bot.jobs.job import Job, JobContext
from bot.jobs.runner import run_due
from db.engine import StoreUnavailable

_log = structlog.get_logger()

_LOOK_SECONDS = 30.0
_LOOK_AFTER_DECISIONS_SECONDS = 2.0
_GRACE_SECONDS = 15
_LONGEST_REST_US = 3_600_000_000
_SHORTEST_REST_US = 60_000_000


class Schedule:
    """Looks for due slots and does them. A job never meets itself, and one that is slow or fails holds up no other."""

    def __init__(self, jobs: Sequence[Job], context: JobContext) -> None:
        self._jobs = tuple(jobs)
        self._context = context
        self._turns = {job.name: asyncio.Lock() for job in jobs}
        self._failures: dict[str, int] = {}
        self._rests_until_us: dict[str, int] = {}

    @asynccontextmanager
    async def running(self, look_seconds: float = _LOOK_SECONDS) -> AsyncIterator[None]:
        """Looks at once and then every ``look_seconds``, sooner after decisions.

        At the end begins nothing more and lets what runs finish. What is not done by then within a grace time is broken
        off; nothing of it is written.
        """
        scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )
        for job in self._jobs:
            seconds = min(look_seconds, _LOOK_AFTER_DECISIONS_SECONDS) if job.decided_us else look_seconds
            scheduler.add_job(self.look_after, "interval", [job], id=job.name, seconds=seconds)
        first_look = asyncio.create_task(self.look())
        scheduler.start()
        try:
            yield
        finally:
            scheduler.pause()
            with suppress(TimeoutError):
                async with asyncio.timeout(_GRACE_SECONDS):
                    for turn in self._turns.values():
                        await turn.acquire()
            first_look.cancel()
            scheduler.shutdown(wait=False)

    async def look(self) -> None:
        """Does what is due now."""
        await asyncio.gather(*map(self.look_after, self._jobs))

    async def look_after(self, job: Job) -> None:
        """Does the slot of ``job`` that is due, unless the job is at it. Whatever goes wrong is logged, never raised."""
        turn = self._turns[job.name]
        if turn.locked():
            return
        async with turn:
            await self._do(job)

    async def _do(self, job: Job) -> None:
        now_us = self._context.world.now_us()
        if now_us < self._rests_until_us.get(job.name, now_us):
            return
        try:
            result = await run_due(job, self._context)
        except (StoreUnavailable, Fault) as error:
            self._let_rest(job, now_us)
            _log.warning("job put off", job=job.name, reason=str(error))
            return
        except Exception:  # whatever it was, the schedule goes on
            self._let_rest(job, now_us)
            _log.exception("job failed", job=job.name)
            return
        self._failures.pop(job.name, None)
        if result is not None:
            _log.info("job done", job=job.name, slot=result.slot.name, posts=len(result.posts))

    def _let_rest(self, job: Job, now_us: int) -> None:
        """The next look tries again after a first failure; from the second on the rest doubles, up to an hour."""
        failures = self._failures.get(job.name, 0) + 1
        self._failures[job.name] = failures
        if failures > 1:
            rest_us = min(_SHORTEST_REST_US * 2 ** min(failures - 2, 10), _LONGEST_REST_US)
            self._rests_until_us[job.name] = now_us + rest_us
