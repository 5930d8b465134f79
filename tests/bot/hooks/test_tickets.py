"""The doors for GitHub, Jira and Linear: what was done, by whom, told once and without a word of content."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.settings import HookSecrets
from db.engine import Store
from tests.bot.hooks.doors import Doors, open_doors
from tests.builders import MONDAY_NOON_US

FIXTURES = Path(__file__).parents[2] / "fixtures/github"
SECRETS = HookSecrets(github=("old-secret", "gh-hook-secret"), jira=("jira-secret",), linear=("linear-secret",))
NOW_US = 1_795_500_000_000_000  # after the captures
CANARY = "canary-7f3a"


@pytest.fixture
async def doors(sqlite_store: Store) -> AsyncIterator[Doors]:
    async with open_doors(sqlite_store, secrets=SECRETS, now_us=NOW_US) as open_ones:
        yield open_ones


def signature(secret: str, raw: bytes) -> str:
    return hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()


async def github(doors: Doors, name: str, payload: object, **headers: str | bytes) -> httpx.Response:
    raw = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    given: dict[str, str | bytes] = {
        "content-type": "application/json",
        "x-github-event": name,
        "x-github-delivery": "d1",
        "x-hub-signature-256": f"sha256={signature('gh-hook-secret', raw)}",
    }
    return await doors.client.post("/hooks/github", content=raw, headers=given | headers)


async def jira(doors: Doors, payload: object) -> httpx.Response:
    raw = json.dumps(payload).encode()
    headers = {"content-type": "application/json", "x-hub-signature": f"sha256={signature('jira-secret', raw)}"}
    return await doors.client.post("/hooks/jira", content=raw, headers=headers)


async def linear(doors: Doors, payload: Mapping[str, object], *, sent_us: int = NOW_US) -> httpx.Response:
    raw = json.dumps({**payload, "webhookTimestamp": sent_us // 1000}).encode()
    headers = {"content-type": "application/json", "linear-signature": signature("linear-secret", raw)}
    return await doors.client.post("/hooks/linear", content=raw, headers=headers)


def told(doors: Doors) -> list[tuple[Any, ...]]:
    """Who did what to which task, and whether it was accepted."""
    return [
        (
            row["source"],
            row["external_id"],
            row["kind"] or row["action"],
            row["task"] or row["name"],
            row["is_accepted"],
        )
        for row in doors.stored()
    ]


def pull_request(**changes: object) -> dict[str, Any]:
    return {
        "action": "closed",
        "repository": {"full_name": "acme/web"},
        "pull_request": {
            "number": 12,
            "title": CANARY,
            "body": f"{CANARY} Reverts acme/web#7",
            "user": {"login": "ada"},
            "created_at": "2026-11-20T10:00:00Z",
            "merged_at": "2026-11-21T10:00:00Z",
            "merged": True,
            "additions": 100000,
            "head": {"ref": "feature", "label": CANARY},
            **changes,
        },
        "sender": {"login": "bob"},
    }


def issue(action: str, **changes: object) -> dict[str, Any]:
    return {
        "action": action,
        "repository": {"full_name": "acme/web"},
        "issue": {
            "number": 5,
            "title": CANARY,
            "body": CANARY,
            "created_at": "2026-11-20T10:00:00Z",
            "updated_at": "2026-11-21T10:00:00Z",
            "closed_at": "2026-11-21T10:00:00Z",
            "state_reason": "completed",
            "assignee": {"login": "ada"},
            **changes,
        },
        "sender": {"login": "bob"},
    }


_EXPECTED: dict[str, list[tuple[Any, ...]]] = {
    "emulate_pull_request_closed_merged": [("github", "ada", "pull_request_merged", "acme/web#2", True)],
}


@pytest.mark.parametrize("name", sorted(path.name[: -len(".body.json")] for path in FIXTURES.glob("*.body.json")))
async def test_a_captured_delivery_is_told_exactly(doors: Doors, name: str) -> None:
    """Opened, pushed and created are nothing yet, and approving one's own work is nothing ever."""
    raw = (FIXTURES / f"{name}.body.json").read_bytes()
    headers = {key.lower(): value for key, value in json.loads((FIXTURES / f"{name}.headers.json").read_text()).items()}
    for _ in range(2):
        answer = await doors.client.post(
            "/hooks/github",
            content=raw,
            headers={one: headers[one] for one in ("content-type", "x-github-event", "x-hub-signature-256")},
        )
        assert answer.status_code == 200
    assert told(doors) == _EXPECTED.get(name, [])
    times = [(row["time_us"], row["started_us"], row["reverses_key"]) for row in doors.stored()]
    assert times == [(1_795_439_762_885_000, 1_795_439_762_858_000, None)] * len(times)


