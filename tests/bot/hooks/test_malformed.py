"""Whatever is sent, the answer is a 4xx that names the place, never a 5xx, and nothing is stored."""

from __future__ import annotations

import gzip
import json
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.engine import Store
from tests.bot.hooks.doors import BATCH, SINGLE, Doors, cloud_event, litellm_record, open_doors

HUGE = "9" * 5_000
DEEP = "[" * 200_000 + "]" * 200_000


@pytest.fixture
async def doors(sqlite_store: Store) -> AsyncIterator[Doors]:
    async with open_doors(sqlite_store) as opened:
        yield opened


def with_raw(text: str) -> bytes:
    """An event whose ``use_case`` is ``text`` as JSON, however broken."""
    return json.dumps(cloud_event({"model": "m", "use_case": "HERE"})).replace('"HERE"', text).encode()


async def refused(doors: Doors, body: object, content_type: str = SINGLE, **headers: str) -> str:
    answer = await doors.events(body, content_type, **headers)
    assert (answer.status_code, doors.stored()) == (400, [])
    error: str = answer.json()["error"]
    assert error.isprintable()
    assert len(error) < 300
    return error


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (b"", "body: not JSON: input data was truncated"),
        (b'{"id": ', "body: not JSON: input data was truncated"),
        (b"nonsense", "body: not JSON: invalid character"),
        (b"null", "body: expected `object`, got `null`"),
        (b"[]", "body: expected `object`, got `array`"),
        (b"{} {}", "specversion: missing"),
        (b"\xef\xbb\xbf{}", "body: not JSON: invalid character (byte 0)"),
        ("{}".encode("utf-16"), "body: not JSON"),
        (DEEP.encode(), "body: expected `object`, got `array`"),
        (with_raw(DEEP), "body: nested too deeply"),
        (with_raw("NaN"), "body: not JSON: invalid character"),
        (with_raw("Infinity"), "body: not JSON: invalid character"),
        (with_raw("1e400"), "data.use_case: number out of range"),
        (with_raw('"a\x00b"'), "body: not JSON: invalid character"),
        (with_raw('"a\\u0000b"'), "data.use_case: holds the character U+0000, which is not text"),
        (with_raw('"a\\nb"'), "data.use_case: holds the character U+000A, which is not text"),
        (with_raw('"\\ud800"'), "data.use_case: holds bytes or escapes that stand for no character"),
        (with_raw('"\\udc00\\ud800"'), "data.use_case: holds bytes or escapes that stand for no character"),
        (with_raw('"?"').replace(b"?", b"\xed\xa0\x80"), "data.use_case: holds bytes or escapes that stand for"),
        (with_raw('"?"').replace(b"?", b"\xff\xfe"), "data.use_case: holds bytes or escapes that stand for"),
        (with_raw(json.dumps("x" * 301)), "data.use_case: longer than 300 characters"),
    ],
    ids=lambda value: repr(value)[:40],
)
async def test_a_body_that_is_no_event(doors: Doors, body: bytes, fault: str) -> None:
    assert (await refused(doors, body)).startswith(fault)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"specversion": "0.3"}, 'specversion: needs to be "1.0"'),
        ({"id": ""}, "id: expected `str` of length >= 1"),
        ({"id": 5}, "id: expected `str`, got `int`"),
        ({"id": "x" * 1001}, "id: longer than 1000 characters"),
        ({"source": None}, "source: expected `str`, got `null`"),
        ({"subject": ["ada"]}, "subject: expected `str | null`, got `array`"),
        ({"type": "bandstand.\x00"}, "type: unknown; there are bandstand.usage, bandstand.outcome"),
        ({"time": "2026-06-01T12:00:00"}, "time: expected `datetime` with a timezone component"),
        ({"time": "yesterday"}, "time: invalid RFC3339 encoded datetime"),
        ({"time": 1780315200}, "time: expected `datetime`, got `int`"),
        ({"time": "1999-12-31T23:59:59Z"}, "time: before the year 2000"),
        ({"time": "0001-01-01T00:00:00+14:00"}, "time: before the year 2000"),
        ({"time": "9999-12-31T23:59:59-14:00"}, "time: more than a day ahead of now (2026-06-01T12:00Z)"),
        ({"time": "2026-06-02T12:00:01Z"}, "time: more than a day ahead of now (2026-06-01T12:00Z)"),
        ({"data": None}, "data: expected `object`, got `null`"),
        ({"data": "{}"}, "data: expected `object`, got `str`"),
        ({"data_base64": "e30="}, "data_base64: cannot stand beside data"),
    ],
)
async def test_a_wrong_attribute_is_named(doors: Doors, changes: Mapping[str, object], fault: str) -> None:
    event = {**cloud_event(), **changes}
    assert (await refused(doors, event)).startswith(fault)
    batch = [cloud_event(id="a"), event]
    assert (await refused(doors, batch, BATCH)).startswith(f"[1].{fault}")


