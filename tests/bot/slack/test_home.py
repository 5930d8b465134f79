"""What the Home tab shows to whom, and when it is published: the real app, over signed HTTP, with a stand-in for Slack."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from bot.sandbox.serving import conversing
from bot.sandbox.slack.stand_in import SlackStandIn
from bot.sandbox.slack.workspace import Account
from bot.scoreboard import standings_of_all
from bot.slack import actions
from db.directory import PersonRow, upsert_people
from db.engine import Store
from db.standings import publish
from scoring.program import AiOps, Program
from scoring.program_file import version_of
from tests.bot.slack.wired import now_us, wired_world
from tests.builders import event, record, usage

PROGRAM = Program(ai_ops=AiOps(people=("olga@acme.test",)))


class Office:
    """Sam and Tim report to Mia; Olga is AI ops; a call of nobody's came in on Monday."""

    def __init__(self, slack: SlackStandIn) -> None:
        self.slack = slack

    async def home(self, user: str) -> dict[str, Any]:
        before = self.slack.workspace.homes.get(f"U{user}", {}).get("hash")
        await self.slack.open_home(f"U{user}")
        await until(lambda: self.slack.workspace.homes.get(f"U{user}", {}).get("hash") != before)
        return self.slack.workspace.homes[f"U{user}"]

    async def read(self, user: str) -> str:
        return str((await self.home(user))["blocks"])


async def until(is_so: Callable[[], object]) -> None:
    for _ in range(100):
        if is_so():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it did not happen")


@pytest.fixture
async def office(store: Store) -> AsyncIterator[Office]:
    slack = SlackStandIn()
    slack.workspace.add_channel("guild")
    names = ("sam", "tim", "mia", "olga", "stranger")
    for name in names:
        slack.workspace.add_account(Account(f"U{name}", name, name.title()))
    managers = {"sam": "mia@acme.test", "tim": "mia@acme.test"}
    rows = [
        PersonRow(f"{name}@acme.test", name.title(), f"U{name}", manager_email=managers.get(name), team="Red")
        for name in names[:-1]
    ]
    with store.write() as conn:
        upsert_people(conn, rows, 1)
        record(conn, event(usage(cost_nanousd=None), subject="nobody"))
    async with slack.running():
        world = wired_world(slack, store, PROGRAM)
        async with conversing(world) as slack.app_url:
            yield Office(slack)


async def test_everybody_sees_their_own_work_and_the_menu(office: Office) -> None:
    page = await office.home("sam")
    text = str(page["blocks"])
    assert "You on the outcome board: no place yet" in text
    assert "Team Red on the team board: no place yet" in text
    assert "Posts may show your name" in text
    assert actions.in_menu("rules") in str(page["blocks"][-1])
    for others in ("Your reports", "AI operations:", "Unattributed"):
        assert others not in text


async def test_home_begins_with_what_to_do_next(office: Office, store: Store) -> None:
    with store.write() as conn:
        publish(conn, standings_of_all(conn, ["outcome"], now_us(), PROGRAM, version_of(PROGRAM))[0])
    title, steps, *_ = (await office.home("sam"))["blocks"]
    assert title["text"]["text"] == "What to do next"
    assert "*Your score:* 3 accepted tasks are needed; 0 tasks so far." in steps["text"]["text"]


async def test_home_has_both_scorecards_of_the_ledger_as_it_stands(office: Office) -> None:
    text = await office.read("sam")
    for said in ("*Learning velocity*", "0 findings shared.", "*Business efficiency*", "_Not told:_ Acceptance"):
        assert said in text


async def test_managers_see_their_reports_and_nobody_elses(office: Office) -> None:
    text = await office.read("mia")
    assert "2 people report to you." in text
    assert "Sam (Red)" in text
    assert "Olga" not in text
    assert "Unattributed" not in text


async def test_ai_ops_see_how_things_run(office: Office) -> None:
    text = await office.read("olga")
    assert "events" in text
    assert "*Sources and their last event:*" in text
    assert "not used yet" in text
    assert "secret" not in text.replace("secrets", "")


async def test_whoever_we_do_not_know_sees_how_to_get_known_and_nothing_else(office: Office) -> None:
    page = await office.home("stranger")
    assert len(page["blocks"]) == 1
    assert "I don't know you yet" in str(page)


async def test_a_choice_made_in_home_shows_there_at_once(office: Office) -> None:
    page = await office.home("sam")
    answer = await office.slack.click_in("Usam", page, actions.STAY_UNNAMED)
    assert answer["type"] == "modal"
    await until(lambda: "You stay unnamed" in str(office.slack.workspace.homes["Usam"]))


async def test_a_choice_made_in_a_message_shows_in_home_too(office: Office) -> None:
    await office.slack.click("Usam", "#guild", actions.STAY_UNNAMED)
    await until(lambda: "You stay unnamed" in str(office.slack.workspace.homes.get("Usam")))


async def test_a_new_token_shows_in_home_and_its_secret_does_not(office: Office) -> None:
    answer = await office.slack.type_command("Usam", "#guild", "/bandstand", "connect")
    await until(lambda: "1 token counts usage as yours." in str(office.slack.workspace.homes.get("Usam")))
    secret = str(answer).partition("Authorization=Bearer ")[2].partition('"')[0]
    assert secret not in str(office.slack.workspace.homes)


async def test_older_news_never_replace_newer(office: Office) -> None:
    old = dict(await office.home("sam"))
    await office.slack.click("Usam", "#guild", actions.STAY_UNNAMED)
    await until(lambda: "You stay unnamed" in str(office.slack.workspace.homes["Usam"]))
    # A click on the page as it was: Slack refuses what was published for it, and what is shown is read anew.
    await office.slack.click_in("Usam", old, actions.SHOW_MY_NAME)
    await until(lambda: "Posts may show your name" in str(office.slack.workspace.homes["Usam"]))
    hashes = [call.arguments.get("hash") for call in office.slack.calls if call.method == "views.publish"]
    assert hashes[-2:] == [old["hash"], None]


@pytest.mark.parametrize(
    ("user", "word", "said"),
    [
        ("mia", "reports", "2 people report to you."),
        ("sam", "reports", "Nobody reports to you"),
        ("olga", "operations", "Sources"),
        ("sam", "operations", "That is not yours to see"),
        ("sam", "work", "You on the outcome board"),
        ("sam", "scorecards", "*Business efficiency*"),
    ],
)
async def test_each_section_can_be_typed_by_those_who_may_see_it(
    office: Office, user: str, word: str, said: str
) -> None:
    answer = await office.slack.type_command(f"U{user}", "#guild", "/bandstand", word)
    assert said in str(answer["blocks"])
