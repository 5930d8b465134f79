"""The OTLP door answers as the specification has it, in the encoding in which it was asked."""

from __future__ import annotations

import gzip
import json
from collections.abc import AsyncIterator

import pytest
from google.rpc.status_pb2 import Status
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceResponse
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceResponse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from bot.hooks.otlp.answers import SignalKind
from bot.settings import HookSecrets
from db.engine import Store
from tests.bot.hooks.doors import PROTOBUF, Doors, open_doors
from tests.bot.hooks.otlp.claude_code import CAPTURED_US, bytes_of, encoding_of, kind_of
from tests.bot.hooks.otlp.exports import counter, export, in_json, in_protobuf, log_record, point, span

JSON = "application/json"
KINDS = [kind.value for kind in SignalKind]
TOKENS = "claude_code.token.usage"
METRICS = "plain_protobuf/02_metrics.body.pb"
LOGS = "plain_json/01_logs.body.json"


@pytest.fixture
async def doors(sqlite_store: Store) -> AsyncIterator[Doors]:
    async with open_doors(sqlite_store, now_us=CAPTURED_US) as opened:
        yield opened


async def send(doors: Doors, file: str, **headers: str) -> tuple[int, bytes]:
    answer = await doors.otlp(kind_of(file).value, bytes_of(file), encoding_of(file).value, **headers)
    return answer.status_code, answer.content


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("form", "empty", "said"), [(PROTOBUF, b"", b""), (JSON, b"{}", b"{}")])
async def test_an_export_without_anything_is_a_success(
    doors: Doors, kind: str, form: str, empty: bytes, said: bytes
) -> None:
    answer = await doors.otlp(kind, empty, form)
    assert (answer.status_code, answer.headers["content-type"], answer.content) == (200, form, said)


async def test_a_success_is_said_once_the_usage_is_kept(store: Store) -> None:
    async with open_doors(store, now_us=CAPTURED_US) as doors:
        assert await send(doors, METRICS) == (200, b"")
        assert await send(doors, LOGS) == (200, b"{}")
        assert [(row["tokens_input"], row["cost_nanousd"], row["signal"]) for row in doors.stored()] == [
            (1234, 32_195_000, 2),
            (1234, 32_195_000, 5),
        ]


async def test_sent_again_it_changes_nothing(doors: Doors) -> None:
    for _ in range(3):
        assert await send(doors, METRICS) == (200, b"")
        assert await send(doors, LOGS) == (200, b"{}")
    assert len(doors.stored()) == 2


async def test_a_body_may_be_compressed_and_come_in_chunks(doors: Doors) -> None:
    body = gzip.compress(bytes_of(METRICS))

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 100):
            yield body[start : start + 100]

    assert (await doors.otlp("metrics", chunks(), content_encoding="gzip")).status_code == 200
    assert [row["tokens_output"] for row in doors.stored()] == [210]


async def test_a_large_export_is_taken_whole(doors: Doors) -> None:
    attributes = {"user.id": "device", "type": "input", "padding": "x" * 200}
    points = [point(1, {**attributes, "session.id": f"s{number}"}) for number in range(2000)]
    body = in_protobuf(SignalKind.METRICS, export(SignalKind.METRICS, counter(TOKENS, *points)))
    assert len(body) > 1 << 19
    assert (await doors.otlp("metrics", body)).status_code == 200
    assert len(doors.stored()) == 2000


BAD_POINT = point(-1, {"type": "input"})
GOOD_POINT = point(5, {"type": "input"})


async def test_good_points_are_kept_and_bad_ones_counted_with_their_reason(doors: Doors) -> None:
    content = export(SignalKind.METRICS, counter(TOKENS, BAD_POINT, GOOD_POINT, BAD_POINT))
    reason = "dataPoints[0].value: a number from 0 to 1,000,000,000,000 is needed (and 1 more)"
    answer = await doors.otlp("metrics", in_json(content), JSON)
    assert (answer.status_code, answer.json()) == (
        200,
        {"partialSuccess": {"rejectedDataPoints": "2", "errorMessage": reason}},
    )
    answer = await doors.otlp("metrics", in_protobuf(SignalKind.METRICS, content))
    partial = ExportMetricsServiceResponse.FromString(answer.content).partial_success
    assert (partial.rejected_data_points, partial.error_message) == (2, reason)
    assert [row["tokens_input"] for row in doors.stored()] == [5]
    place = "dataPoints[2].value"
    assert doors.rejected()[1] == ("otlp", place, "a number from 0 to 1,000,000,000,000 is needed")