@pytest.mark.parametrize("name", ["specversion", "id", "source", "type", "time", "data"])
async def test_a_missing_attribute_is_named(doors: Doors, name: str) -> None:
    event = cloud_event()
    del event[name]
    assert await refused(doors, event) == f"{name}: missing"
    assert await refused(doors, [cloud_event(), event], BATCH) == f"[1].{name}: missing"


async def test_data_in_base64_has_to_be_that(doors: Doors) -> None:
    event = cloud_event(data_base64="%%%")
    del event["data"]
    assert await refused(doors, event) == "data_base64: not base64"
    assert await refused(doors, event | {"data_base64": "/w=="}) == "data: not JSON: invalid character (byte 0)"


@pytest.mark.parametrize(
    ("type_", "data", "fault"),
    [
        ("usage", "{}", "data.model: missing"),
        ("usage", '{"model": ""}', "data.model: expected `str` of length >= 1"),
        ("usage", '{"model": "m", "tokens": {"input": -1}}', "data.tokens.input: expected `int` >= 0"),
        ("usage", '{"model": "m", "tokens": {"input": 1.5}}', "data.tokens.input: expected `int`, got `float`"),
        ("usage", '{"model": "m", "tokens": {"output": true}}', "data.tokens.output: expected `int`, got `bool`"),
        ("usage", '{"model": "m", "tokens": {"input": 9223372036854775808}}', "data.tokens.input: expected `int` <="),
        ("usage", f'{{"model": "m", "tokens": {{"input": {HUGE}}}}}', "data.tokens.input: integer value out of range"),
        ("usage", '{"model": "m", "tokens": {"cache_read": 1e400}}', "data.tokens.cache_read: "),
        ("usage", '{"model": "m", "tokens": 5}', "data.tokens: expected `object`, got `int`"),
        ("usage", '{"model": "m", "cost_usd": -0.01}', "data.cost_usd: an amount from 0 to 1,000,000 dollars"),
        ("usage", '{"model": "m", "cost_usd": "NaN"}', "data.cost_usd: an amount from 0 to 1,000,000 dollars"),
        ("usage", '{"model": "m", "cost_usd": "-sNaN"}', "data.cost_usd: an amount from 0 to 1,000,000 dollars"),
        ("usage", '{"model": "m", "cost_usd": 1e400}', "data.cost_usd: an amount from 0 to 1,000,000 dollars"),
        ("usage", f'{{"model": "m", "cost_usd": {HUGE}}}', "data.cost_usd: an amount from 0 to 1,000,000 dollars"),
        ("usage", '{"model": "m", "cost_usd": "much"}', "data.cost_usd: invalid decimal string"),
        ("usage", '{"model": "m", "lane": "sandbox"}', 'data.lane: needs to be "exploration" or "production"'),
        ("usage", '{"model": "m", "status": "\\u0000"}', 'data.status: needs to be "error" or "ok"'),
        ("usage", '{"model": "m", "retry": 1}', "data.retry: expected `bool`, got `int`"),
        ("usage", '{"model": "m", "latency_ms": 1e400}', "data.latency_ms: number out of range"),
        ("usage", '{"model": "m", "latency_ms": -1}', "data.latency_ms: expected `float` >= 0"),
        ("usage", '{"model": "m", "tags": "a"}', "data.tags: expected `array | null`, got `str`"),
        ("usage", '{"model": "m", "tags": ["a", 5]}', "data.tags[1]: expected `str`, got `int`"),
        ("usage", '{"model": "m", "tags": ["a", "\\u0007"]}', "data.tags[1]: holds the character U+0007"),
        ("usage", '{"model": "m", "tags": [' + '"a",' * 64 + '"a"]}', "data.tags: more than 64 tags"),
        ("outcome", "{}", "data.kind: missing"),
        ("outcome", '{"kind": "k", "quality": 1.01}', "data.quality: expected `float` <= 1"),
        ("outcome", '{"kind": "k", "edit_distance": -0.1}', "data.edit_distance: expected `float` >= 0"),
        ("outcome", '{"kind": "k", "errors": -1}', "data.errors: expected `int` >= 0"),
        ("outcome", '{"kind": "k", "accepted": "yes"}', "data.accepted: expected `bool | null`, got `str`"),
        ("outcome", '{"kind": "k", "minutes_saved": -5}', "data.minutes_saved: expected `float` >= 0"),
        ("outcome", '{"kind": "k", "started": "2026-06-01"}', "data.started: invalid RFC3339"),
        ("outcome", '{"kind": "k", "started": "2026-06-01T12:00:01Z"}', "data.started: after the outcome's own time"),
        ("outcome", '{"kind": "k", "reverses": 1}', "data.reverses: expected `str | null`, got `int`"),
        ("policy", '{"kind": "milestone"}', "data.name: missing"),
        ("policy", '{"kind": "x", "name": "n"}', 'data.kind: needs to be "milestone" or "violation"'),
        ("policy", '{"kind": "violation", "name": "n"}', "data.severity: a violation needs one"),
        (
            "policy",
            '{"kind": "violation", "name": "n", "severity": "fatal"}',
            'data.severity: needs to be "high", "low" or "medium"',
        ),
        (
            "contribution",
            '{"action": "liked", "asset": "a"}',
            'data.action: needs to be "reused", "reviewed" or "shared"',
        ),
        ("contribution", '{"action": "shared", "asset": "a"}', "data.kind: what is shared needs one"),
        ("contribution", '{"action": "reused"}', "data.asset: missing"),
        (
            "contribution",
            '{"action": "shared", "asset": "a", "kind": "tool", "url": "javascript:alert(1)"}',
            "data.url: an address that begins with https:// is needed",
        ),
        ("training", '{"module": "m", "action": "started"}', 'data.action: needs to be "completed"'),
        ("training", '{"action": "completed"}', "data.module: missing"),
    ],
    ids=lambda value: repr(value)[:40],
)
async def test_wrong_data_is_named(doors: Doors, type_: str, data: str, fault: str) -> None:
    envelope = json.dumps(cloud_event(type=f"bandstand.{type_}") | {"data": "HERE"})
    body = envelope.replace('"HERE"', data).encode()
    assert (await refused(doors, body)).startswith(fault)
    assert (await refused(doors, b"[" + body + b"]", BATCH)).startswith(f"[0].{fault}")


