"""Badges from the ledger: whole periods, the rules of their end, the same for ever; given once by the daily job."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.jobs.recognition import RECOGNITION
from bot.jobs.runner import run_by_hand, run_due
from bot.recognition import badges_at, due_badges, running_badges
from db.badges import awards_at, give, revoke
from db.directory import everyone
from db.engine import Store
from db.programs import record_program
from scoring.events import Policy, Tokens
from scoring.program import Badge, Program
from scoring.program.badges import BadgeMeasure, Level, Levels, Period
from scoring.program_file import parse_program, version_of
from scoring.window import to_us
from tests.bot.jobs.company import email, hire
from tests.builders import event, job_context, record, usage, world

JUNE_2_US = to_us(datetime(2026, 6, 2, 12, tzinfo=UTC))
DAY_US = 24 * 3_600_000_000


def cache_badge(period: Period = Period.MONTH, bronze: float = 0.5) -> Badge:
    return Badge(
        name="cache_wizard",
        title="Cache Wizard",
        praise="Good.",
        measure=BadgeMeasure.CACHE_SHARE,
        period=period,
        levels=Levels(bronze=bronze, gold=0.9),
        training="https://academy.acme.test/cache",
    )


PROGRAM = Program(badges=(cache_badge(),))


def call(store: Store, name: str, days_ago: int, cached: int) -> None:
    """A call of 100 tokens in, of which ``cached`` came from the cache."""
    with store.write() as conn:
        when_us = JUNE_2_US - days_ago * DAY_US
        fact = usage(tokens=Tokens(input=100 - cached, cache_read=cached))
        record(conn, event(fact, id=f"{name}-{days_ago}", subject=email(name), time_us=when_us))


def held(store: Store, at_us: int = JUNE_2_US, program: Program = PROGRAM) -> list[tuple[str, str, Level]]:
    with store.read() as conn:
        emails = {person.id: person.email for person in everyone(conn)}
        found = badges_at(world(store, program, at_us), conn, at_us)
    return sorted((emails[one.person_id], one.period, one.level) for one in found)


def test_a_badge_is_judged_over_the_whole_period_that_has_ended(store: Store) -> None:
    hire(store)
    call(store, "Ada", 10, cached=95)
    call(store, "Ada", 12, cached=45)
    call(store, "Bea", 1, cached=99)  # June is not over
    call(store, "Cem", 40, cached=99)  # April is over, and May is newer
    assert held(store) == [(email("Ada"), "2026-05", Level.BRONZE)]
    assert held(store, to_us(datetime(2026, 5, 2, tzinfo=UTC))) == [(email("Cem"), "2026-04", Level.GOLD)]


def test_the_period_under_way_shows_how_far_one_has_come(store: Store) -> None:
    hire(store)
    call(store, "Bea", 1, cached=60)
    with store.read() as conn:
        (badge,) = running_badges(world(store, PROGRAM, JUNE_2_US), conn, JUNE_2_US)
    (found,) = badge.progress
    assert (found.period, found.value, found.next_level, found.next_step) == ("2026-06", 0.6, Level.GOLD, 0.9)


async def test_the_daily_job_gives_each_badge_once(store: Store) -> None:
    hire(store)
    call(store, "Ada", 10, cached=95)
    context = job_context(store, PROGRAM, JUNE_2_US)
    assert await run_due(RECOGNITION, context) is not None
    assert await run_due(RECOGNITION, context) is None
    await run_by_hand(RECOGNITION, context, JUNE_2_US)
    with store.read() as conn:
        (given,) = awards_at(conn, JUNE_2_US)
    assert (given.level, given.period, given.value) == (Level.GOLD, "2026-05", 0.95)
    assert held(store) == [(email("Ada"), "2026-05", Level.GOLD)]


async def test_what_a_policy_hold_withheld_is_given_once_it_is_settled(store: Store) -> None:
    hire(store)
    call(store, "Ada", 20, cached=95)
    with store.write() as conn:
        broken = Policy("violation", "secrets", "high")
        record(conn, event(broken, id="v", subject=email("Ada"), time_us=JUNE_2_US - 15 * DAY_US))
    assert held(store) == []
    with store.write() as conn:
        settled_us = JUNE_2_US + DAY_US
        record(conn, event(Policy("milestone", "secrets"), id="m", subject=email("Ada"), time_us=settled_us))
    assert held(store) == []
    assert held(store, JUNE_2_US + 2 * DAY_US) == [(email("Ada"), "2026-05", Level.GOLD)]


def test_a_badge_taken_back_stays_so_although_the_figures_earn_it(store: Store) -> None:
    hire(store)
    call(store, "Ada", 10, cached=95)
    with store.write() as conn:
        ada = next(person.id for person in everyone(conn) if person.email == email("Ada"))
        program_world = world(store, PROGRAM, JUNE_2_US)
        badge, _ = due_badges(program_world, conn, JUNE_2_US)
        give(conn, badge.progress, JUNE_2_US)
        revoke(conn, ada, "cache_wizard", "2026-05", by="somebody", reason="A mistake.", now_us=JUNE_2_US + 5)
    assert held(store, JUNE_2_US + 4) == [(email("Ada"), "2026-05", Level.GOLD)]
    assert held(store, JUNE_2_US + 5) == []


def test_a_period_is_judged_under_the_rules_in_force_at_its_end(store: Store) -> None:
    hire(store)
    call(store, "Ada", 10, cached=40)
    strict, mild = _text(0.5), _text(0.3)
    with store.write() as conn:
        record_program(conn, strict, version_of(parse_program(strict)), JUNE_2_US - 60 * DAY_US)
        record_program(conn, mild, version_of(parse_program(mild)), JUNE_2_US - DAY_US // 4)
    assert held(store, program=parse_program(mild)) == []


def test_weeks_are_looked_back_on_for_what_may_be_due(store: Store) -> None:
    hire(store)
    program = Program(badges=(cache_badge(Period.WEEK), cache_badge().model_copy(update={"name": "monthly"})))
    with store.read() as conn:
        found = due_badges(world(store, program, JUNE_2_US), conn, JUNE_2_US)
    weeks = [one.stretch.name for one in found if one.stretch.period is Period.WEEK]
    assert weeks == ["2026-W22", "2026-W21", "2026-W20", "2026-W19", "2026-W18"]
    assert [one.stretch.name for one in found if one.stretch.period is Period.MONTH] == ["2026-05", "2026-04"]


def _text(bronze: float) -> str:
    return f"""
[[badges]]
name = "cache_wizard"
title = "Cache Wizard"
praise = "Good."
measure = "cache_share"
levels = {{ bronze = {bronze} }}
training = "https://academy.acme.test/cache"
"""
