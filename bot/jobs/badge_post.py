"""Every week: the badges of which people heard in the week before, in the program's channels, in one post.

So everybody has heard of theirs before, with the choice to keep it private.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import Connection

from bot.jobs.job import Job, JobContext, Post, Scopes, Work, in_thread
from bot.slack.blocks.badges import BadgeOfWeek, BadgeWeek, LevelNames, badge_week
from bot.slack.naming import public_name
from bot.slots import Slot, Weekly
from db.badge_news import told_between
from db.badges import Award
from db.directory import DirectoryPerson, people_by_id
from scoring.program import Badge, Program
from scoring.program.badges import LEVELS
from scoring.window import local_day, midnight_us

_PRIORITY = 22
_WEEK = timedelta(days=7)


def post_badges(context: JobContext, slot: Slot, channels: Scopes) -> tuple[Work, ...]:
    """The same post for each of ``channels``; none where nobody earned anything that they let others know."""
    program = context.world.program
    with context.world.store.read() as conn:
        week = week_before(conn, slot.at_us, program)
    if not week.badges:
        return tuple(Work(scope=channel, lines=("No badges to post this week.",)) for channel in channels)
    message = badge_week(week)
    return tuple(
        Work(
            scope=channel,
            posts=(Post(f"badge_post/{channel}/{slot.name}", "badge_post", channel, message, _PRIORITY),),
            lines=(f"Badges {slot.name} for {channel or 'no channel'}.",),
        )
        for channel in channels
    )


def week_before(conn: Connection, at_us: int, program: Program) -> BadgeWeek:
    """The badges told in the whole calendar week before ``at_us``; who may be named follows the program of today."""
    today = local_day(at_us, program.zone)
    monday = today - timedelta(days=today.weekday())
    awards = told_between(conn, midnight_us(monday - _WEEK, program.zone), midnight_us(monday, program.zone))
    people = people_by_id(conn, {one.person_id for one in awards})
    present = [one for one in awards if one.person_id in people and people[one.person_id].is_active]
    told = [
        _of_week(badge, [one for one in present if one.badge == badge.name], people, program)
        for badge in program.badges
    ]
    return BadgeWeek(
        monday - _WEEK, monday - timedelta(days=1), tuple(one for one in told if one.levels or one.unnamed)
    )


def _of_week(
    badge: Badge, awards: Sequence[Award], people: Mapping[int, DirectoryPerson], program: Program
) -> BadgeOfWeek:
    names: dict[str, list[str]] = {}
    unnamed = 0
    for one in awards:
        name = public_name(people[one.person_id], program.privacy.named_boards)
        if name is None:
            unnamed += 1
        else:
            names.setdefault(one.level, []).append(name)
    levels = tuple(LevelNames(level, tuple(sorted(names[level]))) for level in reversed(LEVELS) if level in names)
    return BadgeOfWeek(badge.title, badge.praise, badge.training, levels, unnamed)


def _channels(program: Program) -> Scopes:
    return tuple(dict.fromkeys(program.digest.channels))


BADGE_POST = Job(
    "badge_post",
    lambda program: Weekly(program.digest.weekday, program.digest.time),
    in_thread(post_badges),
    scopes=_channels,
    is_public=True,
    missing_scope='Nobody gets the badges of the week: name channels in program.toml, [digest] channels = ["#…"].',
)
