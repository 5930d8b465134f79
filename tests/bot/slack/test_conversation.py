"""What people get when they type and click: the real app, over signed HTTP, with a stand-in for Slack."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import date, timedelta
from typing import Any

import pytest

from bot.sandbox.serving import serving
from bot.sandbox.slack.stand_in import SlackStandIn
from bot.sandbox.slack.workspace import Account
from bot.slack import actions
from bot.slack.subcommands import SUBCOMMANDS
from bot.world import World
from db.badges import give
from db.directory import PersonRow, person_by_email, upsert_people
from db.engine import Store
from db.score_weeks import keep_week
from db.standings import publish
from db.tables import people
from scoring.badges.awards import Progress
from scoring.program import AiOps, Digest, Privacy, Program
from scoring.program.badges import Level
from scoring.standings import Component, Entry, Standings, Withheld, WithheldReason
from scoring.window import window_before
from tests.bot.slack.wired import wired_world
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


@pytest.fixture(params=[Program(digest=Digest(channels=("#guild",)), ai_ops=AiOps(channel="#ops"))])
def program(request: pytest.FixtureRequest) -> Program:
    given: Program = request.param
    return given


@pytest.fixture(params=["/bandstand"])
def command(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def office(sqlite_store: Store, program: Program, command: str) -> AsyncIterator[Office]:
    slack = SlackStandIn()
    slack.workspace.add_channel("guild")
    slack.workspace.add_channel("ops")
    for name in (*_NAMES, "stranger"):
        slack.workspace.add_account(Account(f"U{name}", name, name.title()))
    _employ(sqlite_store, program)
    async with slack.running():
        world = wired_world(slack, sqlite_store, program, BANDSTAND_SLACK_COMMAND=command)
        async with serving(world, with_slack=True, with_schedule=False) as slack.app_url:
            yield Office(slack, world)


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


def _keep_two_weeks(office: Office) -> None:
    with office.world.store.write() as conn:
        for weeks in (0, 1):
            keep_week(conn, "outcome", date(2026, 6, 1) + timedelta(weeks=weeks))


def _kinds(answer: dict[str, Any]) -> list[str]:
    return [block["type"] for block in answer["blocks"]]


async def test_progress_is_drawn_and_said(office: Office) -> None:
    _keep_two_weeks(office)
    answer = await office.slack.type_command("Uada", "#guild", "/bandstand", "progress")
    assert "data_visualization" in _kinds(answer)
    assert "899 points, as in week 2026-W23" in answer["text"]


async def test_where_slack_takes_no_charts_the_words_come_at_once_and_no_chart_is_tried_again(office: Office) -> None:
    _keep_two_weeks(office)
    office.slack.workspace.takes_charts = False
    for _ in range(2):
        answer = await office.slack.type_command("Uada", "#guild", "/bandstand", "progress")
        assert "899 points, as in week 2026-W23" in answer["text"]
        assert _kinds(answer) == ["header", "section", "section", "context"]
    assert office.slack.refused == ["invalid_blocks"]


async def test_rank_tells_the_place_what_made_it_and_one_next_step(office: Office) -> None:
    text = await office.type("ada", "/rank")
    assert "Place 1 of 5 with 899.0 of 1000 points" in text
    assert "efficiency: 700 of 1,000 points. $0.50 for each task." in text
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


async def test_a_badge_is_shared_by_whoever_holds_it_and_posted_once(office: Office) -> None:
    with office.world.store.write() as conn:
        ada = person_by_email(conn, "ada@acme.test")
        assert ada is not None
        earned = Progress(ada.id, "cache_wizard", "2026-05", 0.6, 40, Level.GOLD, None, None, "", "60 % of it.", "v1")
        give(conn, [earned], MONDAY_NOON_US)
    for user in ("Uben", "Uada", "Uada"):
        await office.slack.click(user, "#guild", actions.SHARE_BADGE, "cache_wizard/2026-05/gold")
    await _until(lambda: office.slack.messages("#guild"))
    (shared,) = office.slack.messages("#guild")
    assert shared["text"].startswith("Ada earned Cache Wizard, gold.")
    await office.slack.open_home("Uada")
    await _until(lambda: "Uada" in office.slack.workspace.homes)
    assert "*Cache Wizard, gold* (2026-05), shared" in str(office.slack.workspace.homes["Uada"])


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
        ("", "your place, or your team's, what made it"),
        ("help", "your place, or your team's, what made it"),
        ("rules", "Prompts and answers are never stored"),
        ("rulse", "Did you mean /bandstand rules?"),
        ("rank", "Place 1 of 5"),
        ("leaderboard outcome", "1. you: 899 points"),
        ("privacy", "Posts may show your name"),
        ("connect", "Connect Claude Code with a token of your own"),
        ("tokens", "You have no tokens."),
        ("nonsense", "I don't know “nonsense”"),
    ],
)
async def test_bandstand_answers(office: Office, typed: str, said: str) -> None:
    assert said in (await office.type("ada", "/bandstand", typed)).replace("`", "")


async def test_whatever_can_be_typed_can_be_clicked_in_the_help(office: Office) -> None:
    answer = await office.slack.type_command("Uada", "#guild", "/bandstand", "help")
    clickable = {one["action_id"]: one["text"]["text"] for one in answer["blocks"][-1]["elements"]}
    assert set(clickable) == {actions.in_menu(one.name) for one in SUBCOMMANDS}
    for one in SUBCOMMANDS:
        assert f"/bandstand {one.name}" in answer["text"]
        by_click = await office.slack.click("Uada", "#guild", actions.in_menu(one.name))
        by_word = await office.slack.type_command("Uada", "#guild", "/bandstand", one.name)
        assert [block["type"] for block in seen(by_click)][:1] == [block["type"] for block in seen(by_word)][:1]


def seen(answer: dict[str, Any]) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = (answer.get("view") or answer)["blocks"]
    return blocks


async def test_a_shortcut_shows_ones_place_in_a_modal(office: Office) -> None:
    view = await office.slack.choose_shortcut("Uada", actions.MY_AI_WORK)
    assert "Place 1 of 5" in str(view["blocks"])


async def test_a_button_in_a_modal_opens_the_next_one_over_it(office: Office) -> None:
    view = await office.slack.choose_shortcut("Uada", actions.MY_AI_WORK)
    rules = await office.slack.click_in("Uada", view, actions.SHOW_RULES)
    assert "How it works" in str(rules["blocks"])
    assert len(office.slack.workspace.modals["Uada"]) == 2


async def test_a_choice_made_in_a_modal_shows_in_its_place(office: Office) -> None:
    view = await office.slack.choose_shortcut("Uada", actions.MY_AI_WORK)
    privacy = await office.slack.click_in("Uada", view, actions.in_menu("privacy"))
    changed = await office.slack.click_in("Uada", privacy, actions.STAY_UNNAMED)
    assert changed["id"] == privacy["id"]
    assert "You stay unnamed" in str(changed["blocks"])


async def test_a_question_reaches_ai_ops_once_with_nothing_in_it_alive(office: Office) -> None:
    view = await office.slack.choose_shortcut("Uada", actions.ASK_OR_REPORT)
    empty = await office.slack.submit("Uada", view, question="  ")
    assert empty == {"response_action": "errors", "errors": {"question": "Please write a few words."}}
    for _ in range(3):
        done = await office.slack.submit("Uada", view, question="<!channel> my score looks *wrong*")
        assert "Sent." in str(done["view"]["blocks"])
    await _until(lambda: office.slack.messages("#ops"))
    (asked,) = office.slack.messages("#ops")
    assert asked["text"] == "Ada asks or reports: &lt;!channel&gt; my score looks ∗wrong∗"


@pytest.mark.parametrize("program", [Program()], indirect=True)
async def test_where_nobody_runs_the_program_a_question_is_not_taken(office: Office) -> None:
    assert "nobody to ask" in await office.type("ada", "/bandstand", "ask")


@pytest.mark.parametrize("command", ["/praise"], indirect=True)
async def test_the_command_has_the_name_that_the_settings_say(office: Office) -> None:
    assert "`/praise rules`" in await office.type("ada", "/praise", "help")
    assert "Did you mean `/praise rules`?" in await office.type("ada", "/praise", "rulse")


@pytest.mark.parametrize("who", ["stranger", "finn"])
async def test_forms_are_refused_to_whoever_is_not_served(office: Office, who: str) -> None:
    view = await office.slack.choose_shortcut("Uada", actions.ASK_OR_REPORT)
    done = await office.slack.submit(f"U{who}", view, question="Who am I?")
    assert ("I don't know you yet" in str(done)) is (who == "stranger")


async def _until(is_so: Callable[[], object]) -> None:
    for _ in range(100):
        if is_so():
            return
        await asyncio.sleep(0.05)


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
