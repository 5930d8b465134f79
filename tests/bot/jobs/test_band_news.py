"""What is said of bands: to the person first, to managers once a day, to AI ops in their channel; and what is not."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from bot.jobs.band_reports import BAND_REPORTS
from bot.jobs.bands import BANDS
from bot.jobs.bands_overview import BANDS_OVERVIEW
from bot.jobs.runner import run_by_hand, run_due
from bot.slack.blocks.bands import BandLine, reports_bands
from bot.slack.desk.bands import explain_own_band, show_band
from bot.slack.desk.home import home_sections
from bot.slack.request import Request
from db.engine import Store
from db.tables import outbox, people
from scoring.bands.band import Band, Reason, Rule
from scoring.events import Policy
from scoring.program import AiOps, Bands, Budget, Flags, Program
from tests.bot.jobs.company import NAMES, email, hire, person, work_everybody
from tests.builders import MONDAY_NOON_US, event, job_context, record, usage, world

HOUR_US = 3_600_000_000
PROGRAM = Program(
    budgets=(Budget(name="daily", period="day", dollars=1),),
    bands=Bands(hold_days=0, coaching="https://academy.acme.test/budget"),
    flags=Flags(kinds=()),
    ai_ops=AiOps(channel="#ops", people=(email("Lea"),)),
)


def company(store: Store, **changes: Any) -> None:
    """Kim manages Ada and Bea; Ada and Bea have been at work for days."""
    hire(store, *(person(name, **(changes if name == "Ada" else {})) for name in NAMES))
    hire(
        store,
        *(person(name, manager_email=email("Kim"), **(changes if name == "Ada" else {})) for name in ("Ada", "Bea")),
    )
    work_everybody(store)


def spend(store: Store, name: str, dollars: float, hours: float = -0.5, **how: Any) -> None:
    with store.write() as conn:
        made = usage(cost_nanousd=int(dollars * 1_000_000_000))
        when_us = MONDAY_NOON_US + int(hours * HOUR_US)
        record(conn, event(made, f"{name}-{hours}", subject=email(name), time_us=when_us, **how))


async def hour(store: Store, hours: float = 0, program: Program = PROGRAM) -> None:
    """The hourly jobs, then."""
    context = job_context(store, program, MONDAY_NOON_US + int(hours * HOUR_US))
    for job in (BANDS, BAND_REPORTS):
        await run_due(job, context)


async def overview(store: Store, hours: float) -> list[Any]:
    at_us = MONDAY_NOON_US + int(hours * HOUR_US)
    return list((await run_by_hand(BANDS_OVERVIEW, job_context(store, PROGRAM, at_us), at_us, dry_run=True)).posts)


def said(store: Store, kind: str = "band_news") -> list[Any]:
    with store.read() as conn:
        return list(conn.execute(select(outbox).where(outbox.c.kind == kind).order_by(outbox.c.id)))


async def test_a_change_for_the_worse_is_told_privately_with_reason_limit_way_out_and_coaching(store: Store) -> None:
    company(store)
    await hour(store)
    assert said(store) == []
    spend(store, "Ada", 2, hours=0.5)
    await hour(store, 1)
    (message,) = said(store)
    assert message.recipient == "U0"
    for part in (
        "Red band: something needs a change now",
        "No blame",
        "of $1.00",
        "It clears when the next day begins",
        "What would help most",
        "https://academy.acme.test/budget",
        "explain_band",
        "ask_exception",
        '"action_id":"dispute"',
    ):
        assert part in message.message
    text = message.message.partition('"blocks"')[0]
    assert "Red band" in text
    assert "$" not in text


async def test_the_same_is_not_told_again_and_what_clears_is(store: Store) -> None:
    company(store)
    spend(store, "Ada", 2)
    for hours in (0, 1, 2, 24):
        await hour(store, hours)
    worse, clear = said(store)
    assert "Red band" in worse.message
    assert "Green band again: all is well" in clear.message


async def test_what_nothing_proves_to_be_theirs_warns_nobody(store: Store) -> None:
    company(store)
    spend(store, "Ada", 50, source="laptop", is_asserted=True)
    await hour(store)
    assert said(store) == []


async def test_nobody_is_warned_before_their_welcome(store: Store) -> None:
    company(store)
    with store.write() as conn:
        conn.execute(update(people).where(people.c.slack_id == "U0").values(welcomed_us=None))
    spend(store, "Ada", 2)
    await hour(store)
    assert said(store) == []
    with store.write() as conn:
        conn.execute(update(people).where(people.c.slack_id == "U0").values(welcomed_us=MONDAY_NOON_US))
    await hour(store, 1)
    assert [one.recipient for one in said(store)] == ["U0"]


@pytest.mark.parametrize(("zone", "first_hour"), [("UTC", 0), ("America/New_York", 1), ("Asia/Tokyo", 12)])
async def test_a_warning_waits_for_the_persons_working_hours(sqlite_store: Store, zone: str, first_hour: int) -> None:
    month = PROGRAM.model_copy(update={"budgets": (Budget(name="month", dollars=1),)})
    company(sqlite_store, slack_timezone=zone)
    spend(sqlite_store, "Ada", 2)
    for hours in (0, 1, 2, 11, 12, 13):
        await hour(sqlite_store, hours, month)
        assert len(said(sqlite_store)) == (hours >= first_hour)


async def test_what_was_over_by_the_morning_is_never_told(store: Store) -> None:
    company(store)
    spend(store, "Ada", 2, hours=8)
    for hours in (9, 10, 20, 21):
        await hour(store, hours)
    assert said(store) == []


async def test_the_manager_hears_after_the_person_in_one_message_red_first_with_what_to_do(store: Store) -> None:
    company(store)
    spend(store, "Ada", 0.85)
    spend(store, "Bea", 2)
    await hour(store)
    assert len(said(store)) == 2
    assert said(store, "reports_bands") == []
    await hour(store, 1)
    (summary,) = said(store, "reports_bands")
    assert summary.recipient == f"U{NAMES.index('Kim')}"
    assert "2 of your reports have a yellow or red band" in summary.message
    red, yellow = summary.message.index("*Bea*: Red band"), summary.message.index("*Ada*: Yellow band")
    assert red < yellow
    assert "support an exception" in summary.message
    assert "You have used" not in summary.message
    text = summary.message.partition('"blocks"')[0]
    assert "Bea" not in text


async def test_managers_get_one_message_a_day_at_most_and_the_rest_the_next_day(store: Store) -> None:
    month = PROGRAM.model_copy(update={"budgets": (Budget(name="month", dollars=1),)})
    company(store)
    spend(store, "Ada", 2)
    await hour(store, 0, month)
    await hour(store, 1, month)
    spend(store, "Bea", 2, hours=1.5)
    for hours in (2, 3, 4, 20, 21, 22, 23):
        await hour(store, hours, month)
        first = said(store, "reports_bands")
        assert len(first) == (1 if hours < 21 else 2)
    assert "Bea" not in first[0].message
    assert "*Bea*: Red band" in first[1].message
    assert "*Ada*: Red band" in first[1].message


async def test_a_manager_learns_nothing_that_the_person_has_not_heard(store: Store) -> None:
    company(store)
    with store.write() as conn:
        conn.execute(update(people).where(people.c.slack_id == "U0").values(welcomed_us=None))
    spend(store, "Ada", 2)
    for hours in (0, 1, 2):
        await hour(store, hours)
    assert said(store, "reports_bands") == []
    assert "Red band" not in home(store, "Kim", 2)


async def test_an_open_violation_is_told_and_the_manager_gets_no_figure_of_it(store: Store) -> None:
    company(store)
    with store.write() as conn:
        broken = Policy("violation", "secrets", "high")
        record(conn, event(broken, "v", subject=email("Ada"), time_us=MONDAY_NOON_US - HOUR_US))
    await hour(store)
    await hour(store, 1)
    assert "An open policy violation" in said(store)[0].message
    (summary,) = said(store, "reports_bands")
    assert "Go through the policy together" in summary.message
    assert "secrets" not in summary.message


async def test_ai_ops_get_everybodys_red_first_on_days_with_a_change(store: Store) -> None:
    company(store)
    await hour(store)
    assert await overview(store, 0.1) == []
    spend(store, "Ada", 0.85, hours=0.2)
    spend(store, "Cem", 2, hours=0.2)
    await hour(store, 1)
    (post,) = await overview(store, 2)
    assert post.recipient == "#ops"
    assert "Bands: 1 red, 1 yellow. Since yesterday: 2 worse, 0 better." in post.message.text
    blocks = str(post.message.blocks)
    assert blocks.index("*Cem*: Red band") < blocks.index("*Ada*: Yellow band")
    assert "*Cem*: Red band. Over a ceiling (2.00 against a limit of 1.00 USD)." in blocks
    assert "not told yet" not in blocks


def test_of_a_flag_the_manager_learns_no_more_than_that_ai_ops_look() -> None:
    reason = Reason(
        Rule.OPEN_FLAG, Band.YELLOW, "The same prompt.", "A look.", "Wait.", 7.5, 1.0, "times", 9, "prompt_loop"
    )
    blocks = str(reports_bands([BandLine("Ada", Band.YELLOW, (reason,))], ()).blocks)
    assert "AI ops look at it" in blocks
    assert "7.5" not in blocks
    assert "prompt" not in blocks


def ask(store: Store, what: Any, name: str, hours: float = 0) -> str:
    made = world(store, PROGRAM, MONDAY_NOON_US + int(hours * HOUR_US))
    return str(what(made, Request(f"U{NAMES.index(name)}")).blocks)


def home(store: Store, name: str, hours: float = 0) -> str:
    made = world(store, PROGRAM, MONDAY_NOON_US + int(hours * HOUR_US))
    return str([one.blocks for one in home_sections(made, Request(f"U{NAMES.index(name)}"))])


async def test_ones_own_band_can_be_asked_for_and_explained_and_stands_in_home(store: Store) -> None:
    company(store)
    assert "Your band has not been worked out yet" in ask(store, show_band, "Ada")
    spend(store, "Ada", 2)
    await hour(store)
    for shown in (ask(store, show_band, "Ada"), home(store, "Ada")):
        assert "Red band: something needs a change now" in shown
        assert "of $1.00" in shown
    explained = ask(store, explain_own_band, "Ada")
    assert "Over a ceiling*: 2.00 against a limit of 1.00 USD, from 1 event" in explained
    assert "A band touches no rank" in explained
    assert "Red band" not in ask(store, show_band, "Bea") + ask(store, explain_own_band, "Bea")


async def test_managers_see_the_bands_of_their_reports_in_home_and_others_see_none(store: Store) -> None:
    company(store)
    spend(store, "Ada", 2)
    await hour(store)
    assert "Ada (Data): Red band" in home(store, "Kim")
    for name in ("Bea", "Cem"):
        assert "Ada" not in home(store, name)