async def test_fields_that_nobody_asked_for_may_be_as_odd_as_they_like(doors: Doors) -> None:
    body = json.dumps(cloud_event({"model": "m", "note": "HERE"}, extension=[{}])).replace("HERE", "\\ud800\\u0000")
    assert (await doors.events(body.encode())).status_code == 200


@pytest.mark.parametrize("path", ["/hooks/events", "/hooks/litellm"])
async def test_what_inflates_beyond_measure_is_413_and_never_held(doors: Doors, path: str) -> None:
    deflater = zlib.compressobj(wbits=31)
    bomb = (
        deflater.compress(b"[") + b"".join(deflater.compress(bytes(1 << 20)) for _ in range(1 << 9)) + deflater.flush()
    )  # half a GiB
    send = doors.events if path == "/hooks/events" else doors.litellm
    tracemalloc.start()
    answer = await send(bomb, content_encoding="gzip")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (answer.status_code, answer.json()["error"][:18]) == (413, "body: larger than ")
    assert peak < 100 << 20


@pytest.mark.parametrize(
    ("body", "encoding", "status"),
    [
        (b"not gzip", "gzip", 400),
        (b"", "gzip", 400),
        (gzip.compress(b"{}", mtime=0)[:-5], "gzip", 400),
        (gzip.compress(b"{}", mtime=0) + b"rest", "gzip", 400),
        (gzip.compress(b"", mtime=0) * 2000, "gzip", 400),
        (b"{}", "br", 415),
        (b"{}", "gzip, gzip", 415),
    ],
    ids=lambda value: repr(value)[:40],
)
async def test_what_cannot_be_inflated_is_refused(doors: Doors, body: bytes, encoding: str, status: int) -> None:
    for answer in (
        await doors.events(body, content_encoding=encoding),
        await doors.litellm(body, content_encoding=encoding),
    ):
        assert answer.status_code == status


