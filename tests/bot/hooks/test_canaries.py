"""Whatever content comes with a CloudEvent, in whatever field, known or unknown: it is found nowhere afterwards."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.hooks.facts import SHAPES
from db.engine import Store
from tests.bot.hooks.doors import BATCH, SINGLE, Doors, cloud_event, open_doors, receipt
from tests.bot.hooks.held import everything_kept, overhearing

CANARY = "CANARY-51c9"
_HIDDEN = {
    f"{CANARY} key": f"{CANARY} text",
    "prompt": f"{CANARY} prompt",
    "messages": [{"role": "user", "content": f"{CANARY} content", "parts": [[{"text": f"{CANARY} part"}]]}],
    "error": {"traceback": f"{CANARY} traceback", "request": {"headers": {"authorization": f"{CANARY} header"}}},
}
_DATA: dict[str, dict[str, Any]] = {
    "bandstand.usage": {"model": "gpt-4o", "tokens": {"input": 5, **_HIDDEN}, "task": "KEPT-7"},
    "bandstand.outcome": {"kind": "ticket_resolved", "task": "KEPT-7", "accepted": True},
    "bandstand.policy": {"kind": "violation", "name": "KEPT-7", "severity": "low"},
    "bandstand.contribution": {"action": "shared", "asset": "KEPT-7", "kind": "tool"},
    "bandstand.training": {"module": "KEPT-7", "action": "completed"},
}
_ODD = (
    f"{CANARY} text",  # which a name, an id or a subject may be
    [f"{CANARY} in a list"],
    {f"{CANARY} name": f"{CANARY} value"},
    f"{CANARY} too long " * 200,
    f"{CANARY} odd \u0000",
)
_FITTING = {"tags": list, "tokens": dict}  # that an odd value of theirs is taken for


def events_that_are_taken() -> list[dict[str, object]]:
    """An event of each type with content in every place that is not read."""
    extensions = {
        "traceparent": f"{CANARY}",
        "dataschema": f"https://{CANARY}.test",
        "datacontenttype": CANARY,
        **_HIDDEN,
    }
    return [cloud_event(data | _HIDDEN, type=type_, id=type_, **extensions) for type_, data in _DATA.items()]


def events_that_are_refused() -> Iterator[dict[str, object]]:
    """Events with content in each place that is read, but of a wrong type, too long, or with odd characters."""
    for name in cloud_event():
        odds = _ODD[1:] if name in ("id", "source", "subject") else _ODD
        yield from (cloud_event(**{name: odd}) for odd in odds)
    for type_, data in _DATA.items():
        for name in SHAPES[type_].__struct_fields__:
            odds = [odd for odd in _ODD[1:] if _FITTING.get(name) is not type(odd)]
            yield from (cloud_event(data | {name: odd}, type=type_) for odd in odds)


async def in_headers(doors: Doors, **headers: str) -> httpx.Response:
    event = {name: str(value) for name, value in cloud_event().items() if name != "data"}
    named = {f"ce_{name}": value for name, value in (event | headers).items()}
    body = json.dumps(_DATA["bandstand.usage"] | _HIDDEN).encode()
    return await doors.events(body, "application/json", **named)


async def test_no_content_reaches_database_log_or_answer(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    answers: list[httpx.Response] = []
    with overhearing(caplog) as said:
        async with open_doors(store) as doors:
            taken = events_that_are_taken()
            answers.append(await doors.events(taken, BATCH))
            assert answers[0].json() == receipt(5)
            answers.append(await in_headers(doors, extension=CANARY, id="in headers"))
            assert answers[1].json() == receipt(1)
            packed = cloud_event(
                id="packed", data_base64=base64.b64encode(json.dumps(taken[0]["data"]).encode()).decode()
            )
            del packed["data"]
            answers.append(await doors.events(packed))
            assert answers[2].json() == receipt(1)

            refused = [await doors.events(event, SINGLE) for event in events_that_are_refused()]
            refused += [await doors.events([cloud_event(), event], BATCH) for event in events_that_are_refused()]
            refused += [await in_headers(doors, **{name: f"%00{CANARY}"}) for name in ("id", "source", "type", "time")]
            refused += [await in_headers(doors, specversion=CANARY), await doors.events(CANARY.encode())]
            refused.append(await doors.events(json.dumps(taken).encode()[:-30], BATCH))
            assert [one.request.content[:300] for one in refused if one.status_code != 400] == []
            answers += refused
            answers.append(await doors.events(taken, f"text/{CANARY}"))
            answers.append(await doors.events(taken, BATCH, content_encoding=CANARY))
            answers.append(await doors.events(taken, BATCH, authorization=f"Bearer {CANARY}"))
            kept = everything_kept(store, tmp_path)
    assert b"KEPT-7" in kept
    assert CANARY.encode() not in kept
    assert CANARY.encode() not in said()
    assert not [answer.text for answer in answers if CANARY in answer.text + str(answer.headers)]