async def test_cycle_time_runs_from_opening_to_merging_and_lines_are_no_merit(doors: Doors) -> None:
    assert (await github(doors, "pull_request", pull_request())).json() == {
        "accepted": 1,
        "duplicates": 0,
        "rejected": 0,
    }
    (row,) = doors.stored()
    assert row["time_us"] - row["started_us"] == 24 * 3600 * 1_000_000
    assert "100000" not in repr(row)


async def test_a_delivery_that_is_sent_again_changes_nothing(doors: Doors) -> None:
    await github(doors, "pull_request", pull_request())
    again = await github(doors, "pull_request", pull_request(), **{"x-github-delivery": "another"})
    assert again.json() == {"accepted": 0, "duplicates": 1, "rejected": 0}


async def test_a_revert_takes_back_the_merge_that_it_names(doors: Doors) -> None:
    await github(doors, "pull_request", pull_request(number=7, user={"login": "cleo"}))
    await github(doors, "pull_request", pull_request(head={"ref": "revert-7-feature"}))
    first, second = sorted(doors.stored(), key=lambda row: row["task"], reverse=True)
    assert (first["task"], second["task"]) == ("acme/web#7", "acme/web#12")
    assert second["reverses_key"] == first["key"]


@pytest.mark.parametrize(
    "changes",
    [
        {"head": {"ref": "revert-7-feature"}, "body": "Reverts acme/web#7"},
        {"head": {"ref": "revert-7-feature"}, "body": "Broke the night build.\r\n\r\nReverts #7."},
        {"head": {"ref": "revert-7-feature"}, "title": 'Revert "Feature"', "body": None},
        {"head": {"ref": "undo"}, "title": 'Revert "Feature"', "body": "Reverts #7"},
        {
            "head": {"ref": "revert-7-revert-3-feature"},
            "title": 'Revert "Revert "Feature""',
            "body": "Reverts acme/web#7",
        },
    ],
)
async def test_a_revert_is_known_by_two_of_its_three_marks(doors: Doors, changes: dict[str, Any]) -> None:
    await github(doors, "pull_request", pull_request(number=7))
    await github(doors, "pull_request", pull_request(**changes))
    by_task = {row["task"]: row for row in doors.stored()}
    assert by_task["acme/web#12"]["reverses_key"] == by_task["acme/web#7"]["key"]


@pytest.mark.parametrize(
    "changes",
    [
        {"head": {"ref": "revert-500-page"}, "body": "An own page for 500."},
        {"head": {"ref": "feature"}, "title": "Feature", "body": "Reverts #7 in part"},
        {"head": {"ref": "feature"}, "title": 'Revert "Feature"', "body": None},
        {"head": {"ref": "feature"}, "title": "Revert of fortune", "body": "Reverts"},
    ],
)
async def test_one_mark_alone_is_no_revert(doors: Doors, changes: dict[str, Any]) -> None:
    await github(doors, "pull_request", pull_request(**changes))
    assert [row["reverses_key"] for row in doors.stored()] == [None]


async def test_the_revert_of_a_bare_commit_is_no_work(doors: Doors) -> None:
    """Nobody says whose work it was, but taking back is none."""
    changes = {"head": {"ref": "undo"}, "title": 'Revert "Feature"', "body": "This reverts commit 0123abc."}
    assert (await github(doors, "pull_request", pull_request(**changes))).json()["accepted"] == 0


async def test_closing_without_merging_is_nothing(doors: Doors) -> None:
    assert (await github(doors, "pull_request", pull_request(merged_at=None))).json()["accepted"] == 0


async def test_a_colleagues_approval_is_a_review(doors: Doors) -> None:
    review = {
        "id": 3,
        "state": "approved",
        "submitted_at": "2026-11-21T09:00:00Z",
        "user": {"login": "bob"},
        "body": CANARY,
    }
    payload = {**pull_request(), "action": "submitted", "review": review}
    await github(doors, "pull_request_review", payload)
    await github(doors, "pull_request_review", {**payload, "review": {**review, "state": "commented"}})
    assert told(doors) == [("github", "bob", "reviewed", "acme/web#12", None)]


