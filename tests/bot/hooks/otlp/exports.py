"""Exports to test with, as OTLP has them in JSON: say only what the test is about."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any

from google.protobuf import json_format
from google.protobuf.message import Message
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from bot.hooks.delivery import Delivery
from bot.hooks.otlp.answers import Encoding, SignalKind
from bot.hooks.otlp.reading import read_export
from tests.builders import MONDAY_NOON_US

NOON_NS = MONDAY_NOON_US * 1000
START_NS = NOON_NS - 60_000_000_000
DELTA, CUMULATIVE = 1, 2

MESSAGES: dict[SignalKind, type[Message]] = {
    SignalKind.METRICS: ExportMetricsServiceRequest,
    SignalKind.LOGS: ExportLogsServiceRequest,
    SignalKind.TRACES: ExportTraceServiceRequest,
}
_FIELDS = {
    SignalKind.METRICS: ("resourceMetrics", "scopeMetrics", "metrics"),
    SignalKind.LOGS: ("resourceLogs", "scopeLogs", "logRecords"),
    SignalKind.TRACES: ("resourceSpans", "scopeSpans", "spans"),
}
_HEX = ("traceId", "spanId", "parentSpanId")


def export(
    kind: SignalKind, *inner: Mapping[str, Any], service: str = "claude-code", scope: str = "", **resource: Any
) -> dict[str, Any]:
    """An export of metrics, log records or spans by one resource; ``resource`` names have _ for dots."""
    outer, middle, innermost = _FIELDS[kind]
    attributes = {"service.name": service} | {name.replace("_", "."): value for name, value in resource.items()}
    scoped = {"scope": {"name": scope}, innermost: list(inner)}
    return {outer: [{"resource": {"attributes": listed(attributes)}, middle: [scoped]}]}


def counter(name: str, *points: Mapping[str, Any], temporality: int = DELTA, **changes: Any) -> dict[str, Any]:
    total = {"aggregationTemporality": temporality, "isMonotonic": True, "dataPoints": list(points)}
    return {"name": name, "sum": total | changes}


def histogram(name: str, *points: Mapping[str, Any], temporality: int = CUMULATIVE) -> dict[str, Any]:
    return {"name": name, "histogram": {"aggregationTemporality": temporality, "dataPoints": list(points)}}


def point(value: Any, attributes: Mapping[str, Any], field: str = "asDouble", **changes: Any) -> dict[str, Any]:
    """A point of the minute before noon."""
    times = {"startTimeUnixNano": str(START_NS), "timeUnixNano": str(NOON_NS)}
    return {"attributes": listed(attributes), field: value} | times | changes


def log_record(attributes: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    return {"timeUnixNano": str(NOON_NS), "attributes": listed(attributes)} | changes


def span(attributes: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    """A span of a second."""
    return {
        "traceId": "0af7651916cd43dd8448eb211c80319c",
        "spanId": "b7ad6b7169203331",
        "name": "chat gpt-4o",
        "startTimeUnixNano": str(NOON_NS - 1_000_000_000),
        "endTimeUnixNano": str(NOON_NS),
        "attributes": listed(attributes),
    } | changes


def listed(attributes: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"key": name, "value": any_value(value)} for name, value in attributes.items()]


def any_value(value: Any) -> Any:
    """``value`` as an AnyValue; what already is one, as it is."""
    if isinstance(value, dict):
        return value
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int):
        return {"intValue": str(value)}
    if isinstance(value, float):
        return {"doubleValue": value}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return {"arrayValue": {"values": [any_value(one) for one in value]}}
    return {"stringValue": value}


def in_json(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content).encode()


def in_protobuf(kind: SignalKind, content: Mapping[str, Any]) -> bytes:
    return json_format.ParseDict(_recoded(content), MESSAGES[kind](), ignore_unknown_fields=True).SerializeToString()


def from_protobuf(kind: SignalKind, body: bytes) -> dict[str, Any]:
    """The same export in JSON: whole numbers as text, as protobuf's own mapping has them."""
    message = MESSAGES[kind].FromString(body)
    content: dict[str, Any] = _recoded(json_format.MessageToDict(message, use_integers_for_enums=True), to_hex=True)
    return content


def read(kind: SignalKind, content: Mapping[str, Any]) -> Delivery:
    """What is read of an export at noon; the same from JSON and from protobuf."""
    delivery = read_export(kind, Encoding.JSON, in_json(content), MONDAY_NOON_US)
    assert read_export(kind, Encoding.PROTOBUF, in_protobuf(kind, content), MONDAY_NOON_US) == delivery
    return delivery


def _recoded(content: Any, *, to_hex: bool = False) -> Any:
    """Ids between hexadecimal digits, as OTLP has them, and base64, as protobuf's mapping does."""
    if isinstance(content, list):
        return [_recoded(one, to_hex=to_hex) for one in content]
    if not isinstance(content, dict):
        return content
    recoded = {name: _recoded(value, to_hex=to_hex) for name, value in content.items()}
    for name in _HEX:
        if name in recoded:
            given = recoded[name]
            recoded[name] = base64.b64decode(given).hex() if to_hex else base64.b64encode(bytes.fromhex(given)).decode()
    return recoded
