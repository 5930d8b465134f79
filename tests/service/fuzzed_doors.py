"""The doors to be fuzzed: how each is proved to, and what honest programs send there. A new door is a line in ``DOORS``."""

from __future__ import annotations

import hmac
import json
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import httpx
import msgspec
from google.rpc.status_pb2 import Status

from bot.sandbox.company.sending import signature_headers
from tests.bot.hooks.doors import BATCH, EVENTS_SECRET, SINGLE, cloud_event, litellm_record
from tests.service.processes import TOKEN

CANARY = "CANARY-a4c1f0"
_BEGUN, _DONE = "2026-05-20T10:00:00Z", "2026-05-21T10:00:00Z"
_FIXTURES = Path(__file__).parents[1] / "fixtures"


class Seed(msgspec.Struct, frozen=True):
    """What an honest program sends; ``headers`` say what it is."""

    body: bytes
    headers: Mapping[str, str]


def error_in_json(answer: httpx.Response) -> str:
    """The fault that an answer names, at a door that answers in JSON."""
    error: str = answer.json()["error"]
    return error


def message_of_status(answer: httpx.Response) -> str:
    """The same at the door of OTLP, which answers as it was asked."""
    if answer.headers["Content-Type"] == "application/json":
        message: str = answer.json()["message"]
        return message
    return str(Status.FromString(answer.content).message)


class FuzzedDoor(msgspec.Struct, frozen=True):
    """``proof`` makes the headers that prove the sender of a body; ``fault`` reads the fault from a refusal.

    ``seeds`` are made anew for each round, as some tell the time.
    """

    path: str
    proof: Callable[[bytes], Mapping[str, str]]
    seeds: Callable[[], Sequence[Seed]]
    fault: Callable[[httpx.Response], str] = error_in_json
    refusals: frozenset[int] = frozenset({400, 413, 415})


def bearer(token: str) -> Callable[[bytes], Mapping[str, str]]:
    return lambda _body: {"Authorization": f"Bearer {token}"}


def standard_webhook(secret: str) -> Callable[[bytes], Mapping[str, str]]:
    return lambda body: signature_headers(secret, "fuzz", int(time.time()), body)


def digest(header: str, prefix: str = "") -> Callable[[bytes], Mapping[str, str]]:
    return lambda body: {header: prefix + hmac.digest(TOKEN.encode(), body, "sha256").hex()}


def _events() -> Sequence[Seed]:
    hidden = {"prompt": f"{CANARY} prompt", "messages": [{"role": "user", "content": f'{CANARY} \\u65e5 "quoted"'}]}
    usage = {"model": "gpt-4o", "tokens": {"input": 90, "cache_read": 5}, "cost_usd": "0.01", "tags": ["a", "b"]}
    usage |= {"latency_ms": 12.5, "status": "ok", "retry": False, "session": "s", "lane": "exploration"}
    outcome = {"kind": "ticket_resolved", "task": "T-1", "started": "2026-05-30T09:00:00+02:00", "accepted": True}
    outcome |= {"edit_distance": 0.25, "errors": 0, "minutes_saved": 5, "reverses": "0"}
    policy = {"kind": "violation", "name": "pasted a key", "severity": "high"}
    asset = {"action": "shared", "asset": "a", "kind": "tool", "title": "A tool", "url": "https://acme.test/a"}
    training = {"module": "basics", "action": "completed"}
    data = {"usage": usage, "outcome": outcome, "policy": policy, "contribution": asset, "training": training}
    events = [
        cloud_event(one | hidden, type=f"bandstand.{name}", id=name, extension=f"{CANARY} extension")
        for name, one in data.items()
    ]
    attributes = ("id", "source", "type", "time", "specversion", "subject")
    in_headers = {f"ce-{name}": str(events[0][name]) for name in attributes}
    return (
        *(Seed(json.dumps(event).encode(), {"Content-Type": SINGLE}) for event in events),
        Seed(json.dumps(events).encode(), {"Content-Type": BATCH}),
        Seed(json.dumps(usage | hidden).encode(), {"Content-Type": "application/json", **in_headers}),
    )


def _litellm() -> Sequence[Seed]:
    hidden = {"messages": [{"role": "user", "content": f'{CANARY} \\u65e5 "quoted"'}], "response": f"{CANARY} answer"}
    form = {"Content-Type": "application/json"}
    record = litellm_record(**hidden, request_tags=["task:OPS-7", "blue"], error_str=f"{CANARY} error")
    captured = ("failure_budget_exceeded.body.json", "single_redacted_with_session.body.json", "batch.ndjson")
    lines = b"\n".join(json.dumps(record | {"id": str(number)}).encode() for number in range(3))
    return (
        Seed(json.dumps(record).encode(), form),
        Seed(json.dumps([record, record | {"id": "2", "status": "failure"}]).encode(), form),
        Seed(lines, form),
        *(Seed((_FIXTURES / "litellm" / name).read_bytes(), form) for name in captured),
    )


