"""Every hour: requests that nobody answered go on to AI ops, and whoever has an exception hears before it ends."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from bot.exception_requests import (
    PRIORITY,
    ask_for_decision,
    case_of,
    last_day,
    others_of_ai_ops,
    show_as_it_stands,
    tell_asker,
)
from bot.jobs.job import Job, JobContext, Post, Scopes, Work, in_thread
from bot.slack.blocks.exceptions import exception_ending, exception_news
from bot.slack.working_hours import next_at_work_us
from bot.slack.zones import zone_of
from bot.slots import Hourly, Slot
from bot.world import World
from db.directory import DirectoryPerson, people_by_id
from db.exceptions import ExceptionRequest, recent_requests, request_of
from scoring.calendar import notice_day, working_days_after
from scoring.exceptions import ExceptionState
from scoring.window import local_day
from scoring.wording import counted

_WEEK_US = 7 * 24 * 3_600_000_000


def look_after(context: JobContext, slot: Slot, _scopes: Scopes) -> tuple[Work, ...]:
    """Each request is gone through with every look; what was said is never said again."""
    world = context.world
    with world.store.read() as conn:
        requests = recent_requests(conn, slot.at_us - _WEEK_US, slot.at_us)
        ending = [one for one in requests if _ends_soon(world, one, slot)]
        posts = tuple(post for one in ending for post in _notices(conn, world, one, slot))
    waiting = [one for one in requests if _waits_too_long(world, one, slot)]
    undecided = [one for one in requests if _ended_undecided(one)]

    def write(conn: Connection) -> None:
        for one in waiting:
            _escalate(conn, world, one, slot)
        for one in undecided:
            show_as_it_stands(conn, world.program, one, world.now_us())
            tell_asker(conn, world.program, one, world.now_us(), is_at_work=True)

    lines = (f"{counted(len(waiting), 'request')} waiting for too long, {len(ending)} ending soon.",)
    return (Work(posts=posts, write=write, lines=lines),)


def _ends_soon(world: World, request: ExceptionRequest, slot: Slot) -> bool:
    """Of what was approved when the notice would have been due already, there is none: they have just heard the day."""
    if request.state is not ExceptionState.APPROVED or request.terms.until_us <= slot.at_us:
        return False
    zone = world.program.zone
    due = notice_day(last_day(request, world.program), world.program.exceptions.notice)
    return local_day(request.steps[-1].at_us, zone) < due <= local_day(slot.at_us, zone)


def _notices(conn: Connection, world: World, request: ExceptionRequest, slot: Slot) -> Iterator[Post]:
    """To whoever has the exception, and to whoever approved it."""
    case = case_of(conn, world.program, request, slot.at_us)
    told = {
        request.person_id: (f"exception/{request.terms.id}/ends", exception_news(case, is_ending=True)),
        request.steps[-1].person_id: (f"exception/{request.terms.id}/ends/approved", exception_ending(case)),
    }
    people = people_by_id(conn, [id for id in told if id is not None])
    for id, (key, message) in told.items():
        person = people.get(id) if id is not None else None
        if person is not None and person.is_active and person.slack_id is not None:
            at_us = _when(world, person, before_us=request.terms.until_us)
            yield Post(key, "exception_news", person.slack_id, message, PRIORITY, at_us)


def _when(world: World, person: DirectoryPerson, before_us: int) -> int:
    """When ``person`` is at work next; at once where that would be too late."""
    at_work_us = next_at_work_us(zone_of(person, world.program), world.now_us())
    return at_work_us if at_work_us < before_us else 0


def _waits_too_long(world: World, request: ExceptionRequest, slot: Slot) -> bool:
    if request.state is not ExceptionState.ASKED or request.terms.until_us <= slot.at_us:
        return False
    since = local_day(request.steps[-1].at_us, world.program.zone)
    return local_day(slot.at_us, world.program.zone) > working_days_after(since, world.program.exceptions.answer_days)


def _escalate(conn: Connection, world: World, request: ExceptionRequest, slot: Slot) -> None:
    now = request_of(conn, request.terms.id, is_locked=True)
    if now is None or now.steps != request.steps:
        return  # somebody has answered meanwhile
    recipients = others_of_ai_ops(conn, world.program, now)
    days = world.program.exceptions.answer_days
    ask_for_decision(conn, world.program, now, recipients, world.now_us(), days)


def _ended_undecided(request: ExceptionRequest) -> bool:
    is_over = request.state is ExceptionState.EXPIRED
    return is_over and all(step.state is not ExceptionState.APPROVED for step in request.steps)


EXCEPTIONS = Job("exceptions", lambda _program: Hourly(), in_thread(look_after))
