"""Deliveries that failed and were not made up for are taken in as if they had arrived, or are asked for again."""

from __future__ import annotations

import asyncio
import hmac
import json
from typing import Any

import pytest

from bot.faults import Fault
from bot.settings import HookSecrets
from tests.bot.hooks.doors import open_doors
from tests.bot.pull.apis import CANARY, github_routes, served, trouble
from tests.bot.pull.pulls import Puller

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


def merged(number: int, author: str = "ada-l") -> dict[str, Any]:
    """What the webhook sends when a pull request is merged."""
    return {
        "action": "closed",
        "repository": {"full_name": "acme/engine"},
        "pull_request": {
            "number": number,
            "title": CANARY,
            "user": {"login": author},
            "created_at": "2026-05-29T10:00:00Z",
            "merged_at": "2026-05-30T10:00:00Z",
            "merged": True,
            "body": CANARY,
        },
    }


PAYLOADS = {4: merged(1), 8: merged(2, "grace")}


def outcomes(puller: Puller) -> list[tuple[str, str, str]]:
    return sorted((row["external_id"], row["kind"], row["task"]) for row in puller.rows())


def test_what_failed_is_fetched_and_read_as_the_door_would_have_read_it(puller: Puller) -> None:
    with served(github_routes(ATTEMPTS, PAYLOADS, [])) as (url, _):
        counts = puller.pull("github", url, **WEEKEND)
    assert counts == {"new": 2, "duplicate": 0, "unattributed": 2, "kept aside": 1}
    assert outcomes(puller) == [
        ("ada-l", "pull_request_merged", "acme/engine#1"),
        ("grace", "pull_request_merged", "acme/engine#2"),
    ]
    assert CANARY not in str(puller.rows())


async def by_webhook(puller: Puller, payload: dict[str, Any]) -> dict[str, int]:
    """Delivers ``payload`` to the door; its answer."""
    body = json.dumps(payload).encode()
    headers = {
        "content-type": "application/json",
        "x-github-event": "pull_request",
        "x-hub-signature-256": f"sha256={hmac.new(b'secret', body, 'sha256').hexdigest()}",
    }
    async with open_doors(puller.store, secrets=HookSecrets(github=("secret",))) as doors:
        answer = await doors.client.post("/hooks/github", content=body, headers=headers)
    counts: dict[str, int] = answer.json()
    return counts


@pytest.mark.parametrize("is_webhook_first", [True, False])
async def test_by_webhook_and_fetched_it_is_one(puller: Puller, is_webhook_first: bool) -> None:
    with served(github_routes(ATTEMPTS, PAYLOADS, [])) as (url, _):
        if is_webhook_first:
            await by_webhook(puller, PAYLOADS[8])
        counts = await asyncio.to_thread(puller.pull, "github", url, **WEEKEND)
        assert (counts["new"], counts["duplicate"]) == ((1, 1) if is_webhook_first else (2, 0))
        assert (await by_webhook(puller, PAYLOADS[8]))["duplicates"] == 1
    assert len(outcomes(puller)) == 2


def test_a_delivery_that_was_fetched_is_not_fetched_again(sqlite_puller: Puller) -> None:
    with served(github_routes(ATTEMPTS, PAYLOADS, [])) as (url, troubles):
        troubles.after(6, trouble(409))
        with pytest.raises(Fault, match="GitHub answers 409"):
            sqlite_puller.pull("github", url, **WEEKEND)
        assert len(outcomes(sqlite_puller)) == 1
        sqlite_puller.pull("github", url, **WEEKEND)
        assert len(outcomes(sqlite_puller)) == 2
        assert troubles.count("/orgs/acme/hooks/1/deliveries/4") == 1
        assert troubles.count("/orgs/acme/hooks/1/deliveries/8") == 2
        assert sqlite_puller.pull("github", url, **WEEKEND, again=True)["duplicate"] == 2


def test_a_payload_that_cannot_be_read_is_kept_aside(sqlite_puller: Puller) -> None:
    odd = merged(1)
    odd["pull_request"]["merged_at"] = "then"
    with served(github_routes(ATTEMPTS, {3: None, 4: odd, 8: merged(2)}, [])) as (url, _):
        counts = sqlite_puller.pull("github", url, **WEEKEND)
    assert (counts["new"], counts["kept aside"]) == (1, 2)