async def test_members_of_a_gzip_stream_are_joined(doors: Doors) -> None:
    body = json.dumps(cloud_event()).encode()
    joined = gzip.compress(body[:50]) + gzip.compress(body[50:])
    assert (await doors.events(joined, content_encoding="GZIP")).status_code == 200


async def test_too_large_is_413_announced_or_in_chunks(doors: Doors) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(9):
            yield b" " * (1 << 20)

    assert (await doors.events(b" " * (9 << 20))).status_code == 413
    headers = {"authorization": "Bearer proxy-token", "content-type": "application/json"}
    announced = {**headers, "content-length": str(65 << 20)}
    assert (await doors.client.post("/hooks/litellm", content=b"{}", headers=announced)).status_code == 413
    headers = {"authorization": "Bearer whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "content-type": SINGLE}
    assert (await doors.client.post("/hooks/events", content=chunks(), headers=headers)).status_code == 413


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
EVENTS = st.dictionaries(st.sampled_from([*cloud_event(), "data_base64"]), ANY_JSON).map(
    lambda changes: {**cloud_event(), **changes}
)
USAGES = st.dictionaries(
    st.sampled_from(["model", "tokens", "cost_usd", "lane", "tags", "latency_ms", "status", "task"]), ANY_JSON
).map(lambda data: cloud_event(data))
RECORDS = st.dictionaries(st.sampled_from([*litellm_record()]), ANY_JSON).map(
    lambda changes: {**litellm_record(), **changes}
)
BODIES = st.one_of(
    st.binary(max_size=200),
    st.one_of(ANY_JSON, EVENTS, USAGES, RECORDS, st.lists(EVENTS | RECORDS | ANY_JSON, max_size=3)).map(
        lambda value: json.dumps(value).encode()
    ),
)


HEADERS = st.dictionaries(
    st.sampled_from(
        [
            *("content-type", "content-encoding", "content-length", "authorization"),
            *("webhook-id", "webhook-timestamp", "webhook-signature"),
            *("ce-id", "ce-time", "ce-specversion"),
        ]
    ),
    st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=30),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=BODIES, content_type=st.sampled_from([SINGLE, BATCH, "application/json"]))
async def test_no_body_whatever_is_an_error_of_ours(store: Store, body: bytes, content_type: str) -> None:
    async with open_doors(store) as doors:
        answers = [await doors.events(body, content_type), await doors.litellm(body)]
    assert all(answer.status_code in (200, 400) for answer in answers)
    assert all(answer.json() for answer in answers)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(headers=HEADERS)
async def test_no_headers_whatever_are_an_error_of_ours(sqlite_store: Store, headers: dict[str, str]) -> None:
    sent = {"content-type": "application/json", **headers}
    raw = [(name.encode(), value.encode("latin-1")) for name, value in sent.items()]
    async with open_doors(sqlite_store) as doors:
        for path in ("/hooks/events", "/hooks/litellm"):
            answer = await doors.client.post(path, content=b"{}", headers=raw)
            assert answer.status_code in (400, 401, 413, 415)
