"""A night on which many bands change: paced as Slack allows, what is urgent first, and nothing twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.sandbox.slack.pace import Pace
from bot.sandbox.slack.stand_in import SlackStandIn
from bot.sandbox.slack.workspace import Account
from bot.sandbox.waiting import wait_until
from db.engine import Store
from db.outbox import post, unsettled
from tests.bot.delivery.test_courier import Clock, courier, deliver

_PEOPLE = 60
_RED, _YELLOW, _MANAGERS = 11, 12, 14


@pytest.fixture
async def slack() -> AsyncIterator[SlackStandIn]:
    stand_in = SlackStandIn()
    stand_in.workspace.add_channel("ops")
    for number in range(_PEOPLE):
        stand_in.workspace.add_account(Account(f"U{number}", f"p{number}", f"P{number}"))
    async with stand_in.running():
        yield stand_in


def put_night(store: Store, clock: Clock) -> None:
    """Every third person is red, the others yellow; each tenth is also a manager with news. The least urgent come first."""
    with store.write() as conn:
        for number in reversed(range(_PEOPLE)):
            kinds = [_YELLOW if number % 3 else _RED, *([_MANAGERS] if number % 10 == 0 else [])]
            for priority in sorted(kinds, reverse=True):
                said = f"{priority}/{number}"
                post(
                    conn,
                    dedupe_key=said,
                    kind="night",
                    recipient=f"U{number}",
                    message=f'{{"text": "{said}", "blocks": []}}',
                    priority=priority,
                    now_us=clock(),
                )


async def has_calls(slack: SlackStandIn, least: int) -> bool:
    return len(slack.calls) >= least


def said(slack: SlackStandIn) -> list[str]:
    """What Slack took, in the order in which it did."""
    every = (one for place in slack.workspace.conversations.values() for one in place.messages)
    return [one["text"] for one in sorted(every, key=lambda one: float(one["ts"]))]


async def test_a_night_of_band_changes_keeps_within_slacks_limits_and_is_told_in_order_of_urgency(
    sqlite_store: Store, slack: SlackStandIn
) -> None:
    clock = Clock()
    slack.pace = Pace(clock)
    put_night(sqlite_store, clock)
    await courier(sqlite_store, slack, clock).drain()
    urgencies = [int(one.partition("/")[0]) for one in said(slack)]
    assert len(urgencies) == _PEOPLE + _PEOPLE // 10
    assert urgencies == sorted(urgencies)
    assert not slack.pace.refused
    assert {call.method for call in slack.calls} == {"chat.postMessage"}


async def test_a_courier_killed_midway_and_its_successor_say_everything_once(store: Store, slack: SlackStandIn) -> None:
    clock = Clock()
    slack.pace = Pace(clock)
    put_night(store, clock)
    killed = asyncio.create_task(courier(store, slack, clock).drain())
    await wait_until(lambda: has_calls(slack, _PEOPLE // 2), 30, "the courier does not get on")
    killed.cancel()
    await asyncio.gather(killed, return_exceptions=True)
    with store.read() as conn:
        assert unsettled(conn)
    await deliver(store, slack, clock)
    once = said(slack)
    assert len(once) == len(set(once)) == _PEOPLE + _PEOPLE // 10
    with store.read() as conn:
        assert unsettled(conn) == 0


async def test_two_replicas_that_together_are_too_fast_wait_as_slack_says(
    postgresql_store: Store, slack: SlackStandIn
) -> None:
    clock = Clock()
    slack.pace = Pace(clock, messages_a_minute=30)
    put_night(postgresql_store, clock)
    await asyncio.gather(*(deliver(postgresql_store, slack, clock, rounds=2000) for _ in range(2)))
    once = said(slack)
    assert len(once) == len(set(once)) == _PEOPLE + _PEOPLE // 10
    assert slack.pace.refused["chat.postMessage"]
