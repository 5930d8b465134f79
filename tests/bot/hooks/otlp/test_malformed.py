"""Whatever an OTLP sender sends: a 4xx with a Status, or the good kept and the bad counted; never a 5xx."""

from __future__ import annotations

import gzip
import json
import random
import zlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
from google.rpc.status_pb2 import Status
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.hooks.otlp.answers import Encoding, SignalKind
from bot.hooks.otlp.reading import read_export
from db.engine import Store
from tests.bot.hooks.doors import PROTOBUF, Doors, open_doors
from tests.bot.hooks.otlp.claude_code import FILES, bytes_of, encoding_of, kind_of
from tests.bot.hooks.otlp.exports import (
    NOON_NS,
    counter,
    export,
    histogram,
    in_json,
    in_protobuf,
    log_record,
    point,
    read,
    span,
)
from tests.builders import MONDAY_NOON_US

JSON = "application/json"
TOKENS = "claude_code.token.usage"
COST = "claude_code.cost.usage"
GENAI_TOKENS = "gen_ai.client.token.usage"
DEEP = "[" * 200_000 + "]" * 200_000
NEEDED = "a number from 0 to 1,000,000,000,000 is needed"
INPUT = {"type": "input", "session.id": "s"}


@pytest.fixture
async def doors(sqlite_store: Store) -> AsyncIterator[Doors]:
    async with open_doors(sqlite_store) as opened:
        yield opened


def nested(depth: int) -> bytes:
    """Protobuf of a value within a value, ``depth`` times, as the first attribute of a resource."""
    body = b""
    for tag in (b"\x0a", b"\x2a") * depth:  # ArrayValue.values, AnyValue.array_value
        body = tag + _length(len(body)) + body
    for tag in (b"\x12", b"\x0a", b"\x0a", b"\x0a"):  # KeyValue.value, Resource.attributes, resource, resource_logs
        body = tag + _length(len(body)) + body
    return body


def _length(size: int) -> bytes:
    parts = []
    while size > 127:
        parts.append(size & 127 | 128)
        size >>= 7
    return bytes([*parts, size])


@pytest.mark.parametrize("kind", [kind.value for kind in SignalKind])
@pytest.mark.parametrize(
    ("body", "form"),
    [
        (b"\x0a", PROTOBUF),
        (b"\x0a\xff\xff\xff\xff\x7f", PROTOBUF),
        (b"{}", PROTOBUF),
        (bytes_of("plain_protobuf/02_metrics.body.pb")[:-1], PROTOBUF),
        (nested(60), PROTOBUF),
        (nested(10_000), PROTOBUF),
        (b"", JSON),
        (b"null", JSON),
        (b"[]", JSON),
        (b'"text"', JSON),
        (b"{", JSON),
        (b"{} {}", JSON),
        ("{}".encode("utf-16"), JSON),
        (DEEP.encode(), JSON),
        (f'{{"any": {DEEP}}}'.encode(), JSON),
        (b'{"resourceMetrics": 5, "resourceLogs": 5, "resourceSpans": 5}', JSON),
        (b'{"resourceMetrics": [5], "resourceLogs": [5], "resourceSpans": [5]}', JSON),
        (b'{"resourceMetrics": [{"resource": []}], "resourceLogs": [{"resource": []}], "resourceSpans": [[]]}', JSON),
    ],
    ids=lambda value: repr(value)[:40],
)
async def test_what_is_no_export_is_400(doors: Doors, kind: str, body: bytes, form: str) -> None:
    answer = await doors.otlp(kind, body, form)
    said = answer.json()["message"] if form == JSON else Status.FromString(answer.content).message
    assert (answer.status_code, doors.stored(), said.isprintable(), len(said) < 300) == (400, [], True, True)


