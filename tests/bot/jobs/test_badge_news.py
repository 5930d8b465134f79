"""What is said of badges, to whom and when: the daily job, the weekly post, and what people choose."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.jobs.badge_post import BADGE_POST
from bot.jobs.recognition import RECOGNITION
from bot.jobs.runner import run_by_hand, run_due
from bot.slack.desk.badges import keep_badge_private, share_badge, show_badges
from bot.slack.refusals import NotServed
from bot.slack.request import Request
from db.directory import everyone, set_naming
from db.engine import Store
from db.tables import outbox, people
from scoring.events import Tokens
from scoring.program import Badge, Digest, NamedBoards, Privacy, Program
from scoring.program.badges import BadgeMeasure, Levels
from scoring.window import to_us
from tests.bot.jobs.company import email, hire, person
from tests.builders import event, job_context, record, usage, world

TUESDAY = datetime(2026, 6, 2, 12, tzinfo=UTC)
NEXT_MONDAY = datetime(2026, 6, 8, 9, tzinfo=UTC)
DAY_US = 24 * 3_600_000_000
CACHE = Badge(
    name="cache_wizard",
    title="Cache Wizard",
    praise="You let the cache remember.",
    measure=BadgeMeasure.CACHE_SHARE,
    levels=Levels(bronze=0.5, gold=0.9),
    training="https://academy.acme.test/cache",
)
GOLD = "cache_wizard/2026-05/gold"
PROGRAM = Program(badges=(CACHE,), digest=Digest(channels=("#guild",)))


def earn(store: Store, *names: str, cached: int = 95, days_ago: int = 10) -> None:
    with store.write() as conn:
        for name in names:
            fact = usage(tokens=Tokens(input=100 - cached, cache_read=cached))
            when_us = to_us(TUESDAY) - days_ago * DAY_US
            record(conn, event(fact, id=f"{name}-{days_ago}", subject=email(name), time_us=when_us))


async def award(store: Store, at: datetime = TUESDAY, program: Program = PROGRAM) -> None:
    await run_due(RECOGNITION, job_context(store, program, to_us(at)))


async def weekly(store: Store, at: datetime = NEXT_MONDAY, program: Program = PROGRAM) -> str:
    """The text of the week's post; "" where there is none."""
    result = await run_by_hand(BADGE_POST, job_context(store, program, to_us(at)), to_us(at))
    return "".join(str(one.message.blocks) for one in result.posts)


def said(store: Store, kind: str) -> list[Any]:
    with store.read() as conn:
        return list(conn.execute(select(outbox).where(outbox.c.kind == kind).order_by(outbox.c.id)))


def click(store: Store, ask: Any, user: str, value: str = GOLD, program: Program = PROGRAM) -> str:
    try:
        return str(ask(world(store, program, to_us(TUESDAY)), Request(user, value=value)).text)
    except NotServed as refusal:
        return str(refusal.text)


async def test_whoever_earned_something_hears_it_privately_once_with_the_figure_level_and_training(
    store: Store,
) -> None:
    hire(store)
    earn(store, "Ada")
    await award(store)
    await award(store, TUESDAY + timedelta(days=1))
    (message,) = said(store, "badge_news")
    assert message.recipient == "U0"
    for part in (
        "Cache Wizard, gold",
        "You let the cache remember.",
        "95",
        "https://academy.acme.test/cache",
        "share_badge",
    ):
        assert part in message.message


async def test_all_of_a_run_is_one_message(store: Store) -> None:
    hire(store)
    earn(store, "Ada")
    twice = PROGRAM.model_copy(update={"badges": (CACHE, CACHE.model_copy(update={"name": "twin", "title": "Twin"}))})
    await award(store, program=twice)
    (message,) = said(store, "badge_news")
    assert "You earned 2 badges: Cache Wizard, gold; Twin, gold." in message.message


async def test_nobody_hears_before_their_welcome_and_everybody_does_after_it(store: Store) -> None:
    hire(store, told=False)
    earn(store, "Ada")
    await award(store)
    assert said(store, "badge_news") == []
    with store.write() as conn:
        conn.execute(update(people).values(welcomed_us=to_us(TUESDAY)))
    await award(store, TUESDAY + timedelta(days=1))
    assert len(said(store, "badge_news")) == 1


