"""Every week: a few people whose value has been steady are asked privately whether they would teach."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time

from sqlalchemy import Connection

from bot.flagging import flags_at
from bot.jobs.job import Job, JobContext, Post, Scopes, Work, in_thread
from bot.scoreboard import standings_at, standings_before
from bot.slack.blocks.teaching import teacher_question
from bot.slack.working_hours import next_at_work_us
from bot.slack.zones import zone_of
from bot.slots import Slot, Weekly
from bot.world import RuleBook
from db.bands import bands_at
from db.directory import DirectoryPerson, people_by_id
from db.teachers import TeacherAnswer, Teaching, asked_between, record, teachings
from scoring.program import Program, Weekday
from scoring.standings import Standings
from scoring.teachers import steady

_BOARD = "outcome"
_PRIORITY = 30
_DAY_US = 24 * 3_600_000_000
_FOUR_WEEKS_US = 28 * _DAY_US


def ask_teachers(context: JobContext, slot: Slot, _scopes: Scopes) -> tuple[Work, ...]:
    """Whoever is asked hears it in their working hours, and is not asked again before they have had time to think."""
    world = context.world
    rules = world.rule_book_at(slot.at_us)
    with world.store.read() as conn:
        room = rules.program.teachers.most_asked - asked_between(conn, slot.at_us - _FOUR_WEEKS_US, slot.at_us)
        chosen = _chosen(conn, slot.at_us, rules)[:room] if room > 0 else []
    message = teacher_question(rules.program.teachers.windows)
    posts = tuple(
        Post(
            f"teacher_question/{person.id}/{slot.name}",
            "teacher_question",
            person.slack_id or "",
            message,
            _PRIORITY,
            next_at_work_us(zone_of(person, rules.program), world.now_us()),
        )
        for person in chosen
    )

    def write(conn: Connection) -> None:
        record(conn, (Teaching(person.id, TeacherAnswer.ASKED, slot.at_us) for person in chosen))

    people = "1 person" if len(posts) == 1 else f"{len(posts)} people"
    return (Work(posts=posts, write=write, lines=(f"{people} asked to teach.",)),)


def _chosen(conn: Connection, at_us: int, rules: RuleBook) -> list[DirectoryPerson]:
    """Who may be asked at ``at_us``, the steadiest first."""
    program = rules.program
    if _BOARD not in program.boards_on:
        return []
    windows = tuple(_windows(conn, at_us, rules))
    if not all(standings.entries for standings in windows):
        return []
    warned = {one.person_id for one in bands_at(conn, at_us) if one.band.severity}
    flagged = {flag.person_id for flag in flags_at(conn, at_us, program)}
    ids = steady(windows, program.teachers, warned | flagged)
    answers = teachings(conn, at_us)
    people = people_by_id(conn, ids)
    return [
        people[id]
        for id in ids
        if id in people and _can_hear(people[id]) and _may_be_asked(answers.get(id), at_us, program)
    ]


def _windows(conn: Connection, at_us: int, rules: RuleBook) -> Iterator[Standings]:
    """The board as it stands, and as it stood at the end of each window before; none before one without places."""
    standings = standings_at(conn, _BOARD, at_us, rules.program, rules.version)
    yield standings
    for _ in range(rules.program.teachers.windows - 1):
        if not standings.entries:
            return
        (standings,) = standings_before(conn, [standings], rules.program, rules.version, at_us)
        yield standings


def _can_hear(person: DirectoryPerson) -> bool:
    return person.is_active and person.slack_id is not None and person.welcomed_us is not None


def _may_be_asked(answer: Teaching | None, at_us: int, program: Program) -> bool:
    if answer is None:
        return True
    if answer.answer in (TeacherAnswer.OFFERS, TeacherAnswer.NEVER):
        return False
    return at_us - answer.at_us >= program.teachers.ask_again * _DAY_US


TEACHERS = Job("teachers", lambda _program: Weekly(Weekday.TUESDAY, time(10)), in_thread(ask_teachers))
