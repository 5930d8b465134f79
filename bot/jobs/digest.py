"""Every week: what the boards show, posted in the program's channels."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from bot.jobs.job import Job, JobContext, Post, Scopes, Work, in_thread
from bot.scoreboard import standings_before, standings_of_all
from bot.slack.desk.teaching import office_hours_at
from bot.slack.naming import public_name
from bot.slots import Slot, Weekly
from bot.world import RuleBook
from db.directory import people_by_id
from scoring.digest import BoardWeek, Digest, boards_shown, compose
from scoring.program import Program
from scoring.standings import Standings, WithheldReason

_PRIORITY = 20


def post_digest(context: JobContext, slot: Slot, channels: Scopes) -> tuple[Work, ...]:
    """The same message for each of ``channels``, from the boards as they stood at the slot's instant.

    A board's scores follow the rules in force then; who may be named follows the program as it is now.
    """
    world = context.world
    with world.store.read() as conn:
        digest = digest_at(conn, slot.at_us, world.rule_book_at(slot.at_us), world.program)
    if digest is None:
        return tuple(
            Work(scope=channel, lines=("No board that is on may be shown in public.",)) for channel in channels
        )
    message = context.wording.digest(digest)
    return tuple(
        Work(
            scope=channel,
            posts=(Post(f"digest/{channel}/{slot.name}", "digest", channel, message, _PRIORITY),),
            lines=(f"Digest {slot.name} for {channel or 'no channel'}.",),
        )
        for channel in channels
    )


def digest_at(conn: Connection, at_us: int, rules: RuleBook, today: Program) -> Digest | None:
    """The digest as it is at ``at_us``: boards by ``rules``, places and names by ``today``. None = nothing to show."""
    now = standings_of_all(conn, rules.program.boards_on, at_us, rules.program, rules.version)
    before = standings_before(conn, now, rules.program, rules.version, at_us)
    named_boards = today.privacy.named_boards

    def name_of(person_id: int) -> str | None:
        person = people_by_id(conn, [person_id]).get(person_id)
        return None if person is None else public_name(person, named_boards)

    weeks = [BoardWeek(*pair) for pair in zip(now, before, strict=True)]
    shown = boards_shown(weeks, today)
    return compose(today, rules.version, shown, name_of, office_hours_at(conn, at_us, _held(now))) if shown else None


def _held(now: Sequence[Standings]) -> frozenset[int]:
    """Who gains no recognition until something is settled."""
    holds = (WithheldReason.QUARANTINED, WithheldReason.POLICY_HOLD)
    return frozenset(
        one.person_id
        for standings in now
        for one in standings.withheld
        if one.reason in holds and one.person_id is not None
    )


def _channels(program: Program) -> Scopes:
    return tuple(dict.fromkeys(program.digest.channels))


def _cadence(program: Program) -> Weekly:
    return Weekly(program.digest.weekday, program.digest.time)


DIGEST = Job(
    "digest",
    _cadence,
    in_thread(post_digest),
    scopes=_channels,
    is_public=True,
    missing_scope='Nobody gets the digest: name channels in program.toml, [digest] channels = ["#…"].',
)