async def test_an_issue_is_done_by_its_assignee_and_undone_when_opened_again(doors: Doors) -> None:
    await github(doors, "issues", issue("closed"))
    await github(doors, "issues", issue("reopened", updated_at="2026-11-22T10:00:00Z"))
    await github(doors, "issues", issue("closed", closed_at="2026-11-23T10:00:00Z"))
    task = ("github", "ada", "ticket_resolved", "acme/web#5")
    assert told(doors) == [(*task, True), (*task, False), (*task, True)]


async def test_an_unassigned_issue_is_done_by_whoever_closes_it(doors: Doors) -> None:
    await github(doors, "issues", issue("closed", assignee=None))
    await github(doors, "issues", issue("closed", number=6, state_reason="not_planned"))
    await github(doors, "issues", issue("reopened", assignee=None))
    assert told(doors) == [("github", "bob", "ticket_resolved", "acme/web#5", True)]


async def test_an_issue_is_done_by_the_first_of_its_assignees_where_github_names_no_single_one(doors: Doors) -> None:
    given = issue("closed", assignees=[{"login": "ada"}, {"login": "cleo"}])
    del given["issue"]["assignee"]
    await github(doors, "issues", given)
    assert told(doors) == [("github", "ada", "ticket_resolved", "acme/web#5", True)]


@pytest.mark.parametrize(
    "review",
    [
        {"state": "commented", "submitted_at": None},
        {"state": None, "submitted_at": None},
        {"state": "dismissed", "submitted_at": "2026-11-21T09:00:00Z"},
    ],
)
async def test_a_review_that_counts_for_nothing_needs_nothing(doors: Doors, review: dict[str, Any]) -> None:
    payload = {**pull_request(), "action": "submitted", "review": {"id": 3, "user": None, **review}}
    answer = await github(doors, "pull_request_review", payload)
    assert (answer.status_code, answer.json()["accepted"], answer.json()["rejected"]) == (200, 0, 0)


async def test_a_merge_by_somebody_who_is_gone_counts_as_nobodys(doors: Doors) -> None:
    await github(doors, "pull_request", pull_request(user=None, title=None, body=None, head={"ref": None}))
    assert told(doors) == [("github", "", "pull_request_merged", "acme/web#12", True)]


async def test_a_ping_and_what_is_unknown_are_answered_and_not_kept(doors: Doors) -> None:
    for name in ("ping", "workflow_run", "star"):
        assert (await github(doors, name, {"zen": "Keep it logically awesome."})).status_code == 200
    assert doors.stored() == []


async def test_a_form_is_read_like_json(doors: Doors) -> None:
    raw = httpx.QueryParams({"payload": json.dumps(pull_request())})
    answer = await github(
        doors, "pull_request", str(raw).encode(), **{"content-type": "application/x-www-form-urlencoded"}
    )
    assert answer.json()["accepted"] == 1


@pytest.mark.parametrize("secret", SECRETS.github)
async def test_every_secret_of_the_door_is_good(doors: Doors, secret: str) -> None:
    raw = json.dumps(pull_request()).encode()
    answer = await github(doors, "pull_request", raw, **{"x-hub-signature-256": f"sha256={signature(secret, raw)}"})
    assert answer.status_code == 200


@pytest.mark.parametrize("given", ["", "sha256=", "sha256=" + "0" * 64, "sha1=abc", "sha256=\xff", "nonsense"])
async def test_a_body_without_a_fitting_signature_is_refused(doors: Doors, given: str) -> None:
    answer = await github(doors, "pull_request", pull_request(), **{"x-hub-signature-256": given.encode("latin-1")})
    assert answer.status_code == 401
    assert doors.stored() == []


async def test_a_door_without_a_secret_is_shut(sqlite_store: Store) -> None:
    async with open_doors(sqlite_store, now_us=MONDAY_NOON_US) as doors:
        answer = await github(doors, "ping", {})
    assert (answer.status_code, "BANDSTAND_HOOK_SECRETS__GITHUB" in answer.text) == (401, True)


