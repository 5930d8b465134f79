"""What people get when they type and click: the real app, over signed HTTP, with a stand-in for Slack."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox.serving import serving
from bot.sandbox.slack.stand_in import SlackStandIn
from bot.sandbox.slack.workspace import BOT_TOKEN, SIGNING_SECRET, Account
from bot.settings import HookSecrets, Settings
from bot.slack import actions
from bot.world import RuleBook, World
from db.directory import PersonRow, person_by_email, upsert_people
from db.engine import Store
from db.standings import publish
from db.tables import people
from scoring.program import Digest, Privacy, Program
from scoring.program_file import version_of
from scoring.standings import Component, Entry, Standings, Withheld, WithheldReason
from scoring.window import window_before
from tests.builders import MONDAY_NOON_US

_NAMES = ("ada", "ben", "cleo", "dara", "eve", "finn")
_PART = Component("efficiency", 0.5, "USD per accepted task", 9, 0.7, 0.7, 700.0, 1000.0, "$0.50 for each task.")


class Office:
    """A workspace whose people are in the directory: ada to finn, ranked 1 to 5; finn has too little evidence."""

    def __init__(self, slack: SlackStandIn, world: World) -> None:
        self.slack = slack
        self.world = world

    async def type(self, user: str, command: str, text: str = "") -> str:
        answer = await self.slack.type_command(f"U{user}", "#guild", command, text)
        assert answer["response_type"] == "ephemeral"
        return str(answer["text"])


@pytest.fixture(params=[Program(digest=Digest(channels=("#guild",)))])
def program(request: pytest.FixtureRequest) -> Program:
    given: Program = request.param
    return given


@pytest.fixture
async def office(sqlite_store: Store, tmp_path: Path, program: Program) -> AsyncIterator[Office]:
    slack = SlackStandIn()
    slack.workspace.add_channel("guild")
    for name in (*_NAMES, "stranger"):
        slack.workspace.add_account(Account(f"U{name}", name, name.title()))
    _employ(sqlite_store, program)
    async with slack.running():
        settings = Settings(
            _env_file=None,
            BANDSTAND_DATABASE_URL=f"sqlite:///{tmp_path}/unused.db",
            BANDSTAND_PORT=0,
            BANDSTAND_HOOK_SECRETS=HookSecrets(events=("secret",)),
            SLACK_BOT_TOKEN=BOT_TOKEN,
            SLACK_SIGNING_SECRET=SIGNING_SECRET,
            SLACK_API_URL=slack.api_url,
        )
        world = World(settings, sqlite_store, RuleBook(program, version_of(program)), _now_us)
        async with serving(world, with_slack=True) as slack.app_url:
            yield Office(slack, world)


def _now_us() -> int:
    return time.time_ns() // 1000


def _employ(store: Store, program: Program) -> None:
    rows = [PersonRow(email=f"{name}@acme.test", name=name.title(), slack_id=f"U{name}", team="Red") for name in _NAMES]
    with store.write() as conn:
        upsert_people(conn, rows, MONDAY_NOON_US)
        conn.execute(people.update().values(welcomed_us=MONDAY_NOON_US))
        ids = [person_by_email(conn, f"{name}@acme.test").id for name in _NAMES]  # type: ignore[union-attr]
        entries = tuple(
            Entry(place, person_id, None, 900.0 - place, 100.0 - place, False, (_PART,), "Try a smaller model.")
            for place, person_id in enumerate(ids[:5], start=1)
        )
        missing = Withheld(
            ids[5], None, WithheldReason.TOO_LITTLE_EVIDENCE, ("3 accepted tasks are needed; 1 so far.",)
        )
        window = window_before(2**52, 28, program.zone)  # later than any refresh, so that it stays
        publish(conn, Standings("outcome", window, "v1", entries, (missing,)))


async def test_rank_tells_the_place_what_made_it_and_one_next_step(office: Office) -> None:
    text = await office.type("ada", "/rank")
    assert "Place 1 of 5 with 899.0 of 1000 points" in text
    assert "efficiency: 700 of 1000 points. $0.50 for each task." in text
    assert "One next step: Try a smaller model." in text


async def test_without_a_place_rank_tells_kindly_what_is_missing(office: Office) -> None:
    text = await office.type("finn", "/rank")
    assert "no place yet" in text
    assert "3 accepted tasks are needed; 1 so far." in text


async def test_somebody_unknown_is_told_how_to_get_known(office: Office) -> None:
    assert "I don't know you yet" in await office.type("stranger", "/rank")


async def test_a_board_that_does_not_exist_is_answered_with_those_that_do(office: Office) -> None:
    assert "Boards: team, outcome, exploration, compliance." in await office.type("ada", "/rank", "golf")


async def test_the_leaderboard_is_private_and_names_the_upper_half_alone(office: Office) -> None:
    text = await office.type("eve", "/leaderboard", "outcome")
    assert "1. Ada: 899 points" in text
    assert "Cleo" in text
    assert "Dara" not in text
    assert "Your place: 5. you: 895 points" in text
    assert office.slack.messages("#guild") == []


async def test_the_button_shares_it_once_without_ones_own_place(office: Office) -> None:
    for _ in range(3):
        await office.slack.click("Ueve", "#guild", actions.SHARE_LEADERBOARD, "outcome", message_ts="1.1")
    for _ in range(100):
        if office.slack.messages("#guild"):
            break
        await asyncio.sleep(0.05)
    (shared,) = office.slack.messages("#guild")
    assert "1. Ada: 899 points" in shared["text"]
    assert "Your place" not in shared["text"]


async def test_whoever_stays_unnamed_is_named_nowhere(office: Office) -> None:
    answer = await office.slack.click("Uada", "#guild", actions.STAY_UNNAMED)
    assert "You stay unnamed" in answer["text"]
    assert "1. a colleague who stays unnamed: 899 points" in await office.type("eve", "/leaderboard", "outcome")
    await office.slack.click("Uada", "#guild", actions.SHOW_MY_NAME)
    assert "1. Ada" in await office.type("eve", "/leaderboard", "outcome")


async def test_the_click_decides_for_whoever_clicks_whatever_the_button_says(office: Office) -> None:
    await office.slack.click("Uben", "#guild", actions.STAY_UNNAMED, value="Uada")
    text = await office.type("eve", "/leaderboard", "outcome")
    assert "1. Ada" in text
    assert "Ben" not in text


async def test_people_of_other_workspaces_are_not_served(office: Office) -> None:
    answer = await office.slack.click("Uada", "#guild", actions.SHOW_MY_RANK, team_id="T0ELSEWHERE")
    assert "its own workspace" in answer["text"]


async def test_a_button_shows_ones_own_rank_privately(office: Office) -> None:
    answer = await office.slack.click("Uben", "#guild", actions.SHOW_MY_RANK)
    assert "Place 2 of 5" in answer["text"]
    assert answer["response_type"] == "ephemeral"
    assert answer["replace_original"] is False


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "your place, what made it"),
        ("help", "your place, what made it"),
        ("rules", "Prompts and answers are never stored"),
        ("rulse", "Did you mean /bandstand rules?"),
        ("rank", "Place 1 of 5"),
        ("leaderboard outcome", "1. you: 899 points"),
        ("privacy", "Posts may show your name"),
        ("connect", "Connect Claude Code with a token of your own"),
    ],
)
async def test_bandstand_answers(office: Office, typed: str, said: str) -> None:
    assert said in (await office.type("ada", "/bandstand", typed)).replace("`", "")


async def test_home_shows_ones_own_place(office: Office) -> None:
    await office.slack.open_home("Uada")
    for _ in range(100):
        if "Uada" in office.slack.workspace.homes:
            break
        await asyncio.sleep(0.05)
    assert "Place 1 of 5" in str(office.slack.workspace.homes["Uada"])


@pytest.mark.parametrize("program", [Program(privacy=Privacy(smallest_group=6))], indirect=True)
async def test_a_board_with_too_few_people_shows_nobody(office: Office) -> None:
    text = await office.type("eve", "/leaderboard", "outcome")
    assert "With fewer than 6 people ranked, nobody is shown." in text
    assert "Ada" not in text