def _otlp(kind: str) -> Callable[[], Sequence[Seed]]:
    json_form, protobuf = {"Content-Type": "application/json"}, {"Content-Type": "application/x-protobuf"}
    forms = {".json": json_form, ".pb": protobuf, ".gz": protobuf | {"Content-Encoding": "gzip"}}
    found = sorted((_FIXTURES / "claude_code").glob(f"*/*_{kind}.body.*"))
    return lambda: [Seed(path.read_bytes(), forms[path.suffix]) for path in found]


def _github() -> Sequence[Seed]:
    form = {"Content-Type": "application/json"}
    hidden = {"title": CANARY, "body": f"{CANARY} body", "labels": [{"name": CANARY}]}
    repository = {"repository": {"full_name": "acme/web"}, "sender": {"login": "bob"}}
    pull = {"number": 12, "user": {"login": "ada"}, "created_at": _BEGUN, "merged_at": _DONE, "merged": True, **hidden}
    issue = {"number": 5, "created_at": _BEGUN, "updated_at": _DONE, "closed_at": _DONE, "state_reason": "completed"}
    review = {"id": 3, "state": "approved", "submitted_at": _DONE, "user": {"login": "cleo"}, "body": CANARY}
    told = {
        "pull_request": {"action": "closed", "pull_request": pull | {"head": {"ref": "revert-7-feature"}}},
        "issues": {"action": "closed", "issue": issue | hidden | {"assignee": {"login": "ada"}}},
        "pull_request_review": {"action": "submitted", "pull_request": pull, "review": review},
    }
    made = [Seed(json.dumps(repository | one).encode(), form | {"X-GitHub-Event": name}) for name, one in told.items()]
    merged = (_FIXTURES / "github" / "emulate_pull_request_closed_merged.body.json").read_bytes()
    return (*made, Seed(merged, form | {"X-GitHub-Event": "pull_request"}))


def _jira() -> Sequence[Seed]:
    changes = ({"field": "status", "from": "3", "to": "5", "toString": CANARY}, {"field": "resolution", "from": "1"})
    fields = {
        "summary": CANARY,
        "created": "2026-05-01T10:00:00.000+0100",
        "status": {"statusCategory": {"key": "done"}},
    }
    update = {
        "webhookEvent": "jira:issue_updated",
        "timestamp": 1_780_315_200_000,
        "user": {"accountId": "u-bob", "displayName": CANARY},
        "issue": {
            "key": "OPS-7",
            "fields": fields | {"assignee": {"accountId": "u-ada", "emailAddress": "a@acme.test"}},
        },
    }
    bodies = [json.dumps(update | {"changelog": {"id": "100", "items": [one]}}).encode() for one in changes]
    return [Seed(body, {"Content-Type": "application/json"}) for body in bodies]


def _linear() -> Sequence[Seed]:
    issue = {"identifier": "ENG-9", "title": CANARY, "createdAt": _BEGUN, "updatedAt": _DONE, "completedAt": _DONE}
    issue |= {"state": {"type": "completed"}, "team": {"key": "ENG"}, "assignee": {"id": "u1", "email": "a@acme.test"}}
    update = {"type": "Issue", "action": "update", "data": issue, "updatedFrom": {"stateId": "s1", "completedAt": None}}
    body = json.dumps(update | {"webhookTimestamp": time.time_ns() // 1_000_000}).encode()
    return [Seed(body, {"Content-Type": "application/json"})]


_STALE = frozenset({400, 401, 413, 415})  # the time at which Linear sends stands in the body

DOORS: Sequence[FuzzedDoor] = (
    FuzzedDoor("/hooks/events", standard_webhook(EVENTS_SECRET), _events),
    FuzzedDoor("/hooks/litellm", bearer(TOKEN), _litellm),
    FuzzedDoor("/hooks/otlp/v1/metrics", bearer(TOKEN), _otlp("metrics"), message_of_status),
    FuzzedDoor("/hooks/otlp/v1/logs", bearer(TOKEN), _otlp("logs"), message_of_status),
    FuzzedDoor("/hooks/otlp/v1/traces", bearer(TOKEN), _otlp("traces"), message_of_status),
    FuzzedDoor("/hooks/github", digest("X-Hub-Signature-256", "sha256="), _github),
    FuzzedDoor("/hooks/jira", digest("X-Hub-Signature", "sha256="), _jira),
    FuzzedDoor("/hooks/linear", digest("Linear-Signature"), _linear, refusals=_STALE),
)
