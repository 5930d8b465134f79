"""As soon as somebody has decided on a flag: places, bands and badges follow, without waiting for their hour.

The slot comes with the decision and stands in the run ledger: of several processes one does it, whoever took the click,
and a process that dies leaves it to the next look. What is decided meanwhile makes one more slot, not one each.
"""

from __future__ import annotations

from sqlalchemy import Connection

from bot.jobs.bands import BANDS
from bot.jobs.job import Job, JobContext, Scopes, Work
from bot.jobs.recognition import RECOGNITION
from bot.jobs.standings import STANDINGS
from bot.slots import Hourly, Slot, due_slot
from bot.world import World
from db.flags import decisions_so_far
from scoring.window import local_day

_FOLLOWERS = {job.name: job for job in (STANDINGS, BANDS, RECOGNITION)}
_LOOK_SECONDS = 2.0


async def follow(context: JobContext, slot: Slot, scopes: Scopes) -> tuple[Work, ...]:
    """What each of the jobs ``scopes`` finds after the decision, one after the other: each reads a company's work."""
    works: list[Work] = []
    for name in scopes:
        if name == RECOGNITION.name and not _has_given_today(context.world, slot.at_us):
            works.append(Work(scope=name, lines=("Badges follow with those of today.",)))
            continue
        for work in await _FOLLOWERS[name].find_work(context, slot, ("",)):
            works.append(Work(scope=name, posts=work.posts, write=work.write, lines=work.lines))
    return tuple(works)


def newest_decision(conn: Connection, now_us: int) -> Slot | None:
    """The turn that the newest decision makes. It comes after it even where another machine's clock is ahead."""
    so_far = decisions_so_far(conn)
    if not so_far.count:
        return None
    return Slot(f"{so_far.count}-{so_far.newest_us}", max(now_us, so_far.newest_us + 1))


def _has_given_today(world: World, at_us: int) -> bool:
    """Whether the day's badges are due already: what came in late for a period that has just ended shall count."""
    zone = world.program.zone
    return local_day(due_slot(RECOGNITION.cadence(world.program), zone, at_us).at_us, zone) == local_day(at_us, zone)


AFTER_DECISIONS = Job(
    "after_decisions",
    lambda _program: Hourly(),
    follow,
    scopes=lambda _program: tuple(_FOLLOWERS),
    turn=newest_decision,
    look_seconds=_LOOK_SECONDS,
)
