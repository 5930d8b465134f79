"""Every day: badges for the periods that have ended, given once for each level and period, and told to whoever earned them.

A decision about a flag or a dispute is followed at once: what it held back is given.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection

from bot.faults import Fault
from bot.jobs.job import Job, JobContext, Post, Scopes, Work, in_thread
from bot.recognition import BadgePeriod, due_badges, running_badges
from bot.slack.blocks.badges import BadgeNews, badge_news
from bot.slack.desk.badges import earned_badge
from bot.slack.naming import public_name
from bot.slack.working_hours import next_at_work_us
from bot.slack.zones import zone_of
from bot.slots import Daily, Slot
from bot.world import World
from db import disputes, flags
from db.badge_news import record_news, untold
from db.badge_progress import publish_progress
from db.badges import Award, give, not_given
from db.directory import DirectoryPerson, people_by_id
from scoring.badges.awards import Progress
from scoring.program import Badge, Program

_PRIORITY = 25
_NEWS_US = 35 * 24 * 3_600_000_000  # what is older is no news


def award(context: JobContext, slot: Slot, _scopes: Scopes) -> tuple[Work, ...]:
    """What is due and was not given yet; and, to each person whom Slack reaches and who was welcomed, what is new of it."""
    world = context.world
    with world.store.read() as conn:
        flags = context.flags.at(conn, slot.at_us, world.rule_book_at(slot.at_us), world.now_us())
        judged = due_badges(world, conn, slot.at_us, flags)
        under_way = running_badges(world, conn, slot.at_us, flags)
        earned = tuple(one for badge in judged for one in badge.progress if one.is_earned)
        new = not_given(conn, earned)
        told = _news_by_person(conn, untold(conn, slot.at_us - _NEWS_US), new)
    posts = tuple(_post(world, judged, person, news) for person, news in told)
    heard = [(one, post.not_before_us) for post, (_, news) in zip(posts, told, strict=True) for one in news]

    def write(conn: Connection) -> None:
        if give(conn, earned, slot.at_us) != new:
            raise Fault("somebody else has given badges meanwhile; nothing was changed")
        record_news(conn, heard)
        publish_progress(conn, (one for badge in under_way for one in badge.progress), slot.at_us)

    lines = tuple(
        f"{badge.badge.title} ({badge.stretch.name}): {sum(one.is_earned for one in badge.progress)} earned."
        for badge in judged
    )
    return (Work(posts=posts, write=write, lines=lines),)


def _news_by_person(
    conn: Connection, earlier: Sequence[Award], new: Sequence[Progress]
) -> list[tuple[DirectoryPerson, list[Award | Progress]]]:
    """What each person can be told now, who is here, reachable and welcomed. The others hear of it once they are."""
    news: dict[int, list[Award | Progress]] = {}
    told: tuple[Award | Progress, ...] = (*earlier, *new)
    for one in told:
        news.setdefault(one.person_id, []).append(one)
    people = people_by_id(conn, news)
    return [(people[id], ones) for id, ones in sorted(news.items()) if id in people and _can_hear(people[id])]


def _can_hear(person: DirectoryPerson) -> bool:
    return person.is_active and person.slack_id is not None and person.welcomed_us is not None


def _post(
    world: World, judged: Sequence[BadgePeriod], person: DirectoryPerson, news: Sequence[Award | Progress]
) -> Post:
    program = world.program
    defined: Mapping[str, Badge] = {badge.name: badge for badge in _definitions(judged, program)}
    message = badge_news(
        BadgeNews(
            badges=tuple(earned_badge(defined.get(one.badge), one) for one in news),
            can_share=bool(program.digest.channels),
            is_named=public_name(person, program.privacy.named_boards) is not None,
            command=world.settings.slack_command,
        )
    )
    awards = ",".join(sorted(f"{one.badge}:{one.period}:{one.level}" for one in news))
    return Post(
        f"badge_news/{person.id}/{awards}",
        "badge_news",
        person.slack_id or "",
        message,
        _PRIORITY,
        next_at_work_us(zone_of(person, program), world.now_us()),
    )


def _definitions(judged: Sequence[BadgePeriod], program: Program) -> Iterator[Badge]:
    """Of the same name, what is in force today counts last and so decides."""
    yield from (one.badge for one in judged)
    yield from program.badges


def _cadence(program: Program) -> Daily:
    return Daily(program.digest.time)


def _decided_us(conn: Connection) -> int:
    return max(flags.last_decision_us(conn), disputes.last_upheld_us(conn))


RECOGNITION = Job("recognition", _cadence, in_thread(award), decided_us=_decided_us)