@pytest.mark.parametrize(
    ("name", "payload", "place"),
    [
        ("pull_request", pull_request(number="twelve"), "pull_request.number"),
        ("pull_request", pull_request(merged_at="yesterday"), "pull_request.merged_at"),
        ("pull_request", pull_request(user={"login": "a\u202eb"}), "subject"),
        ("issues", issue("closed", closed_at=None), "issue.closed_at"),
        ("pull_request_review", {**pull_request(), "action": "submitted"}, "review"),
    ],
)
async def test_an_odd_delivery_is_kept_aside_without_content(
    doors: Doors, name: str, payload: object, place: str
) -> None:
    answer = await github(doors, name, payload)
    assert (answer.status_code, answer.json()["rejected"]) == (200, 1)
    ((source, where, reason),) = doors.rejected()
    assert (source, where) == ("github", place)
    assert CANARY not in reason


@pytest.mark.parametrize("raw", [b"", b"[1]", b"{", b'{"action": 1}', b"\xff\xfe", b"[" * 100_000, b'"x"', b"null"])
@pytest.mark.parametrize("path", ["github", "jira", "linear"])
async def test_what_is_no_delivery_is_refused_with_its_place(doors: Doors, path: str, raw: bytes) -> None:
    headers = {
        "content-type": "application/json",
        "x-github-event": "issues",
        "x-hub-signature-256": f"sha256={signature('gh-hook-secret', raw)}",
        "x-hub-signature": f"sha256={signature('jira-secret', raw)}",
        "linear-signature": signature("linear-secret", raw),
    }
    answer = await doors.client.post(f"/hooks/{path}", content=raw, headers=headers)
    assert answer.status_code in ((400, 401) if path == "linear" else (200, 400) if raw.startswith(b'{"') else (400,))
    assert doors.stored() == []


def jira_update(*items: Mapping[str, object], category: str = "done", **fields: object) -> dict[str, Any]:
    return {
        "webhookEvent": "jira:issue_updated",
        "timestamp": 1_795_400_000_000,
        "user": {"accountId": "u-bob"},
        "issue": {
            "key": "OPS-7",
            "fields": {
                "summary": CANARY,
                "created": "2026-11-01T10:00:00.000+0100",
                "assignee": {"accountId": "u-ada", "emailAddress": "Ada@Acme.test"},
                "status": {"name": "Fixed", "statusCategory": {"key": category}},
                **fields,
            },
        },
        "changelog": {"id": "100", "items": items},
    }


async def test_a_jira_issue_that_is_done_is_its_assignees_outcome(doors: Doors) -> None:
    done = jira_update({"field": "status", "from": "3", "to": "5", "toString": CANARY})
    for _ in range(2):
        assert (await jira(doors, done)).status_code == 200
    assert told(doors) == [("jira", "ada@acme.test", "ticket_resolved", "OPS-7", True)]
    (row,) = doors.stored()
    assert row["started_us"] == 1_793_523_600_000_000


async def test_a_jira_issue_that_is_opened_again_is_not_accepted(doors: Doors) -> None:
    items = ({"field": "resolution", "from": "10000", "to": None}, {"field": "status", "from": "5", "to": "3"})
    await jira(doors, jira_update(*items, category="indeterminate"))
    await jira(doors, jira_update({"field": "summary", "from": CANARY, "to": CANARY}))
    assert told(doors) == [("jira", "ada@acme.test", "ticket_resolved", "OPS-7", False)]


@pytest.mark.parametrize(
    "item",
    [
        {"field": "labels", "from": ["a"], "to": {"b": 1}},
        {"field": None, "fieldId": None},
        {"field": "customfield_1", "from": 5, "to": 1.5},
    ],
)
async def test_what_else_changed_in_a_jira_issue_may_be_of_any_kind(doors: Doors, item: dict[str, object]) -> None:
    await jira(doors, jira_update(item, {"field": "status", "from": 3, "to": 5}))
    assert told(doors) == [("jira", "ada@acme.test", "ticket_resolved", "OPS-7", True)]


async def test_an_issue_of_jira_data_center_belongs_to_its_assignees_name(doors: Doors) -> None:
    server = {"name": "ada", "key": "JIRAUSER10000", "displayName": CANARY, "emailAddress": None}
    await jira(doors, jira_update({"field": "status"}, assignee=server, created=None))
    assert told(doors) == [("jira", "ada", "ticket_resolved", "OPS-7", True)]