@pytest.mark.parametrize(
    ("at", "zone", "not_before"),
    [
        (TUESDAY, "UTC", TUESDAY),
        (TUESDAY, "Asia/Tokyo", datetime(2026, 6, 3, 0, tzinfo=UTC)),
        (datetime(2026, 6, 5, 18, tzinfo=UTC), "UTC", NEXT_MONDAY),
        (datetime(2026, 6, 6, 12, tzinfo=UTC), "UTC", NEXT_MONDAY),
        (datetime(2026, 6, 2, 5, tzinfo=UTC), "UTC", datetime(2026, 6, 2, 9, tzinfo=UTC)),
    ],
)
async def test_it_waits_for_working_hours_where_the_person_is(
    sqlite_store: Store, at: datetime, zone: str, not_before: datetime
) -> None:
    hire(sqlite_store, person("Ada", slack_timezone=zone))
    earn(sqlite_store, "Ada")
    await award(sqlite_store, at)
    (message,) = said(sqlite_store, "badge_news")
    assert message.next_us == to_us(not_before)


async def test_the_weekly_post_names_who_may_be_named_with_praise_level_and_training_and_no_figures(
    store: Store,
) -> None:
    hire(store)
    earn(store, "Ada", "Bea", "Cem")
    earn(store, "Dov", cached=60)
    with store.write() as conn:
        set_naming(conn, next(one.id for one in everyone(conn) if one.name == "Cem"), "unnamed", 1)
    await award(store)
    text = await weekly(store)
    for part in (
        "Cache Wizard*: You let the cache remember.",
        "Gold: Ada, Bea",
        "Bronze: Dov",
        "1 colleague",
        "academy.acme.test",
    ):
        assert part in text
    assert "Cem" not in text
    assert "95" not in text


async def test_the_weekly_post_comes_once_and_only_the_week_after(store: Store) -> None:
    hire(store)
    earn(store, "Ada")
    await award(store)
    assert await weekly(store, TUESDAY + timedelta(hours=1)) == ""
    assert "Ada" in await weekly(store)
    assert await weekly(store) == ""
    assert await weekly(store, NEXT_MONDAY + timedelta(days=7)) == ""


@pytest.mark.parametrize(
    ("rule", "is_named"), [(NamedBoards.OPT_OUT, True), (NamedBoards.OPT_IN, False), (NamedBoards.OFF, False)]
)
async def test_whether_silence_names_somebody_is_the_programs_rule(
    store: Store, rule: NamedBoards, is_named: bool
) -> None:
    program = PROGRAM.model_copy(update={"privacy": Privacy(named_boards=rule)})
    hire(store)
    earn(store, "Ada")
    await award(store, program=program)
    assert ("Ada" in await weekly(store, program=program)) is is_named


async def test_what_is_kept_private_is_in_no_post(store: Store) -> None:
    hire(store)
    earn(store, "Ada", "Bea")
    await award(store)
    assert "stays between us" in click(store, keep_badge_private, "U0")
    text = await weekly(store)
    assert "Bea" in text
    assert "Ada" not in text
    assert "colleague" not in text


async def test_a_badge_is_shared_once_with_consent_and_not_said_again_in_the_week(store: Store) -> None:
    hire(store)
    earn(store, "Ada", "Bea")
    await award(store)
    assert "#guild" in click(store, share_badge, "U0")
    assert "already" in click(store, share_badge, "U0")
    assert "already" in click(store, keep_badge_private, "U0")
    (shared,) = said(store, "shared_badge")
    assert shared.recipient == "#guild"
    assert "*Ada* earned *Cache Wizard, gold*" in shared.message
    assert "95" not in shared.message
    assert "Ada" not in await weekly(store)


async def test_nobody_shares_or_hides_what_is_not_theirs(store: Store) -> None:
    hire(store)
    earn(store, "Ada")
    await award(store)
    for value in (GOLD, "cache_wizard/2026-05/platinum", "x", ""):
        for ask in (share_badge, keep_badge_private):
            assert "You don't hold that badge" in click(store, ask, "U1", value)
    assert said(store, "shared_badge") == []
    assert "Ada" in await weekly(store)


async def test_without_a_channel_nothing_can_be_shared(sqlite_store: Store) -> None:
    program = PROGRAM.model_copy(update={"digest": Digest()})
    hire(sqlite_store)
    earn(sqlite_store, "Ada")
    await award(sqlite_store, program=program)
    (message,) = said(sqlite_store, "badge_news")
    assert "share_badge" not in message.message
    assert "no channel" in click(sqlite_store, share_badge, "U0", program=program)


async def test_ones_own_badges_show_what_is_held_and_what_comes_next(store: Store) -> None:
    hire(store)
    earn(store, "Ada", cached=95)
    earn(store, "Ada", cached=60, days_ago=1)
    await award(store)
    text = click(store, show_badges, "U0")
    assert "Cache Wizard, gold (2026-05): " in text
    assert "Gold begins at 90 %." in text
    assert "None yet" not in text
    assert "Cache Wizard, gold" not in click(store, show_badges, "U1")
