"""Every hour: people of the cohort who do not know yet are told privately what is measured, and how to stay unnamed.

It waits for the first sync, which tells whom Slack can reach. People count as told once Slack has taken the message, not
when it is queued: one that is parked must not lead to a name.
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.jobs.job import Job, JobContext, Post, Scopes, Work, in_thread
from bot.jobs.sync_people import SYNC_PEOPLE
from bot.slack.zones import zone_of
from bot.slots import Hourly, Slot
from db.directory import DirectoryPerson
from db.welcomes import welcome_key, without_welcome
from scoring.program import Program
from scoring.window import from_us

_MOST_IN_AN_HOUR = 500  # leaves most of what Slack allows a workspace to others
_FIRST_HOUR, _LAST_HOUR = 9, 16  # until 17:00
_FRIDAY = 4
_PRIORITY = 30


def welcome_people(context: JobContext, slot: Slot, _scopes: Scopes) -> tuple[Work, ...]:
    program = context.world.program
    with context.world.store.read() as conn:
        people = without_welcome(conn, program.privacy.named_boards)
    present = [person for person in _of_cohort(people, program) if _is_at_work(person, slot.at_us, program)]
    message = context.wording.welcome(program)
    posts = tuple(
        Post(welcome_key(person.id, program.privacy.named_boards), "welcome", person.slack_id, message, _PRIORITY)
        for person in present[:_MOST_IN_AN_HOUR]
        if person.slack_id is not None
    )
    return (
        Work(posts=posts, lines=(f"{len(posts)} welcomed, {len(people) - len(posts)} later or not in the cohort.",)),
    )


def _of_cohort(people: Iterable[DirectoryPerson], program: Program) -> list[DirectoryPerson]:
    return [
        person
        for person in people
        if program.cohort.includes(email=person.email, team=person.team, function=person.function, cohort=person.cohort)
    ]


def _is_at_work(person: DirectoryPerson, at_us: int, program: Program) -> bool:
    """Whether it is a weekday between 9:00 and 17:00 where the person is, or where the program is at home."""
    local = from_us(at_us).astimezone(zone_of(person, program))
    return local.weekday() <= _FRIDAY and _FIRST_HOUR <= local.hour <= _LAST_HOUR


WELCOME = Job("welcome", lambda _program: Hourly(), in_thread(welcome_people), after=SYNC_PEOPLE.name)
