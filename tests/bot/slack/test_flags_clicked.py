"""Deciding on a flag by clicking: the real app, over signed HTTP, with a stand-in for Slack."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import select

from bot.jobs.flags import FLAGS
from bot.jobs.runner import run_by_hand
from bot.sandbox.serving import serving
from bot.sandbox.slack.stand_in import SlackStandIn
from bot.sandbox.slack.workspace import Account
from bot.slack import actions
from bot.slack.blocks.flags import REASON
from db.engine import Store
from db.tables import runs
from scoring.program import AiOps, Program
from tests.bot.jobs.company import NAMES, email, hire
from tests.bot.slack.wired import now_us, wired_world
from tests.builders import event, job_context, record, usage

DAY_US = 24 * 3_600_000_000
PROGRAM = Program(ai_ops=AiOps(channel="#ops", people=(email("Kim"), email("Lea"))))
KIM = f"U{NAMES.index('Kim')}"


@pytest.fixture
async def office(sqlite_store: Store, request: pytest.FixtureRequest) -> AsyncIterator[SlackStandIn]:
    """Ada (or as many as the test says) sent one prompt over and over; the daily look has just been."""
    slack = SlackStandIn()
    slack.workspace.add_channel("ops")
    for number, name in enumerate(NAMES):
        slack.workspace.add_account(Account(f"U{number}", name.lower(), name))
    hire(sqlite_store)
    looked_us = now_us()
    with sqlite_store.write() as conn:
        for name in NAMES[: getattr(request, "param", 1)]:
            for day in (2, 3):
                when = {"subject": email(name), "time_us": looked_us - day * DAY_US}
                record(conn, *(event(usage(prompt_hash="p"), f"{name}-{day}-{n}", **when) for n in range(30)))
    context = job_context(sqlite_store, PROGRAM, looked_us)
    await run_by_hand(FLAGS, context, looked_us)
    async with slack.running():
        world = wired_world(slack, sqlite_store, PROGRAM)
        async with serving(world, with_slack=True) as slack.app_url:
            yield slack


def clickable(blocks: list[dict[str, Any]], action_id: str) -> list[str]:
    elements = [element for block in blocks for element in block.get("elements", ())]
    return [one.get("value", "") for one in elements if one.get("action_id") == action_id]


async def until(is_so: Any) -> None:
    for _ in range(400):
        if is_so():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it did not happen")


async def test_a_click_opens_a_form_and_what_is_decided_stands_in_the_channel(
    office: SlackStandIn, sqlite_store: Store
) -> None:
    await until(lambda: office.messages("#ops"))
    (asked,) = office.messages("#ops")[:1]
    (id,) = clickable(asked["blocks"], actions.DISMISS_FLAG)
    opened = await office.click(KIM, "#ops", actions.DISMISS_FLAG, id, message_ts=asked["ts"])
    assert opened["view"]["title"]["text"] == "Dismiss a flag"
    refused = await office.submit(KIM, opened["view"], **{REASON: " "})
    assert refused["errors"] == {REASON: "A decision needs a reason."}
    done = await office.submit(KIM, opened["view"], **{REASON: "A test of ours."})
    assert "Dismissed." in str(done)
    await until(lambda: "Kim decided: A test of ours." in str(office.messages("#ops")[0]["blocks"]))
    assert not clickable(office.messages("#ops")[0]["blocks"], actions.CONFIRM_FLAG)
    await until(lambda: followed(sqlite_store) >= {"standings", "bands"})


def followed(store: Store) -> set[str]:
    """The jobs that have done a slot for a decision."""
    with store.read() as conn:
        return set(conn.scalars(select(runs.c.job).where(runs.c.slot.startswith("decided"))))


@pytest.mark.parametrize("office", [10], indirect=True)
async def test_the_list_turns_its_pages_in_place_and_opens_the_same_form(office: SlackStandIn) -> None:
    answer = await office.type_command(KIM, "#ops", "/bandstand", "flags")
    assert len(clickable(answer["blocks"], actions.CONFIRM_FLAG)) == 8
    await office.open_home(KIM)
    await until(lambda: KIM in office.workspace.homes)
    page = await office.click_in(KIM, office.workspace.homes[KIM], actions.in_menu("flags"))
    for _ in range(4):  # on and back: Slack holds no more than three views on top of each other
        (first,) = clickable(page["blocks"], actions.MORE_FLAGS)
        page = await office.click_in(KIM, page, actions.MORE_FLAGS, first)
    (first,) = clickable(page["blocks"], actions.MORE_FLAGS)
    page = await office.click_in(KIM, page, actions.MORE_FLAGS, first)
    found = clickable(page["blocks"], actions.CONFIRM_FLAG)
    assert len(found) == 2
    form = await office.click_in(KIM, page, actions.CONFIRM_FLAG, found[0])
    assert form["title"]["text"] == "Confirm a flag"


async def test_nobody_else_gets_a_form(office: SlackStandIn) -> None:
    answer = await office.click("U1", "#ops", actions.CONFIRM_FLAG, "whatever")
    assert "not yours to see or decide" in answer["text"]
    typed = await office.type_command("U1", "#ops", "/bandstand", "flags")
    assert "not yours to see or decide" in typed["text"]
