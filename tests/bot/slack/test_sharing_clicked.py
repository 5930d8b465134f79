"""Sharing, reviewing and using as Slack sends them: signed HTTP to the real server, from what is typed, posted and in Home."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.sandbox.serving import conversing
from bot.sandbox.slack.stand_in import SlackStandIn
from bot.sandbox.slack.workspace import BOT_TOKEN, SIGNING_SECRET, Account
from bot.sandbox.story_clock import StoryClock
from bot.settings import HookSecrets, Settings
from bot.slack import actions
from bot.slack.client import slack_client
from bot.slack.subcommands import SUBCOMMANDS
from bot.slack_side import build_courier
from bot.world import RuleBook, World
from db.engine import Store
from db.tables import events
from scoring.program import AiOps, Digest, Program
from scoring.program_file import version_of
from tests.bot.jobs.company import NAMES, email, hire
from tests.builders import MONDAY_NOON_US

PROGRAM = Program(digest=Digest(channels=("#guild",)), ai_ops=AiOps(people=(email("Ida"),)))
LINK = "https://wiki.acme.test/refunds"
ADA, BEA, CEM, IDA = (f"U{NAMES.index(name)}" for name in ("Ada", "Bea", "Cem", "Ida"))


class Office:
    """The company, of which nobody has shared anything yet; Ada's, Bea's and Cem's teams differ."""

    def __init__(self, slack: SlackStandIn, world: World, clock: StoryClock) -> None:
        self.slack, self.world, self.clock = slack, world, clock

    async def deliver(self) -> None:
        await build_courier(self.world, slack_client(self.world.settings), sleep=self.clock.sleep).drain()

    async def share(self, form: dict[str, Any], **changes: str) -> dict[str, Any]:
        fields = {
            "kind": "prompt_template",
            "title": "Refunds",
            "link": LINK,
            "where": "channel",
            "words": "An hour saved.",
        }
        return await self.slack.submit(ADA, form, **fields | changes)

    async def shared(self) -> dict[str, Any]:
        """Ada's post in the channel."""
        opened = await self.slack.type_command(ADA, "#guild", "/bandstand", "share")
        await self.share(opened["view"])
        await self.deliver()
        (post,) = self.slack.messages("#guild")
        return post

    async def home(self, user: str) -> dict[str, Any]:
        await self.slack.open_home(user)
        for _ in range(200):
            if user in self.slack.workspace.homes:
                return self.slack.workspace.homes[user]
            await asyncio.sleep(0.02)
        raise AssertionError("no Home came")

    def kept(self) -> list[str]:
        with self.world.store.read() as conn:
            query = select(events.c.action).where(events.c.action.is_not(None)).order_by(events.c.action)
            return [str(one) for one in conn.scalars(query)]


@pytest.fixture
async def office(sqlite_store: Store, tmp_path: Path) -> AsyncIterator[Office]:
    clock = StoryClock(MONDAY_NOON_US)
    slack = SlackStandIn(clock=lambda: clock() / 1_000_000)
    slack.workspace.add_channel("guild")
    for number, name in enumerate(NAMES):
        slack.workspace.add_account(Account(f"U{number}", name.lower(), name))
    hire(sqlite_store)
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
        world = World(settings, sqlite_store, RuleBook(PROGRAM, version_of(PROGRAM)), clock)
        async with conversing(world) as slack.app_url:
            yield Office(slack, world, clock)
    assert slack.refused == []


def value_of(blocks: list[dict[str, Any]], action_id: str) -> str:
    elements = [element for block in blocks for element in block.get("elements", ())]
    return next(str(one.get("value", "")) for one in elements if one.get("action_id") == action_id)


async def test_share_opens_a_form_that_says_beside_its_fields_what_is_wrong(office: Office) -> None:
    opened = await office.slack.type_command(ADA, "#guild", "/bandstand", "share")
    refused = await office.share(opened["view"], link="wiki", title=" ")
    assert set(refused["errors"]) == {"link", "title"}
    assert office.kept() == []
    assert "is on the list" in str(await office.share(opened["view"]))
    assert office.kept() == ["shared"]


async def test_what_stands_in_the_channel_is_reviewed_by_a_click_and_the_author_reads_it(office: Office) -> None:
    post = await office.shared()
    asset = value_of(post["blocks"], actions.REVIEW_SHARED)
    opened = await office.slack.click(BEA, "#guild", actions.REVIEW_SHARED, asset, message_ts=post["ts"])
    done = await office.slack.submit(BEA, opened["view"], verdict="helpful", comment="Saved me a morning.")
    assert "Thank you" in str(done)
    await office.deliver()
    (told,) = office.slack.messages(ADA)
    assert "*Bea* reviewed" in str(told["blocks"])
    assert "Saved me a morning." in str(told["blocks"])
    assert "Nothing new" in (await office.slack.type_command(BEA, "#guild", "/bandstand", "review"))["text"]


async def test_i_used_this_counts_once_and_is_answered_to_whoever_clicks_alone(office: Office) -> None:
    post = await office.shared()
    asset = value_of(post["blocks"], actions.USE_SHARED)
    answers = [await office.slack.click(CEM, "#guild", actions.USE_SHARED, asset, post["ts"]) for _ in range(3)]
    assert ["Noted" in one["text"] for one in answers] == [True, False, False]
    assert {one["response_type"] for one in answers} == {"ephemeral"}
    assert {one["replace_original"] for one in answers} == {False}
    own = await office.slack.click(ADA, "#guild", actions.USE_SHARED, asset, post["ts"])
    assert "yours" in own["text"]
    assert office.kept() == ["reused", "shared"]


async def test_all_of_it_can_be_done_from_home(office: Office) -> None:
    form = await office.slack.click_in(ADA, await office.home(ADA), actions.in_menu("share"))
    assert "is on the list" in str(await office.share(form))
    listed = await office.slack.click_in(CEM, await office.home(CEM), actions.in_menu("review"))
    asset = value_of(listed["blocks"], actions.USE_SHARED)
    assert "Noted" in str(await office.slack.click_in(CEM, listed, actions.USE_SHARED, asset))
    listed = await office.slack.click_in(CEM, await office.home(CEM), actions.in_menu("review"))
    review = await office.slack.click_in(CEM, listed, actions.REVIEW_SHARED, asset)
    assert "Thank you" in str(await office.slack.submit(CEM, review, verdict="needs_work", comment=""))
    assert office.kept() == ["reused", "reviewed", "shared"]


@pytest.mark.parametrize("who", [ADA, IDA], ids=["somebody", "AI ops"])
async def test_whatever_can_be_typed_can_be_clicked_in_home_with_the_same_answer(office: Office, who: str) -> None:
    for one in SUBCOMMANDS:
        home = await office.home(who)
        clicked = await office.slack.click_in(who, home, actions.in_menu(one.name))
        typed = await office.slack.type_command(who, "#guild", "/bandstand", one.name)
        if one.name != "connect":  # each makes a token of its own
            assert clicked["blocks"] == typed.get("view", typed)["blocks"], one.name
