"""People with budgets and their usage, to find bands with; say only what the test is about."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from scoring.bands.band import RawBand
from scoring.bands.raw import BandEvidence, raw_bands
from scoring.bands.work import work_of
from scoring.evidence import Happening, Person
from scoring.members import Member, Roster, personal_budgets, roster_of
from scoring.program import Program
from scoring.spending import add_up_all, meters_of
from scoring.usage import UsageDay, day_usage
from scoring.window import to_us
from tests.builders import MONDAY_NOON

TODAY = date(2026, 6, 1)  # a Monday
LATER = date(2026, 6, 24)  # a Wednesday; 17 working days of the month are over
CENT = 10_000_000
DOLLAR = 100 * CENT


def email(person_id: int) -> str:
    return f"p{person_id}@acme.test"


def member(person_id: int, program: Program, tier: str = "", **changes: Any) -> Member:
    return Member(
        Person(person_id, **{"team": "red", "function": "engineering", **changes}),
        tier,
        personal_budgets(program, email=email(person_id), tier=tier),
    )


def roster(program: Program, count: int = 3, **changes: Any) -> Roster:
    return roster_of(member(person_id, program, **changes) for person_id in range(1, count + 1))


def used(person_id: int = 1, day: date = TODAY, **changes: Any) -> UsageDay:
    """A call for a dollar."""
    return UsageDay(
        person_id, day, **{"calls": 1, "tokens": 1000, "output_tokens": 100, "cost_nanousd": DOLLAR, **changes}
    )


def steady(person_id: int, cost_nanousd: int = DOLLAR, *, until: date = TODAY, weeks: int = 9) -> Iterable[UsageDay]:
    """The same cost every working day of the weeks before ``until``, itself left out."""
    for ago in range(1, weeks * 7):
        day = until - timedelta(days=ago)
        if day.weekday() < 5:
            yield used(person_id, day, cost_nanousd=cost_nanousd)


def evidence(
    program: Program,
    people: Roster,
    usage: Iterable[UsageDay],
    *,
    today: date = TODAY,
    happenings: Iterable[Happening] = (),
    **changes: Any,
) -> BandEvidence:
    at_us = to_us(MONDAY_NOON + (today - TODAY))
    spending, habits = add_up_all([day_usage(usage)], people, meters_of(program, people, today), today)
    work = work_of(sorted(happenings, key=lambda one: one.person_id), (), at_us - 28 * 24 * 3_600_000_000)
    return BandEvidence(at_us, today, people, tuple(spending), habits, {one.person_id: one for one in work}, **changes)


def bands(program: Program, people: Roster, usage: Iterable[UsageDay], **changes: Any) -> dict[int, RawBand]:
    found = raw_bands(evidence(program, people, usage, **changes), program)
    return {one.person_id: one for one in found}