async def test_bad_records_and_spans_are_counted_too(doors: Doors) -> None:
    record = log_record({"event.name": "api_request", "input_tokens": "many"})
    content = export(SignalKind.LOGS, record)
    answer = await doors.otlp("logs", in_json(content), JSON)
    assert answer.json()["partialSuccess"] == {
        "rejectedLogRecords": "1",
        "errorMessage": "logRecords[0].input_tokens: a number is needed",
    }
    answer = await doors.otlp("logs", in_protobuf(SignalKind.LOGS, content))
    assert ExportLogsServiceResponse.FromString(answer.content).partial_success.rejected_log_records == 1

    content = export(SignalKind.TRACES, span({"gen_ai.usage.input_tokens": 5}, spanId="00"), service="app")
    answer = await doors.otlp("traces", in_json(content), JSON)
    assert answer.json()["partialSuccess"] == {
        "rejectedSpans": "1",
        "errorMessage": "spans[0].spanId: 16 hexadecimal digits are needed",
    }
    answer = await doors.otlp("traces", in_protobuf(SignalKind.TRACES, content))
    assert ExportTraceServiceResponse.FromString(answer.content).partial_success.rejected_spans == 1
    assert doors.stored() == []


async def test_an_error_is_a_status_in_the_encoding_of_the_request(doors: Doors) -> None:
    answer = await doors.otlp("logs", b"\xff\xff", PROTOBUF)
    status = Status.FromString(answer.content)
    assert (answer.status_code, answer.headers["content-type"]) == (400, PROTOBUF)
    assert (status.code, status.message) == (3, "body: not such an export in protobuf")
    answer = await doors.otlp("logs", b"[", JSON)
    assert (answer.status_code, answer.json()) == (
        400,
        {"code": 3, "message": "body: expected `object`, got `array`"},
    )


@pytest.mark.parametrize("form", ["text/plain", "application/x-ndjson", ""])
async def test_another_content_type_is_refused(doors: Doors, form: str) -> None:
    answer = await doors.otlp("metrics", b"", form)
    assert (answer.status_code, answer.json()["code"]) == (415, 3)


async def test_a_content_type_may_say_more(doors: Doors) -> None:
    assert (await doors.otlp("metrics", b"{}", "Application/JSON; charset=utf-8")).status_code == 200


async def test_who_has_no_token_is_refused_before_anything_is_read(sqlite_store: Store) -> None:
    async with open_doors(sqlite_store, secrets=HookSecrets(otlp=("old", "new"))) as doors:
        for token, status in (("Bearer other", 401), ("Bearer new", 200), ("Bearer old", 200), ("", 401)):
            answer = await doors.otlp("metrics", b"", authorization=token)
            assert answer.status_code == status
        answer = await doors.otlp("metrics", b"\xff" * (9 << 20), authorization="")
    assert (Status.FromString(answer.content).code, answer.headers["www-authenticate"]) == (16, "Bearer")


async def test_without_a_secret_the_door_is_shut(sqlite_store: Store) -> None:
    async with open_doors(sqlite_store, secrets=HookSecrets(events=("x",))) as doors:
        answer = await doors.otlp("metrics", b"{}", JSON)
    assert (answer.status_code, answer.json()["code"]) == (401, 16)
    assert "BANDSTAND_HOOK_SECRETS__OTLP" in answer.json()["message"]


async def test_back_pressure_asks_to_try_again_in_a_second(sqlite_store: Store) -> None:
    async with open_doors(sqlite_store, now_us=CAPTURED_US, most_waiting=0) as doors:
        answer = await doors.otlp("metrics", bytes_of(METRICS))
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
        assert Status.FromString(answer.content).code == 14
        answer = await doors.otlp("logs", bytes_of(LOGS), JSON)
        assert (answer.status_code, answer.headers["retry-after"], answer.json()["code"]) == (503, "1", 14)


async def test_too_much_is_413(doors: Doors) -> None:
    records = [log_record({}) for _ in range(10_001)]
    for body, form in (
        (in_json(export(SignalKind.LOGS, *records)), JSON),
        (in_protobuf(SignalKind.LOGS, export(SignalKind.LOGS, *records)), PROTOBUF),
        (b" " * ((8 << 20) + 1), JSON),
        (gzip.compress(json.dumps({"padding": " " * (40 << 20)}).encode(), 1), JSON),
    ):
        headers = {"content_encoding": "gzip"} if body[:2] == b"\x1f\x8b" else {}
        answer = await doors.otlp("logs", body, form, **headers)
        assert answer.status_code == 413
        code = answer.json()["code"] if form == JSON else Status.FromString(answer.content).code
        assert code == 8


@pytest.mark.parametrize("kind", KINDS)
async def test_an_export_of_another_kind_in_json_says_nothing(doors: Doors, kind: str) -> None:
    others = [export(one, {"name": "x"}) for one in SignalKind if one.value != kind]
    for other in others:
        assert (await doors.otlp(kind, in_json(other), JSON)).content == b"{}"
