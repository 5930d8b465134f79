"""People of the cohort are told privately, once, in their working hours."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from bot.jobs.runner import run_by_hand, run_due
from bot.jobs.welcome import WELCOME
from bot.slack.naming import public_name
from db.directory import PersonRow, everyone
from db.engine import Store
from db.outbox import claim, record_sent
from db.runs import begin_run
from db.tables import outbox
from scoring.program import Cohort, NamedBoards, Privacy, Program
from scoring.window import to_us
from tests.bot.jobs.company import NAMES, hire, person
from tests.builders import MONDAY_NOON_US, job_context


async def welcome(store: Store, at_us: int = MONDAY_NOON_US, program: Program | None = None) -> list[str]:
    """Runs the job and returns whom it wrote to."""
    context = job_context(store, program or Program(), at_us)
    return [one.recipient for one in (await run_by_hand(WELCOME, context, at_us)).posts]


def at(text: str) -> int:
    return to_us(datetime.fromisoformat(text).replace(tzinfo=UTC))


async def test_everybody_whom_slack_can_reach_is_written_to_once(store: Store) -> None:
    hire(store, person("Ada"), person("Bea"), person("Cem", slack_id=None), told=False)
    assert await welcome(store) == ["U0", "U1"]
    assert await welcome(store) == []


async def test_whoever_enters_the_cohort_later_is_written_to_then(store: Store) -> None:
    hire(store, person("Ada", team="Sales"), told=False)
    design = Program(cohort=Cohort(teams=("Design",)))
    assert await welcome(store, program=design) == []
    hire(store, person("Ada", team="Design"), told=False)
    assert await welcome(store, program=design) == ["U0"]


async def test_when_names_may_be_shown_from_now_on_everybody_is_told_before(store: Store) -> None:
    hire(store, person("Ada"), told=False)
    off = Program(privacy=Privacy(named_boards=NamedBoards.OFF))
    assert await welcome(store, program=off) == ["U0"]
    deliver(store)
    with store.read() as conn:
        (ada,) = everyone(conn)
    assert public_name(ada, NamedBoards.OPT_OUT) is None
    assert await welcome(store) == ["U0"]
    deliver(store)
    with store.read() as conn:
        (ada,) = everyone(conn)
    assert public_name(ada, NamedBoards.OPT_OUT) == "Ada"
    assert await welcome(store) == []


async def test_on_a_first_start_it_waits_until_slack_has_said_who_works_here(store: Store) -> None:
    context = job_context(store, Program(), MONDAY_NOON_US)
    assert await run_due(WELCOME, context) is None
    with store.write() as conn:
        begin_run(conn, "sync_people", "", "2026-06-01", MONDAY_NOON_US)
    hire(store, person("Ada"), told=False)
    result = await run_due(WELCOME, context)
    assert result is not None
    assert [one.recipient for one in result.posts] == ["U0"]


def deliver(store: Store) -> None:
    """Slack takes everything that waits."""
    with store.write() as conn:
        for parcel in claim(conn, now_us=MONDAY_NOON_US, lease_until_us=2**60, token="t", busy=(), limit=10):
            record_sent(conn, parcel.id, conversation="D1", ts="1.2", now_us=MONDAY_NOON_US + 7)


async def test_who_was_told_or_left_is_not_written_to(store: Store) -> None:
    hire(store, person("Ada"))
    hire(store, person("Bea", is_active=False), told=False)
    assert await welcome(store) == []


async def test_people_outside_the_cohort_are_not_written_to(store: Store) -> None:
    hire(store, person("Ada"), person("Bea"), told=False)
    assert await welcome(store, program=Program(cohort=Cohort(teams=("Design",)))) == ["U1"]


@pytest.mark.parametrize(
    ("moment", "zone", "is_written_to"),
    [
        ("2026-06-01T09:00", "UTC", True),
        ("2026-06-01T08:59", "UTC", False),
        ("2026-06-01T16:59", "UTC", True),
        ("2026-06-01T17:00", "UTC", False),
        ("2026-06-01T12:00", "Asia/Tokyo", False),
        ("2026-06-01T23:30", "America/Los_Angeles", True),
        ("2026-06-06T12:00", "UTC", False),
        ("2026-06-05T23:30", "Asia/Tokyo", False),
        ("2026-06-01T12:00", "Mars/Olympus", True),
        ("2026-06-01T12:00", None, True),
    ],
)
async def test_it_comes_on_weekdays_from_nine_to_five_where_the_person_is(
    sqlite_store: Store, moment: str, zone: str | None, is_written_to: bool
) -> None:
    hire(sqlite_store, person("Ada", slack_timezone=zone), told=False)
    assert bool(await welcome(sqlite_store, at(moment))) is is_written_to


async def test_a_large_company_is_told_in_portions(sqlite_store: Store) -> None:
    hire(sqlite_store, *(PersonRow(f"p{n}@acme.test", slack_id=f"U{n}") for n in range(1200)), told=False)
    portions = [len(await welcome(sqlite_store, at(f"2026-06-01T{hour}:00"))) for hour in ("09", "10", "11", "12")]
    assert portions == [500, 500, 200, 0]


async def test_a_person_counts_as_told_once_slack_has_the_message(store: Store) -> None:
    hire(store, *(person(name) for name in NAMES[:2]), told=False)
    await welcome(store)
    with store.write() as conn:
        assert {one.welcomed_us for one in everyone(conn)} == {None}
        ada = conn.scalars(select(outbox.c.id).where(outbox.c.recipient == "U0")).one()
        claim(conn, now_us=MONDAY_NOON_US, lease_until_us=MONDAY_NOON_US + 1, token="t", busy=(), limit=10)
        record_sent(conn, ada, conversation="D1", ts="1.2", now_us=MONDAY_NOON_US + 7)
        assert [one.welcomed_us for one in everyone(conn)] == [MONDAY_NOON_US + 7, None]
