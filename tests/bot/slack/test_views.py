"""Whoever looks at others' data in Slack is on record: once a day for each viewer and kind, and again where it grew."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest

from bot.slack.desk.exceptions import ask_exception, send_exception, show_exceptions
from bot.slack.desk.home import home_sections
from bot.slack.desk.reports import show_reports
from bot.slack.refusals import NotServed
from bot.slack.request import Request
from bot.world import World
from db.bands import append_bands
from db.directory import everyone, person_by_email
from db.engine import Store
from db.trail import Action, trail_rows
from scoring.bands.band import Band
from scoring.bands.machine import BandState, News
from scoring.bands.shown import ShownBand
from scoring.program import Budget, Program
from tests.bot.jobs.company import NAMES, email, hire, person
from tests.builders import MONDAY_NOON_US, world

DAY_US = 24 * 3_600_000_000
NOW_US = MONDAY_NOON_US
PROGRAM = Program(budgets=(Budget(name="month", dollars=20),))
KIM = f"U{NAMES.index('Kim')}"


@pytest.fixture
def company(store: Store) -> Store:
    """Ada and Bea report to Kim; Ada's band is known."""
    hire(store, person("Kim"), *(person(name, manager_email=email("Kim")) for name in ("Ada", "Bea")))
    show_band(store, "Ada")
    return store


def show_band(store: Store, name: str) -> None:
    with store.write() as conn:
        of = person_by_email(conn, email(name))
        assert of is not None
        state = BandState(Band.GREEN, since_us=NOW_US)
        append_bands(conn, [ShownBand(of.id, NOW_US, Band.GREEN, Band.GREEN, (), News.NOTHING, "v1", state)])


def look(store: Store, ask: Callable[[World, Request], object], now_us: int = NOW_US, user: str = KIM) -> None:
    ask(world(store, PROGRAM, now_us), Request(user))


def on_record(store: Store) -> list[tuple[str, str, int, int]]:
    with store.read() as conn:
        names = {f"person:{one.id}": one.name for one in everyone(conn)}
        rows = [one for one in trail_rows(conn) if one.action == Action.VIEWED]
    facts = [msgspec.json.decode(one.facts) for one in rows]
    return [(names[row.actor], of["what"], of["people"], row.at_us) for row, of in zip(rows, facts, strict=True)]


def test_a_manager_who_sees_bands_is_on_record_once_a_day_wherever_they_look(company: Store) -> None:
    for ask in (home_sections, show_reports, home_sections):
        look(company, ask)
    assert on_record(company) == [("Kim", "reports", 1, NOW_US)]
    look(company, home_sections, NOW_US + DAY_US)
    assert on_record(company)[1:] == [("Kim", "reports", 1, NOW_US + DAY_US)]


def test_more_people_on_the_same_day_are_on_record_again(company: Store) -> None:
    look(company, show_reports)
    show_band(company, "Bea")
    look(company, home_sections, NOW_US + 1)
    assert on_record(company) == [("Kim", "reports", 1, NOW_US), ("Kim", "reports", 2, NOW_US + 1)]


def test_looks_at_the_same_moment_are_one(company: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: look(company, home_sections), range(24)))
    assert len(on_record(company)) == 1


def test_what_others_ask_for_is_on_record_of_whoever_is_to_decide(company: Store) -> None:
    asked = world(company, PROGRAM, NOW_US)
    ceiling = ask_exception(asked, Request("U0")).blocks[0]["element"]["options"][0]["value"]
    fields = {"ceiling": ceiling, "amount": "15", "until": "2026-06-08", "why": "A migration"}
    send_exception(asked, Request("U0", click="ask", fields=fields))
    for user in ("U0", KIM, KIM):
        look(company, show_exceptions, user=user)
    assert on_record(company) == [("Kim", "exceptions", 1, NOW_US)]
    look(company, home_sections)
    assert on_record(company)[1:] == [("Kim", "reports", 1, NOW_US)]


def test_whoever_sees_nothing_of_others_leaves_nothing(company: Store) -> None:
    look(company, home_sections, user="U0")
    with pytest.raises(NotServed):
        look(company, show_reports, user="U0")
    assert on_record(company) == []
