"""Every hour the bands are computed and kept as they were shown."""

from __future__ import annotations

from typing import Any

import pytest

from bot.banding import bands_shown_at
from bot.faults import Fault
from bot.jobs.bands import BANDS
from bot.jobs.job import JobContext
from bot.jobs.runner import run_by_hand, run_due
from bot.slots import Slot
from db.bands import bands_at, newest_band_run_us, take_run
from db.directory import everyone
from db.engine import Store
from db.exceptions import ask, decide, request_of
from scoring.bands.band import Band, Rule
from scoring.bands.shown import ShownBand
from scoring.exceptions import ExceptionState
from scoring.program import Bands, Budget, BudgetPeriod, Flags, Program
from tests.bot.jobs.company import DAY_US, email, hire, person, work_everybody
from tests.builders import MONDAY_NOON_US, event, job_context, record, usage

HOUR_US = 3_600_000_000
PROGRAM = Program(budgets=(Budget(name="month", dollars=1),), bands=Bands(hold_days=2), flags=Flags(kinds=()))


def context(store: Store, hours: float = 0, program: Program = PROGRAM) -> JobContext:
    return job_context(store, program, MONDAY_NOON_US + int(hours * HOUR_US))


async def run(store: Store, hours: float = 0, program: Program = PROGRAM) -> tuple[str, ...]:
    result = await run_due(BANDS, context(store, hours, program))
    return () if result is None else result.lines


def spend(store: Store, name: str, dollars: float, hours: float, id: str = "big") -> None:
    with store.write() as conn:
        made = usage(cost_nanousd=int(dollars * 1_000_000_000))
        record(conn, event(made, id, subject=email(name), time_us=MONDAY_NOON_US + int(hours * HOUR_US)))


def shown(store: Store, name: str, hours: float = 0, program: Program = PROGRAM) -> ShownBand:
    made = context(store, hours, program).world
    with store.read() as conn:
        found = bands_shown_at(made, conn, MONDAY_NOON_US + int(hours * HOUR_US))
        ids = {one.email: one.id for one in everyone(conn)}
    return next(one for one in found.shown if one.person_id == ids[email(name)])


async def test_what_was_published_is_what_is_shown_of_that_moment_whatever_comes_later(store: Store) -> None:
    hire(store)
    work_everybody(store)
    assert (await run(store))[0] == "0 red, 0 yellow, 12 green, 0 no data."
    spend(store, "Ada", 2, hours=0.5)
    lines = await run(store, 1)
    assert lines == (
        "1 red, 0 yellow, 11 green, 0 no data.",
        "1 band worse than before; 1 message written.",
        "0 people used models or lanes outside their tier in 28 days.",
    )
    spend(store, "Bea", 2, hours=-0.5, id="late")
    assert shown(store, "Bea", 1).band is Band.GREEN
    assert shown(store, "Ada", 0).band is Band.GREEN
    assert shown(store, "Ada", 1).band is Band.RED
    assert shown(store, "Ada", 1).reasons[0].rule is Rule.CEILING


async def test_on_a_fresh_database_the_rules_speak_for_the_moment(store: Store) -> None:
    hire(store)
    work_everybody(store)
    spend(store, "Ada", 2, hours=-1)
    assert shown(store, "Ada").band is Band.RED
    assert shown(store, "Ada", -2).band is Band.GREEN
    with store.read() as conn:
        assert newest_band_run_us(conn) == 0


async def test_a_run_long_ago_is_gone_on_from_and_not_taken_for_the_present(store: Store) -> None:
    hire(store)
    work_everybody(store)
    await run(store)
    spend(store, "Ada", 2, hours=20)
    assert shown(store, "Ada", 1).band is Band.GREEN
    assert shown(store, "Ada", 24).band is Band.RED


async def test_green_comes_back_after_the_hold_and_says_why_it_waits(store: Store) -> None:
    day = Program(
        budgets=(Budget(name="day", period="day", dollars=1),), bands=Bands(hold_days=2), flags=Flags(kinds=())
    )
    hire(store, person("Ada"))
    for ago in range(1, 5):
        spend(store, "Ada", 0.1, hours=-24 * ago, id=f"steady{ago}")
    spend(store, "Ada", 2, hours=-0.5)
    bands = []
    for hours in (0, 13, 24, 48, 61, 72):
        await run(store, hours, day)
        bands.append(shown(store, "Ada", hours, day).band)
    assert bands == [Band.RED, Band.RED, Band.RED, Band.RED, Band.GREEN, Band.GREEN]
    held = shown(store, "Ada", 24, day)
    assert (held.raw_band, [one.rule for one in held.reasons]) == (Band.GREEN, [Rule.HOLD])
    assert held.reasons[0].text == "What made it red is gone; green is shown after 2 calm days."