@pytest.mark.parametrize(
    "payload",
    [
        {"webhookEvent": None},
        {**jira_update(), "changelog": None},
        {**jira_update(), "changelog": {"id": None, "items": None}},
        jira_update({"field": "status"}, status=None),
        jira_update({"field": "status"}, status={"statusCategory": None}),
        jira_update({"field": "resolution", "from": "1", "to": None}, status=None, assignee=None),
    ],
    ids=["event", "changelog", "items", "status", "category", "assignee"],
)
async def test_nulls_of_jira_are_nothing(doors: Doors, payload: dict[str, object]) -> None:
    answer = await jira(doors, payload)
    assert (answer.status_code, answer.json()["accepted"], answer.json()["rejected"]) == (200, 0, 0)


def linear_update(before: Mapping[str, object], **changes: object) -> dict[str, Any]:
    return {
        "type": "Issue",
        "action": "update",
        "data": {
            "identifier": "ENG-9",
            "title": CANARY,
            "createdAt": "2026-11-01T10:00:00.000Z",
            "startedAt": "2026-11-02T10:00:00.000Z",
            "updatedAt": "2026-11-03T10:00:00.000Z",
            "completedAt": "2026-11-03T10:00:00.000Z",
            "state": {"type": "completed", "name": CANARY},
            "team": {"key": "ENG"},
            "assignee": {"id": "u1", "email": "ada@acme.test"},
            **changes,
        },
        "updatedFrom": before,
    }


async def test_a_linear_issue_is_completed_and_opened_again(doors: Doors) -> None:
    await linear(doors, linear_update({"stateId": "s1", "completedAt": None}))
    await linear(
        doors,
        linear_update(
            {"stateId": "s2", "completedAt": "2026-11-03T10:00:00.000Z"},
            completedAt=None,
            updatedAt="2026-11-04T10:00:00.000Z",
            state={"type": "started"},
        ),
    )
    await linear(doors, linear_update({"title": CANARY}))
    task = ("linear", "ada@acme.test", "ticket_resolved", "ENG-9")
    assert told(doors) == [(*task, True), (*task, False)]


@pytest.mark.parametrize(
    ("payload", "subject"),
    [
        (linear_update({"stateId": "s1"}, assignee=None, startedAt=None, team=None), ""),
        (linear_update({"stateId": "s1"}, assignee={"id": "u1", "email": None}, completedAt=None), "u1"),
        (linear_update({"stateId": "s1"}, assignee={"id": None, "email": "ada@acme.test"}), "ada@acme.test"),
    ],
    ids=["nobody", "id", "email"],
)
async def test_a_completed_linear_issue_counts_whatever_is_null(
    doors: Doors, payload: dict[str, Any], subject: str
) -> None:
    await linear(doors, payload)
    assert told(doors) == [("linear", subject, "ticket_resolved", "ENG-9", True)]


@pytest.mark.parametrize(
    "payload",
    [
        {"type": None, "action": None},
        {**linear_update({}), "updatedFrom": None},
        linear_update({"stateId": "s1"}, state=None),
        linear_update({"stateId": "s1"}, state={"type": None}),
        {**linear_update({}), "action": "create"},
        {"type": "Comment", "action": "update", "data": {"id": "c"}},
    ],
    ids=["head", "before", "state", "type", "create", "comment"],
)
async def test_what_linear_tells_of_nothing_done_is_taken(doors: Doors, payload: dict[str, Any]) -> None:
    answer = await linear(doors, payload)
    assert (answer.status_code, answer.json()["accepted"], answer.json()["rejected"]) == (200, 0, 0)


async def test_a_linear_delivery_of_long_ago_is_refused(doors: Doors) -> None:
    answer = await linear(doors, linear_update({"stateId": "s1"}), sent_us=NOW_US - 61_000_000)
    assert answer.status_code == 401


async def test_no_content_is_kept(sqlite_store: Store, sqlite_url: str) -> None:
    async with open_doors(sqlite_store, secrets=SECRETS, now_us=NOW_US) as doors:
        await github(doors, "pull_request", pull_request())
        await github(doors, "issues", issue("closed"))
        await jira(doors, jira_update({"field": "status", "to": "5"}))
        await linear(doors, linear_update({"stateId": "s1"}))
        assert len(doors.stored()) == 4
        assert CANARY not in repr(doors.stored()) + repr(doors.rejected())