async def test_values_within_values_are_refused_beyond_any_need(doors: Doors) -> None:
    def deep(depth: int) -> Any:
        value: Any = {"stringValue": "x"}
        for _ in range(depth):
            value = {"arrayValue": {"values": [value]}}
        return value

    content = export(SignalKind.METRICS, counter(TOKENS, point(5, {**INPUT, "deep": deep(30)}), point(5, INPUT)))
    delivery = read(SignalKind.METRICS, content)
    assert len(delivery.events) == 1
    assert [one.reason for one in delivery.rejected] == ["attributes: nested deeper than 16"]
    body = in_json(export(SignalKind.LOGS, log_record({}), deep=deep(30)))
    answer = await doors.otlp("logs", body, JSON)
    assert answer.json() == {"code": 3, "message": "resource: attributes: nested deeper than 16"}


@pytest.mark.parametrize(
    ("name", "given", "place", "reason"),
    [
        (TOKENS, point(-1, INPUT), "value", NEEDED),
        (TOKENS, point("NaN", INPUT), "value", NEEDED),
        (TOKENS, point("Infinity", INPUT), "value", NEEDED),
        (TOKENS, point(1e308, INPUT), "value", NEEDED),
        (TOKENS, point(str(2**63 - 1), INPUT, "asInt"), "value", NEEDED),
        (TOKENS, point("-5", INPUT, "asInt"), "value", NEEDED),
        (TOKENS, point(5, INPUT, timeUnixNano="0"), "timeUnixNano", "missing"),
        (TOKENS, point(5, INPUT, timeUnixNano="5"), "time", "before the year 2000"),
        (TOKENS, point(5, INPUT, timeUnixNano=str(2**64 - 1)), "time", "more than a day ahead of now"),
        (TOKENS, point(5, {f"a{number}": "x" for number in range(257)}), "", "attributes: more than 256"),
        (COST, point(-0.01, INPUT), "value", "an amount from 0 to 1,000,000 dollars is needed"),
        (COST, point("NaN", INPUT), "value", "an amount from 0 to 1,000,000 dollars is needed"),
        (COST, point("Infinity", INPUT), "value", "an amount from 0 to 1,000,000 dollars is needed"),
        (COST, point(1e308, INPUT), "value", "an amount from 0 to 1,000,000 dollars is needed"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_a_bad_point_is_counted_and_the_others_kept(name: str, given: Any, place: str, reason: str) -> None:
    content = export(SignalKind.METRICS, counter(name, point(5, INPUT), given), counter(TOKENS, point(7, INPUT)))
    delivery = read(SignalKind.METRICS, content)
    assert sum(len(event.readings) for event in delivery.events) == 2
    (rejected,) = delivery.rejected
    assert rejected.place == f"dataPoints[1]{'.' if place else ''}{place}"
    assert rejected.reason.startswith(reason)


@pytest.mark.parametrize(
    ("metric", "reason"),
    [
        (counter(TOKENS, point(5, INPUT), isMonotonic=False), "only what grows can be added up"),
        (counter(TOKENS, point(5, INPUT), temporality=0), "delta (1) or cumulative (2) is needed"),
        (
            {"name": TOKENS, "gauge": {"dataPoints": [point(5, INPUT)]}},
            "a gauge or a summary, where a counter is needed",
        ),
        (histogram(TOKENS, point(5, INPUT, "sum")), "a histogram, where a counter is needed"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_a_metric_that_cannot_be_added_up_is_counted_as_rejected(metric: Any, reason: str) -> None:
    delivery = read(SignalKind.METRICS, export(SignalKind.METRICS, metric))
    assert ([one.reason for one in delivery.rejected], delivery.events) == ([reason], [])


@pytest.mark.parametrize(
    ("given", "reasons"),
    [
        (point(5, {"gen_ai.token.type": "input"}, "sum"), []),
        (point(5, {"gen_ai.token.type": "input"}, "count"), ["sum: missing"]),
        (point(5, {"gen_ai.token.type": "input"}, "count", flags=1), []),
        (point(-5, {"gen_ai.token.type": "input"}, "sum"), [NEEDED]),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_a_histogram_needs_its_sum(given: Any, reasons: list[str]) -> None:
    content = export(SignalKind.METRICS, histogram(GENAI_TOKENS, given), service="app")
    assert [one.reason for one in read(SignalKind.METRICS, content).rejected] == reasons


def test_a_point_without_a_recorded_value_and_unknown_metrics_are_nothing() -> None:
    content = export(
        SignalKind.METRICS,
        counter(TOKENS, point(5, INPUT, flags=1)),
        counter("claude_code.unheard_of", point(-1, INPUT)),
        {"name": "claude_code.gauge", "gauge": {"dataPoints": [point(5, INPUT)]}},
        {"name": TOKENS},
    )
    delivery = read(SignalKind.METRICS, content)
    assert (delivery.events, delivery.rejected) == ([], [])


@pytest.mark.parametrize(
    ("attributes", "changes", "place"),
    [
        ({"input_tokens": -1}, {}, "logRecords[1].input_tokens"),
        ({"input_tokens": "many"}, {}, "logRecords[1].input_tokens"),
        ({"input_tokens": True}, {}, "logRecords[1].input_tokens"),
        ({"input_tokens": "9" * 5000}, {}, "logRecords[1].input_tokens"),
        ({"output_tokens": 1e308}, {}, "logRecords[1].output_tokens"),
        ({"output_tokens": {"doubleValue": "NaN"}}, {}, "logRecords[1].output_tokens"),
        ({"cost_usd": "NaN"}, {}, "logRecords[1].cost_usd"),
        ({"cost_usd": "much"}, {}, "logRecords[1].cost_usd"),
        ({"cost_usd": -0.5}, {}, "logRecords[1].cost_usd"),
        ({"cost_usd": True}, {}, "logRecords[1].cost_usd"),
        ({"cost_usd_micros": -1}, {}, "logRecords[1].cost_usd_micros"),
        ({"duration_ms": "-5"}, {}, "logRecords[1].duration_ms"),
        ({"duration_ms": "inf"}, {}, "logRecords[1].duration_ms"),
        ({}, {"timeUnixNano": "0"}, "logRecords[1].timeUnixNano"),
        ({"event.timestamp": "2026-06-01T12:00:00"}, {"timeUnixNano": "0"}, "logRecords[1].timeUnixNano"),
        ({}, {"timeUnixNano": str(NOON_NS + 2 * 86_400 * 10**9)}, "logRecords[1].time"),
        ({f"a{number}": "x" for number in range(257)}, {}, "logRecords[1]"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_a_bad_record_is_counted_and_the_others_kept(
    attributes: dict[str, Any], changes: dict[str, Any], place: str
) -> None:
    call = {"event.name": "api_request", "model": "m"}
    good = [log_record({**call, "request_id": str(number)}) for number in range(2)]
    bad = log_record({**call, "request_id": "bad", **attributes}, **changes)
    delivery = read(SignalKind.LOGS, export(SignalKind.LOGS, good[0], bad, good[1]))
    assert [event.id for event in delivery.events] == ["0", "1"]
    assert [one.place for one in delivery.rejected] == [place]


@pytest.mark.parametrize("changes", [{"spanId": ""}, {"spanId": "0" * 16}, {"endTimeUnixNano": "5"}])
def test_a_bad_span_is_counted(changes: dict[str, Any]) -> None:
    content = export(SignalKind.TRACES, span({"gen_ai.usage.input_tokens": 5}, **changes), service="app")
    delivery = read(SignalKind.TRACES, content)
    assert (len(delivery.rejected), delivery.events) == (1, [])


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (log_record({"input_tokens": {"intValue": "five"}}), "intValue: a whole number is needed"),
        (log_record({"input_tokens": {"intValue": str(2**64)}}), "intValue: a number of 64 bits is needed"),
        (log_record({"input_tokens": {"doubleValue": "five"}}), "a number is needed"),
        (
            log_record({"input_tokens": {"stringValue": 5}}),
            "input_tokens.stringValue: expected `str | null`, got `int`",
        ),
        (log_record({}, timeUnixNano="yesterday"), "time: a whole number is needed"),
        (log_record({}, timeUnixNano="-5"), "time: a number of 64 bits is needed"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_wrong_types_in_json_cost_only_their_record(body: dict[str, Any], reason: str) -> None:
    body["attributes"] += log_record({"event.name": "api_request", "request_id": "r"})["attributes"]
    content = in_json(export(SignalKind.LOGS, body, log_record({"event.name": "api_request", "request_id": "s"})))
    delivery = read_export(SignalKind.LOGS, Encoding.JSON, content, MONDAY_NOON_US)
    assert [one.reason for one in delivery.rejected] == [reason]
    assert [event.id for event in delivery.events] == ["s"]


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        (None, "expected `object`, got `null`"),
        (point(True, INPUT), "asDouble: expected `int | float | str | null`, got `bool`"),
        (point({}, INPUT, "asInt"), "asInt: expected `int | float | str | null`, got `object`"),
        (point(5, INPUT, timeUnixNano={"low": 1, "high": 2}), "timeUnixNano: expected `int | float | str | null`, got"),
        (point(5, INPUT) | {"attributes": {"type": "input"}}, "attributes: expected `array | null`, got `object`"),
        (point(5, {**INPUT, "a": {"boolValue": "true"}}), "attributes[2].value.boolValue: expected `bool | null`, got"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_an_odd_point_in_json_costs_only_itself(odd: Any, reason: str) -> None:
    """The others would be lost for good: a client does not send again what was refused."""
    metrics = counter(TOKENS, point(7, INPUT), odd, point(9, {**INPUT, "model": "m"})), counter(COST, point(0.5, INPUT))
    delivery = read_export(
        SignalKind.METRICS, Encoding.JSON, in_json(export(SignalKind.METRICS, *metrics)), MONDAY_NOON_US
    )
    assert sorted(one.amount for event in delivery.events for one in event.readings) == [7, 9, 500_000_000]
    ((place, said),) = [(one.place, one.reason) for one in delivery.rejected]
    assert (place, said.startswith(reason)) == ("dataPoints[1]", True)


@pytest.mark.parametrize(
    ("odd", "place"),
    [
        (None, "dataPoints[0]"),
        ({"name": 5}, "dataPoints[0]"),
        (counter(COST, point(0.5, INPUT), isMonotonic="true"), "dataPoints[0]"),
        (
            counter(COST, point(0.5, INPUT), aggregationTemporality="AGGREGATION_TEMPORALITY_DELTA"),
            "dataPoints[0].aggregationTemporality",
        ),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_an_odd_metric_in_json_costs_only_itself(odd: Any, place: str) -> None:
    """Enums are numbers: OTLP's JSON, unlike protobuf's, has no names of theirs."""
    content = in_json(export(SignalKind.METRICS, odd, counter(TOKENS, point(7, INPUT))))
    delivery = read_export(SignalKind.METRICS, Encoding.JSON, content, MONDAY_NOON_US)
    assert [one.amount for event in delivery.events for one in event.readings] == [7]
    assert [one.place for one in delivery.rejected] == [place]


@pytest.mark.parametrize(
    "odd",
    [None, 5, {"attributes": {}}, {"timeUnixNano": True}, {"eventName": 5}, {"timeUnixNano": {"low": 1, "high": 2}}],
    ids=repr,
)
def test_an_odd_record_in_json_costs_only_itself(odd: Any) -> None:
    good = [log_record({"event.name": "api_request", "request_id": name}) for name in ("a", "b")]
    content = in_json(export(SignalKind.LOGS, good[0], odd, good[1]))
    delivery = read_export(SignalKind.LOGS, Encoding.JSON, content, MONDAY_NOON_US)
    assert [event.id for event in delivery.events] == ["a", "b"]
    assert [one.place for one in delivery.rejected] == ["logRecords[1]"]


@pytest.mark.parametrize(
    "odd",
    [
        None,
        span({"gen_ai.usage.input_tokens": 5}, spanId=5),
        span({"gen_ai.usage.input_tokens": 5}, status={"code": "STATUS_CODE_ERROR"}),
        span({"gen_ai.usage.input_tokens": 5}, status={"code": True}),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_an_odd_span_in_json_costs_only_itself(odd: Any) -> None:
    good = span({"gen_ai.usage.input_tokens": 5}, spanId="00f067aa0ba902b7")
    content = in_json(export(SignalKind.TRACES, good, odd, service="app"))
    delivery = read_export(SignalKind.TRACES, Encoding.JSON, content, MONDAY_NOON_US)
    assert [event.id for event in delivery.events] == ["00f067aa0ba902b7"]
    assert [one.place for one in delivery.rejected] == ["spans[1]"]


def test_ids_are_hexadecimal_digits_and_names_in_lower_camel_case() -> None:
    """Base64 and names with underscores are protobuf's JSON, not OTLP's; unknown fields are to be passed over."""
    in_base64 = export(SignalKind.TRACES, span({"gen_ai.usage.input_tokens": 5}, spanId="t61rcWkgMzE="), service="app")
    delivery = read_export(SignalKind.TRACES, Encoding.JSON, in_json(in_base64), MONDAY_NOON_US)
    assert [one.reason for one in delivery.rejected] == ["16 hexadecimal digits are needed"]
    snake = export(SignalKind.LOGS, log_record({"event.name": "api_request"}))
    snake = {"resource_logs": snake["resourceLogs"]}
    assert read_export(SignalKind.LOGS, Encoding.JSON, in_json(snake), MONDAY_NOON_US).events == []


@pytest.mark.parametrize("value", [None, {}, {"stringValue": ""}, {"stringValue": None}], ids=repr)
def test_an_attribute_without_a_value_says_nothing(value: Any) -> None:
    record = log_record({"event.name": "api_request", "request_id": "r"})
    record["attributes"] += [
        {"key": "user.email", "value": value},
        {"key": "input_tokens", "value": value},
        {"key": "duration_ms", "value": value},
        {"key": None, "value": value},
        {},
    ]
    content = in_json(export(SignalKind.LOGS, record, user_email="ada@acme.test"))
    delivery = read_export(SignalKind.LOGS, Encoding.JSON, content, MONDAY_NOON_US)
    assert ([event.subject for event in delivery.events], delivery.rejected) == (["ada@acme.test"], [])


@pytest.mark.parametrize("field", ["asDouble", "asInt", "timeUnixNano", "startTimeUnixNano", "flags", "sum"])
@pytest.mark.parametrize("number", ["9" * 400, "-" + "9" * 400, "1e400", "1" * 5000, '"1' + "0" * 400 + '"'])
async def test_numbers_beyond_measure_are_never_5xx(doors: Doors, field: str, number: str) -> None:
    attributes = {**INPUT, "gen_ai.token.type": "input", "effort": {"doubleValue": "HERE"}}
    for odd in (point(5, INPUT, **{field: "HERE"}), point(5, attributes)):
        for metric in (counter(TOKENS, odd), counter(COST, odd), histogram(GENAI_TOKENS, odd)):
            body = in_json(export(SignalKind.METRICS, metric)).replace(b'"HERE"', number.encode())
            assert (await doors.otlp("metrics", body, JSON)).status_code in (200, 400)
    record = log_record({"event.name": "api_request", "cost_usd": {"doubleValue": "HERE"}}, timeUnixNano="HERE")
    body = in_json(export(SignalKind.LOGS, record)).replace(b'"HERE"', number.encode())
    assert (await doors.otlp("logs", body, JSON)).status_code in (200, 400)


def test_numbers_in_json_may_be_numbers_and_nulls_are_nothing() -> None:
    content = export(SignalKind.METRICS, counter(TOKENS, point(5, INPUT, "asInt", timeUnixNano=NOON_NS)))
    body = in_json(content | {"unheardOf": {"a": [1]}}).replace(b'"scope": {"name": ""}', b'"scope": null')
    (event,) = read_export(SignalKind.METRICS, Encoding.JSON, body, MONDAY_NOON_US).events
    assert event.readings[0].amount == 5


async def test_half_a_character_in_a_prompt_costs_nobody_their_call(doors: Doors) -> None:
    record = log_record({"event.name": "api_request", "request_id": "r", "prompt": "HERE", "session.id": "HERE"})
    for number, broken in enumerate((b"cut \\ud83d", b"\xff\xfe", b"\\u0000")):
        record["timeUnixNano"] = str(NOON_NS + number)
        body = in_json(export(SignalKind.LOGS, record)).replace(b"HERE", broken).replace(b'"r"', b'"r%d"' % number)
        assert (await doors.otlp("logs", body, JSON)).content == b"{}"
    assert [row["session"] for row in doors.stored()] == [None] * 3


async def test_text_that_is_no_utf_8_in_protobuf_is_400(doors: Doors) -> None:
    body = in_protobuf(SignalKind.LOGS, export(SignalKind.LOGS, log_record({"event.name": "HERE"})))
    assert (await doors.otlp("logs", body.replace(b"HERE", b"\xff\xfe\xff\xfe"))).status_code == 400


async def test_what_inflates_beyond_measure_is_413(doors: Doors) -> None:
    deflater = zlib.compressobj(wbits=31)
    bomb = b"".join(deflater.compress(bytes(1 << 20)) for _ in range(1 << 8)) + deflater.flush()
    for body in (bomb, gzip.compress(bomb, mtime=0)):
        answer = await doors.otlp("metrics", body, content_encoding="gzip")
        assert answer.status_code in (400, 413)
        assert Status.FromString(answer.content).message
    assert (await doors.otlp("metrics", bomb, content_encoding="gzip")).status_code == 413


@pytest.mark.parametrize(
    ("body", "encoding", "status"),
    [
        (b"no", "gzip", 400),
        (gzip.compress(b"{}", mtime=0)[:-3], "gzip", 400),
        (b"{}", "br", 415),
        (b"{}", "deflate", 415),
    ],
)
async def test_what_cannot_be_inflated_is_refused(doors: Doors, body: bytes, encoding: str, status: int) -> None:
    answer = await doors.otlp("logs", body, JSON, content_encoding=encoding)
    assert (answer.status_code, answer.json()["code"]) == (status, 3)


async def test_captured_exports_damaged_anywhere_are_never_5xx(doors: Doors) -> None:
    chance = random.Random(3)
    for number in range(1000):
        file = chance.choice(FILES)
        body = bytearray(bytes_of(file))
        for _ in range(chance.randint(1, 5)):
            body[chance.randrange(len(body))] = chance.randrange(256)
        if number % 3 == 0:
            del body[chance.randrange(len(body)) :]
        answer = await doors.otlp(kind_of(file).value, bytes(body), encoding_of(file).value)
        assert answer.status_code in (200, 400)


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELDS = ["attributes", "asDouble", "asInt", "timeUnixNano", "startTimeUnixNano", "flags", "key", "value", "body"]
CHANGES = st.dictionaries(st.sampled_from([*FIELDS, "stringValue", "intValue", "status", "spanId", "name"]), ANY)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=CHANGES, attributes=st.dictionaries(st.sampled_from(["type", "model", "input_tokens"]), ANY))
async def test_any_json_in_any_field_is_never_5xx(
    doors: Doors, changes: dict[str, Any], attributes: dict[str, Any]
) -> None:
    named = {name: value if isinstance(value, dict) else {"stringValue": value} for name, value in attributes.items()}
    for kind, inner in (
        (SignalKind.METRICS, counter(TOKENS, point(5, named) | changes)),
        (SignalKind.LOGS, log_record({"event.name": "api_request", **named}) | changes),
        (SignalKind.TRACES, span({"gen_ai.usage.input_tokens": 5, **named}) | changes),
    ):
        answer = await doors.otlp(kind.value, json.dumps(export(kind, inner)).encode(), JSON)
        assert answer.status_code in (200, 400)
