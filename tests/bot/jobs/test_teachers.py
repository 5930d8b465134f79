"""A few people whose value is steady are asked privately whether they would teach; who says yes stands in the digest."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from bot.jobs.digest import DIGEST
from bot.jobs.runner import run_by_hand
from bot.jobs.teachers import TEACHERS
from bot.slack.desk.teaching import never, not_now, offer_office_hours, show_office_hours, stop_teaching, teach
from bot.slack.message import Message
from bot.slack.refusals import NotServed, Unfinished
from bot.slack.request import Request
from db.directory import PersonRow, upsert_people
from db.engine import Store
from db.tables import events, people
from scoring.program import Digest, Flags, Program, Teachers
from tests.bot.jobs.company import DAY_US, NAMES, email, hire, person, work_everybody
from tests.builders import MONDAY_NOON_US, job_context, world

WEEK_US = 7 * DAY_US
PROGRAM = Program(flags=Flags(kinds=()), teachers=Teachers(windows=2, most_asked=2), digest=Digest(channels=("C1",)))
FIELDS = {"topic": "Prompt caching", "times": "Thursdays 15:00, #ai-help"}


def two_good_windows(store: Store) -> None:
    hire(store)
    work_everybody(store)
    work_everybody(store, MONDAY_NOON_US - 28 * DAY_US)


async def asked(store: Store, weeks: int = 0, program: Program = PROGRAM) -> list[str]:
    at_us = MONDAY_NOON_US + weeks * WEEK_US
    result = await run_by_hand(TEACHERS, job_context(store, program, at_us), at_us)
    return [one.recipient for one in result.posts]


async def digest(store: Store, days: float = 0) -> str:
    at_us = MONDAY_NOON_US + int(days * DAY_US)
    result = await run_by_hand(DIGEST, job_context(store, PROGRAM, at_us), at_us, dry_run=True)
    return result.posts[0].message.text


def desk(store: Store, ask: Any, user: str = "U0", **fields: str) -> str:
    answer = ask(world(store, PROGRAM), Request(user, fields=fields))
    return answer.text if isinstance(answer, Message) else answer.title


async def test_the_steadiest_are_asked_a_few_at_a_time_and_nobody_twice(store: Store) -> None:
    two_good_windows(store)
    assert await asked(store) == ["U0", "U1"]
    assert await asked(store) == []


async def test_one_good_window_is_no_habit(store: Store) -> None:
    hire(store)
    work_everybody(store)
    assert await asked(store) == []


async def test_whoever_was_not_told_what_is_measured_or_is_not_reachable_is_not_asked(store: Store) -> None:
    hire(
        store, *(person(name) for name in NAMES[:2]), person("Cem", slack_id=None), *map(person, NAMES[3:]), told=False
    )
    work_everybody(store)
    work_everybody(store, MONDAY_NOON_US - 28 * DAY_US)
    assert await asked(store) == []
    with store.write() as conn:
        conn.execute(update(people).where(people.c.name.in_(["Bea", "Cem"])).values(welcomed_us=1))
    assert await asked(store, 1) == ["U1"]


async def test_where_the_program_asks_nobody_nobody_is_asked(store: Store) -> None:
    two_good_windows(store)
    assert await asked(store, program=Program(teachers=Teachers(most_asked=0))) == []


async def test_who_says_yes_stands_in_the_digest_until_they_stop_or_leave(store: Store) -> None:
    two_good_windows(store)
    await asked(store)
    assert desk(store, teach) == "Office hours"
    assert "Thank you" in desk(store, offer_office_hours, **FIELDS)
    assert "Prompt caching" in await digest(store, 1)
    assert "Ada: Prompt caching (Thursdays 15:00, #ai-help)" in desk(store, show_office_hours, "U5")
    desk(store, stop_teaching)
    assert "Prompt caching" not in await digest(store, 1)
    desk(store, offer_office_hours, **FIELDS)
    with store.read() as conn:
        assert conn.scalars(select(events.c.name).where(events.c.kind == "office_hours")).all() == ["office-hours/1"]
    with store.write() as conn:
        upsert_people(conn, [PersonRow(email("Ada"), is_active=False)], MONDAY_NOON_US)
    assert "Prompt caching" not in await digest(store, 1)


async def test_an_empty_form_says_what_is_missing_and_lists_nobody(store: Store) -> None:
    two_good_windows(store)
    await asked(store)
    with pytest.raises(Unfinished) as unfinished:
        desk(store, offer_office_hours, topic="Caching", times="")
    assert set(unfinished.value.faults) == {"times"}
    assert "Nobody offers" in desk(store, show_office_hours)


@pytest.mark.parametrize("ask", [teach, offer_office_hours, not_now, never, stop_teaching])
async def test_nobody_lists_themselves_who_was_not_asked(store: Store, ask: Any) -> None:
    two_good_windows(store)
    await asked(store)
    with pytest.raises(NotServed):
        desk(store, ask, "U9", **FIELDS)


async def test_not_now_is_respected_for_a_while_and_never_for_good(store: Store) -> None:
    two_good_windows(store)
    await asked(store)
    assert "90 days" in desk(store, not_now, "U0")
    desk(store, never, "U1")
    for weeks in (9, 10, 13):
        work_everybody(store, MONDAY_NOON_US + weeks * WEEK_US)
        work_everybody(store, MONDAY_NOON_US + (weeks - 4) * WEEK_US)
    first = await asked(store, 10)
    assert first
    assert "U0" not in first
    later = await asked(store, 13)
    assert "U1" not in later
