"""Deliveries that failed and were not made up for are taken in as if they had arrived, or are asked for again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import httpx
import pytest

from bot.faults import Fault
from bot.pull.accounts import github_account
from bot.pull.asking import Asker
from bot.pull.portion import Portion, Progress, read_days
from bot.settings import PullSettings
from db.pulls import Reached
from scoring.events import Event
from tests.bot.pull.apis import CANARY, KEY, github_routes, served, trouble
from tests.bot.pull.pulls import Puller
from tests.builders import MONDAY_NOON_US, event, outcome

WEEKEND = {"first": "2026-05-30", "last": "2026-05-31"}


def attempt(number: int, guid: str, when: str, status_code: int | None = 502, **changes: Any) -> dict[str, Any]:
    """A try to deliver that failed; ``status_code`` 200 is one that did not."""
    return {
        "id": number,
        "guid": guid,
        "delivered_at": f"2026-05-{when}Z",
        "redelivery": False,
        "duration": 0.03,
        "status": "OK" if status_code == 200 else "failed to connect",
        "status_code": status_code,
        "event": "pull_request",
        "action": "closed",
        "installation_id": None,
        "repository_id": 1,
    } | changes


ATTEMPTS = [
    attempt(9, "made-up-for", "31T20:00:00", 200, redelivery=True),
    attempt(8, "failed-twice", "31T19:00:00.500", 504, redelivery=True),
    attempt(7, "made-up-for", "31T12:00:00"),
    attempt(6, "failed-twice", "31T11:00:00"),
    attempt(5, "arrived", "30T15:00:00", 200),
    attempt(4, "timed-out", "30T14:00:00", 0, status="timed out"),
    attempt(3, "gone", "30T10:00:00"),
    attempt(2, "before", "29T23:59:59"),
    attempt(1, "before-that", "29T10:00:00"),
]


def test_what_failed_is_asked_to_be_sent_again(sqlite_puller: Puller) -> None:
    again: list[int] = []
    with served(github_routes(ATTEMPTS, {}, again)) as (url, troubles):
        counts = sqlite_puller.pull("github", url, **WEEKEND, redeliver=True)
        assert again == [3, 4, 8]
        assert counts["to be delivered again"] == 3
        assert troubles.count("/orgs/acme/hooks/1/deliveries") == 4  # what lies before the first day is left
        sqlite_puller.pull("github", url, first="2026-05-30", last="2026-05-30", redeliver=True)
    assert again == [3, 4, 8, 3, 4]


def test_githubs_limits_are_kept(sqlite_puller: Puller) -> None:
    again: list[int] = []
    with served(github_routes(ATTEMPTS, {}, again)) as (url, troubles):
        reset = str(sqlite_puller.now_us // 1_000_000 + 60)
        troubles.after(
            1,
            trouble(403, x_ratelimit_remaining="0", x_ratelimit_reset=reset),
            trouble(403, retry_after="5"),
            trouble(429, retry_after="Mon, 01 Jun 2026 12:00:30 GMT"),
        )
        sqlite_puller.pull("github", url, **WEEKEND, redeliver=True)
    assert again == [3, 4, 8]
    assert sqlite_puller.waits == [60, 5, 30]


def test_a_limit_of_hours_is_not_waited_for(sqlite_puller: Puller) -> None:
    with served(github_routes(ATTEMPTS, {}, [])) as (url, troubles):
        troubles.after(0, trouble(429, retry_after="7200"))
        with pytest.raises(Fault, match="GitHub asks to wait 120 minutes"):
            sqlite_puller.pull("github", url, **WEEKEND, redeliver=True)
    assert sqlite_puller.waits == []


def test_a_token_that_is_refused_and_a_hook_that_is_unknown_name_their_settings(sqlite_puller: Puller) -> None:
    with served(github_routes(ATTEMPTS, {}, [])) as (url, _):
        wrong_key = sqlite_puller.settings(github_url=url, github_token="another", github_hook="orgs/acme/hooks/1")
        with pytest.raises(Fault, match="BANDSTAND_PULL__GITHUB_TOKEN"):
            sqlite_puller.pull_with(wrong_key, "github", **WEEKEND, redeliver=True)
        wrong_hook = sqlite_puller.settings(github_url=url, github_token="another", github_hook="orgs/acme/hooks/2")
        with pytest.raises(Fault, match="BANDSTAND_PULL__GITHUB_HOOK"):
            sqlite_puller.pull_with(wrong_hook, "github", **WEEKEND, redeliver=True)


def decoded(event_name: str, delivery: str, payload: bytes) -> Sequence[Event]:
    """A door that takes pull requests alone."""
    if event_name != "pull_request":
        return ()
    merged_by = json.loads(payload)["sender"]["login"]
    return (event(outcome(), id=delivery, source="github", subject=merged_by),)


async def fetched(url: str, progress: Progress) -> list[Portion]:
    async def sleep(seconds: float) -> None:
        raise AssertionError(f"asked to wait {seconds} s")

    settings = PullSettings(github_url=url, github_token=KEY, github_hook="/orgs/acme/hooks/1")
    account = github_account(settings, decoded, redeliver=False)
    async with httpx.AsyncClient(base_url=account.url, headers=account.headers) as client:
        asker = Asker(client, account.name, account.setting, lambda: MONDAY_NOON_US, sleep)
        days = read_days("2026-05-30", "2026-05-31", MONDAY_NOON_US)
        return [portion async for portion in account.portions(asker, days, progress, lambda: MONDAY_NOON_US)]


async def test_what_failed_is_fetched_and_read_as_the_door_would_have_read_it() -> None:
    payloads = {4: {"sender": {"login": "ada-l"}, "body": CANARY}, 8: {"sender": {"login": "grace"}}}
    with served(github_routes(ATTEMPTS, payloads, [])) as (url, _):
        portions = await fetched(url, {})
    assert [(portion.part, [one.id for one in portion.events]) for portion in portions] == [
        ("2026-05-30/gone", []),
        ("2026-05-30/timed-out", ["timed-out"]),
        ("2026-05-31/failed-twice", ["failed-twice"]),
    ]
    assert [one.subject for portion in portions for one in portion.events] == ["ada-l", "grace"]
    assert portions[0].rejected[0].reason == "GitHub no longer has it"
    assert all(portion.reached == Reached() for portion in portions)


async def test_a_delivery_that_was_fetched_is_not_fetched_again() -> None:
    payloads = {8: {"sender": {"login": "grace"}}}
    with served(github_routes(ATTEMPTS, payloads, [])) as (url, troubles):
        portions = await fetched(url, {"2026-05-30/timed-out": Reached(), "2026-05-30/gone": Reached()})
        assert troubles.count("/orgs/acme/hooks/1/deliveries/4") == 0
    assert [len(portion.events) for portion in portions] == [0, 0, 1]
