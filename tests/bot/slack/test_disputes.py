"""A dispute from the button to its consequence: over signed HTTP, with a stand-in for Slack, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import cached_property
from typing import Any

import pytest

from bot.jobs.bands import BANDS
from bot.jobs.disputes import DISPUTES
from bot.jobs.flags import FLAGS
from bot.jobs.job import JobContext
from bot.jobs.runner import run_due
from bot.jobs.standings import STANDINGS
from bot.sandbox.serving import conversing
from bot.sandbox.slack.stand_in import SlackStandIn
from bot.sandbox.slack.workspace import Account
from bot.slack import actions
from bot.slack.client import slack_client
from bot.slack_side import build_courier, wording
from bot.world import World
from db.badge_progress import publish_progress
from db.badges import give, revoke
from db.directory import person_by_email
from db.disputes import dispute_of
from db.engine import Store
from db.standings import run_of, standing_of
from db.trail import person as of_person
from db.trail import trail_rows
from scoring.badges.awards import Progress
from scoring.disputes import DisputeState
from scoring.program import AiOps, Program
from scoring.program.badges import Level
from tests.bot.jobs.company import DAY_US, NAMES, email, hire, work_everybody
from tests.bot.slack.wired import wired_world
from tests.builders import MONDAY_NOON_US, event, outcome, record, usage

AI_OPS = AiOps(people=(email("Ida"), email("Jan")), channel="#ops")
PROGRAM = Program(ai_ops=AI_OPS)
WHY = "The prompt was a nightly check that my team asked for."


class Office:
    """The company at work; Ada (U0) sent one prompt over and over; Ida (U8) and Jan (U9) are AI ops."""

    def __init__(self, store: Store) -> None:
        self.store, self.now_us = store, MONDAY_NOON_US
        self.slack = SlackStandIn(clock=lambda: self.now_us / 1_000_000)

    @cached_property
    def world(self) -> World:
        return wired_world(self.slack, self.store, PROGRAM, lambda: self.now_us)

    async def look(self, days: float = 0) -> None:
        self.now_us += int(days * DAY_US)
        client = slack_client(self.world.settings)
        context = JobContext(self.world, wording(self.world.settings), client)
        for job in (FLAGS, BANDS, STANDINGS, DISPUTES):
            await run_due(job, context)

        async def let_pass(seconds: float) -> None:
            self.now_us += int(seconds * 1_000_000)
            await asyncio.sleep(0)

        await build_courier(self.world, client, sleep=let_pass).drain()

    async def dispute(self, matter: str = "", why: str = WHY, user: str = "U0", given: str = "") -> str:
        answer = await self.slack.click(user, user, actions.DISPUTE, given)
        if "view" not in answer or "submit" not in answer["view"]:
            return str(answer)
        options = {one["value"]: one for one in answer["view"]["blocks"][0]["element"]["options"]}
        chosen = next((value for value in options if value.startswith(matter)), matter)
        return str(await self.slack.submit(user, answer["view"], matter=chosen, why=why))

    async def answer(self, user: str, action_id: str, words: str, value: str = "1", **fields: str) -> str:
        found = await self.slack.click(user, user, action_id, value)
        if "view" not in found or "submit" not in found["view"]:
            return str(found)
        return str(await self.slack.submit(user, found["view"], answer=words, **fields))

    def state(self) -> DisputeState:
        with self.store.read() as conn:
            found = dispute_of(conn, 1)
        assert found is not None
        return found.state

    def told(self, where: str) -> list[str]:
        return [str(one["blocks"]) for one in self.slack.messages(where) if "ispute" in one["text"]]

    def computed_us(self) -> int:
        with self.store.read() as conn:
            run = run_of(conn, "outcome")
        return run.at_us if run else 0

    def is_ranked(self) -> bool:
        with self.store.read() as conn:
            ada = person_by_email(conn, email("Ada"))
            assert ada is not None
            standing = standing_of(conn, "outcome", str(ada.id))
        return standing is not None and standing.rank is not None


@pytest.fixture
def office(store: Store) -> Callable[[], Any]:
    @asynccontextmanager
    async def opened() -> AsyncIterator[Office]:
        made = Office(store)
        made.slack.workspace.add_channel("ops")
        for number, name in enumerate(NAMES):
            made.slack.workspace.add_account(Account(f"U{number}", name.lower(), name))
        hire(store)
        work_everybody(store)
        with store.write() as conn:
            for day in (1, 2):
                when = {"subject": email("Ada"), "time_us": MONDAY_NOON_US - day * DAY_US}
                record(conn, *(event(usage(prompt_hash="p"), f"{day}-{number}", **when) for number in range(30)))
        async with made.slack.running(), conversing(made.world) as made.slack.app_url:
            await made.look()
            yield made

    return opened


async def test_an_upheld_dispute_about_a_flag_gives_back_what_was_held(office: Callable[[], Any]) -> None:
    async with office() as made:
        assert not made.is_ranked()
        assert "A person answers by 8 June 2026" in await made.dispute("flag/")
        await made.look()
        (asked,) = made.told("#ops")
        assert "*Ada* disputes: The question about the same prompt over and over" in asked
        assert WHY in asked
        assert "Upheld. Ada gets your answer" in await made.answer("U8", actions.OPEN_UPHOLD, "You are right.")
        await made.look()
        assert "Ida upheld it: You are right." in made.told("#ops")[-1] or "Ida upheld it" in str(made.told("#ops"))
        assert "open_uphold" not in str(made.told("#ops"))
        assert "Ida of AI ops answered" in made.told("U0")[-1]
        assert made.is_ranked()


async def test_what_is_declined_stays_and_the_reason_is_read(office: Callable[[], Any]) -> None:
    async with office() as made:
        await made.dispute("flag/")
        assert "Please write a few words" in await made.answer("U8", actions.OPEN_DECLINE_DISPUTE, " ")
        await made.answer("U8", actions.OPEN_DECLINE_DISPUTE, "The check ran a hundred times an hour.")
        await made.look()
        assert "It stays as it is: The check ran a hundred times an hour." in made.told("U0")[-1]
        assert not made.is_ranked()


async def test_a_band_can_be_disputed_from_its_message(office: Callable[[], Any]) -> None:
    async with office() as made:
        await made.dispute("band/", given="band/")
        upheld = await made.answer("U9", actions.OPEN_UPHOLD, "A nightly check.", consequence="flags_dismissed")
        assert "Upheld" in upheld
        await made.look()
        assert made.is_ranked()
        band = await made.slack.type_command("U0", "#ops", "/bandstand", "band")
        assert "Green" in band["text"]


async def test_nobody_answers_who_may_not_and_a_forged_value_finds_nothing(office: Callable[[], Any]) -> None:
    async with office() as made:
        await made.dispute("flag/")
        for user in ("U0", "U5"):
            for action_id in (actions.OPEN_UPHOLD, actions.OPEN_DECLINE_DISPUTE):
                assert "not yours" in await made.answer(user, action_id, "Mine")
        for value in ("", "2", "one", "9" * 30):
            assert "no such dispute" in await made.answer("U8", actions.OPEN_UPHOLD, "Yes", value)
            assert "no such dispute" in str(await made.slack.click("U0", "U0", actions.WITHDRAW_DISPUTE, value))
        assert "no such dispute" in str(await made.slack.click("U5", "U5", actions.WITHDRAW_DISPUTE, "1"))
        assert made.state() is DisputeState.OPEN


async def test_many_who_answer_at_once_do_not_all(office: Callable[[], Any]) -> None:
    async with office() as made:
        await made.dispute("flag/")
        views = [await made.slack.click("U8", "U8", actions.OPEN_UPHOLD, "1") for _ in range(10)]
        said = await asyncio.gather(
            *(made.slack.submit("U8", one["view"], answer="Yes", consequence="flags_dismissed") for one in views)
        )
        assert sum("Upheld." in str(one) for one in said) == 1
        assert sum("ended before" in str(one) for one in said) == 9
        await made.look()
        assert len(made.told("U0")) == 1


async def test_ai_ops_are_answered_by_the_others(office: Callable[[], Any]) -> None:
    async with office() as made:
        assert "With AI ops" in await made.dispute("score/", user="U8") or made.state() is DisputeState.OPEN
        await made.look()
        assert made.told("#ops") == []
        assert "*Ida* disputes" in made.told("U9")[-1]
        assert "not yours" in await made.answer("U8", actions.OPEN_UPHOLD, "Mine")


async def test_nobody_is_reminded_of_their_own(office: Callable[[], Any]) -> None:
    async with office() as made:
        await made.dispute("score/", user="U8")
        await made.dispute("flag/")
        await made.look(7)
        await made.look(1)
        assert "2 disputes are overdue" in made.told("U9")[-1]
        assert "1 dispute is overdue" in made.told("U8")[-1]
        assert "*Ada*" in made.told("U8")[-1]
        assert "*Ida*" not in str([*made.told("U8"), *made.told("#ops")])


async def test_an_upheld_score_is_computed_anew_at_once_from_what_was_put_right(office: Callable[[], Any]) -> None:
    async with office() as made:
        await made.dispute("score/outcome", user="U1")
        before = made.computed_us()
        with made.store.write() as conn:
            late = {"subject": email("Bea"), "time_us": made.now_us - DAY_US}
            record(conn, event(outcome(task="late", quality=1.0), id="late", **late))
        await made.look()
        assert made.computed_us() == before
        upheld = await made.answer("U9", actions.OPEN_UPHOLD, "Your pull request was missing.")
        assert "Upheld" in upheld
        await made.look()
        assert made.computed_us() > before
        assert "Everything is worked out again." in made.told("U1")[-1]


async def test_a_badge_that_was_taken_back_holds_again(office: Callable[[], Any]) -> None:
    async with office() as made:
        with made.store.write() as conn:
            bea = person_by_email(conn, email("Bea"))
            assert bea is not None
            earned = Progress(bea.id, "cache_wizard", "2026-05", 0.6, 40, Level.GOLD, None, None, "", "60 %.", "v1")
            give(conn, [earned], MONDAY_NOON_US - 3)
            revoke(conn, bea.id, "cache_wizard", "2026-05", by="x", reason="A mistake.", now_us=MONDAY_NOON_US - 2)
        await made.dispute("badge/cache_wizard/2026-05", user="U1")
        await made.look()
        assert "A mistake." in made.told("#ops")[-1]
        await made.answer("U8", actions.OPEN_UPHOLD, "It was ours.", consequence="badge_restored")
        shelf = await made.slack.type_command("U1", "#ops", "/bandstand", "badges")
        assert "Cache Wizard, gold" in shelf["text"]
        with made.store.read() as conn:
            deeds = [row.action for row in trail_rows(conn)]
        assert deeds[-2:] == ["dispute_answered", "badge_restored"]


async def test_what_is_held_back_can_be_disputed_where_it_is_shown(office: Callable[[], Any]) -> None:
    async with office() as made:
        place = await made.slack.type_command("U0", "#ops", "/bandstand", "rank")
        assert "no place yet" in place["text"]
        assert {"action_id": actions.DISPUTE, "value": "score/outcome"} in clickable(place["blocks"])
        with made.store.write() as conn:
            ada = person_by_email(conn, email("Ada"))
            assert ada is not None
            publish_progress(
                conn,
                [Progress(ada.id, "cache_wizard", "2026-06", 0.6, 40, Level.GOLD, None, None, "Wait.", "60 %.", "v1")],
                MONDAY_NOON_US,
            )
        shelf = await made.slack.type_command("U0", "#ops", "/bandstand", "badges")
        matter = "badge/cache_wizard/2026-06"
        assert {"action_id": actions.DISPUTE, "value": matter} in clickable(shelf["blocks"])
        await made.dispute(matter, given=matter)
        await made.look()
        assert "A badge that is held back: Cache Wizard (2026-06)" in made.told("#ops")[-1]


async def test_whoever_of_ai_ops_sees_what_others_dispute_is_on_record(office: Callable[[], Any]) -> None:
    async with office() as made:
        await made.dispute("flag/")
        for user in ("U0", "U8", "U8"):
            await made.slack.type_command(user, "#ops", "/bandstand", "disputes")
        with made.store.read() as conn:
            seen = [row.actor for row in trail_rows(conn) if row.action == "viewed" and "disputes" in row.facts]
            ida = person_by_email(conn, email("Ida"))
        assert ida is not None
        assert seen == [of_person(ida.id)]


def clickable(blocks: list[Any]) -> list[dict[str, str]]:
    elements = [one for block in blocks for one in block.get("elements", ()) if one["type"] == "button"]
    return [{"action_id": one["action_id"], "value": one.get("value", "")} for one in elements]


async def test_ai_ops_are_reminded_and_each_of_them_once_it_is_overdue(office: Callable[[], Any]) -> None:
    async with office() as made:
        await made.dispute("flag/")
        await made.look(3)
        assert len(made.told("#ops")) == 1
        await made.look(1)  # Friday; due on Monday
        assert "1 dispute is due" in made.told("#ops")[-1]
        assert made.told("U9") == []
        await made.look(2)
        assert len(made.told("#ops")) == 2
        await made.look(2)
        assert "1 dispute is overdue" in made.told("U9")[-1]
        assert "1 dispute is overdue" in made.told("U8")[-1]


async def test_one_open_dispute_about_a_matter_at_a_time_and_it_can_be_taken_back(office: Callable[[], Any]) -> None:
    async with office() as made:
        await made.dispute("flag/")
        assert "an open dispute about that already" in await made.dispute("flag/")
        assert "Taken back." in str(await made.slack.click("U0", "U0", actions.WITHDRAW_DISPUTE, "1"))
        assert "ended before: taken back" in await made.answer("U8", actions.OPEN_UPHOLD, "Yes")
        own = await made.slack.type_command("U0", "#ops", "/bandstand", "disputes")
        assert "taken back" in own["text"]
        assert "errors" in await made.dispute("flag/", why=" ")
        assert "errors" in await made.dispute("somebody/else")
