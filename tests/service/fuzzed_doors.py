"""The doors to be fuzzed: how each is proved to, and what honest programs send there. A new door is a line in ``DOORS``."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import httpx
import msgspec

from bot.sandbox.company.sending import signature_headers
from tests.bot.hooks.doors import BATCH, EVENTS_SECRET, LITELLM_SECRET, SINGLE, cloud_event, litellm_record

CANARY = "CANARY-a4c1f0"
_FIXTURES = Path(__file__).parents[1] / "fixtures"


class Seed(msgspec.Struct, frozen=True):
    """What an honest program sends; ``headers`` say what it is."""

    body: bytes
    headers: Mapping[str, str]


def error_in_json(answer: httpx.Response) -> str:
    """The fault that an answer names, at a door that answers in JSON."""
    error: str = answer.json()["error"]
    return error


class FuzzedDoor(msgspec.Struct, frozen=True):
    """``proof`` makes the headers that prove the sender of a body; ``fault`` reads the fault from a refusal."""

    path: str
    proof: Callable[[bytes], Mapping[str, str]]
    seeds: Sequence[Seed]
    fault: Callable[[httpx.Response], str] = error_in_json


def bearer(token: str) -> Callable[[bytes], Mapping[str, str]]:
    return lambda _body: {"Authorization": f"Bearer {token}"}


def standard_webhook(secret: str) -> Callable[[bytes], Mapping[str, str]]:
    return lambda body: signature_headers(secret, "fuzz", int(time.time()), body)


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


DOORS: Sequence[FuzzedDoor] = (
    FuzzedDoor("/hooks/events", standard_webhook(EVENTS_SECRET), _events()),
    FuzzedDoor("/hooks/litellm", bearer(LITELLM_SECRET), _litellm()),
)