async def test_an_approved_exception_counts_and_expires_with_the_run(store: Store) -> None:
    hire(store)
    work_everybody(store)
    spend(store, "Ada", 2, hours=-0.5)
    with store.write() as conn:
        ids = {one.email: one.id for one in everyone(conn)}
        asked: dict[str, Any] = {
            "budget": "month",
            "person_id": ids[email("Ada")],
            "amount": 5 * 10**9,
            "why": "launch",
        }
        until_us = MONDAY_NOON_US + 5 * HOUR_US
        id = ask(conn, subject=str(ids[email("Ada")]), until_us=until_us, at_us=MONDAY_NOON_US - 5, **asked)
        decide(conn, id, ExceptionState.APPROVED, person_id=ids[email("Bea")], at_us=MONDAY_NOON_US - 1)
    await run(store)
    assert shown(store, "Ada").band is Band.GREEN
    await run(store, 5)
    assert shown(store, "Ada", 5).band is Band.RED
    with store.read() as conn:
        request = request_of(conn, id)
    assert request is not None
    assert request.state is ExceptionState.EXPIRED


async def test_only_what_changed_is_kept(store: Store) -> None:
    hire(store)
    work_everybody(store)
    for hours in range(3):
        await run(store, hours)
    with store.read() as conn:
        assert {one.at_us for one in bands_at(conn, MONDAY_NOON_US + DAY_US)} == {MONDAY_NOON_US}


async def test_who_leaves_has_a_band_no_longer(store: Store) -> None:
    hire(store)
    work_everybody(store)
    spend(store, "Ada", 2, hours=-0.5)
    await run(store)
    hire(store, person("Ada", is_active=False), told=False)
    await run(store, 1)
    assert shown(store, "Ada", 1).band is Band.NO_DATA


async def test_a_moment_that_is_known_already_is_not_computed_again(store: Store) -> None:
    hire(store)
    await run(store, 2)
    result = await run_by_hand(BANDS, context(store, 3), MONDAY_NOON_US + HOUR_US)
    assert result.lines == ("Bands of this moment or a later one are known already; what was shown stays.",)


async def test_of_two_servers_that_compute_at_once_one_keeps_its_bands(store: Store) -> None:
    hire(store)
    (work,) = await BANDS.find_work(context(store), Slot("2026-06-01T12Z", MONDAY_NOON_US), ("",))
    assert work.write is not None
    with store.write() as conn:
        take_run(conn, MONDAY_NOON_US + 1, 0, "other")
        with pytest.raises(Fault, match="somebody else has computed the bands"):
            work.write(conn)
        assert list(bands_at(conn, MONDAY_NOON_US)) == []


async def test_an_approved_exception_is_followed_at_once_and_nobody_waits_for_calm_days(store: Store) -> None:
    hire(store)
    work_everybody(store)
    spend(store, "Ada", 2, hours=-0.5)
    await run(store)
    assert shown(store, "Ada").band is Band.RED
    approve(store, "Ada", hours=0.2)
    await run(store, 0.21)
    assert shown(store, "Ada", 0.21).band is Band.GREEN
    assert await run(store, 0.3) == ()


async def test_an_exception_releases_from_its_own_ceiling_alone(store: Store) -> None:
    two = Program(
        budgets=(Budget(name="month", dollars=1), Budget(name="day", period=BudgetPeriod.DAY, dollars=1)),
        bands=Bands(hold_days=2),
        flags=Flags(kinds=()),
    )
    hire(store)
    work_everybody(store)
    spend(store, "Ada", 2, hours=-0.5)
    await run(store, 0, two)
    approve(store, "Ada", hours=23.5)
    await run(store, 24, two)  # the day's ceiling is a new day's by now
    assert shown(store, "Ada", 24, two).band is Band.RED
    assert [one.rule for one in shown(store, "Ada", 24, two).reasons] == [Rule.HOLD]


def approve(store: Store, name: str, hours: float) -> None:
    at_us = MONDAY_NOON_US + int(hours * HOUR_US)
    with store.write() as conn:
        ids = {one.email: one.id for one in everyone(conn)}
        id = ask(
            conn,
            budget="month",
            subject=str(ids[email(name)]),
            person_id=ids[email(name)],
            amount=10_000_000_000,
            until_us=at_us + 7 * DAY_US,
            why="A migration",
            at_us=at_us,
        )
        decide(conn, id, ExceptionState.APPROVED, person_id=ids[email("Bea")], at_us=at_us)
