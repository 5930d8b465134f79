"""What the OTLP door answers, in the encoding of the request (OTLP specification, section OTLP/HTTP Response)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceResponse
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceResponse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse
from starlette.responses import Response

from bot.hooks.answers import json_answer


class Encoding(Enum):
    """The encodings of OTLP/HTTP by their content types."""

    PROTOBUF = "application/x-protobuf"
    JSON = "application/json"


class SignalKind(Enum):
    """The three kinds of export by the last part of their address."""

    METRICS = "metrics"
    LOGS = "logs"
    TRACES = "traces"


_REJECTED_IN_JSON = {
    SignalKind.METRICS: "rejectedDataPoints",
    SignalKind.LOGS: "rejectedLogRecords",
    SignalKind.TRACES: "rejectedSpans",
}
_CODES = {400: 3, 401: 16, 408: 4, 413: 8, 415: 3, 503: 14}  # google.rpc.Code
_UNKNOWN = 2


def taken(kind: SignalKind, encoding: Encoding, rejected: int = 0, message: str = "") -> Response:
    """The export is taken, but for ``rejected`` points, records or spans, of which ``message`` says why."""
    if encoding is Encoding.JSON:
        partial = {_REJECTED_IN_JSON[kind]: str(rejected), "errorMessage": message}
        return json_answer(200, {"partialSuccess": partial} if rejected else {})
    return Response(_in_protobuf(kind, rejected, message) if rejected else b"", 200, media_type=encoding.value)


def refused(status: int, text: str, encoding: Encoding, headers: Mapping[str, str] | None = None) -> Response:
    """A ``google.rpc.Status`` that says why nothing of the export is taken."""
    code = _CODES.get(status, _UNKNOWN)
    if encoding is Encoding.JSON:
        return json_answer(status, {"code": code, "message": text}, headers)
    said = text.encode()
    # Its two fields are a number (tag 8) and a text (tag 18); a message type of its own would bring another package.
    content = bytes((8, code, 18)) + _varint(len(said)) + said
    return Response(content, status, dict(headers or {}), encoding.value)


def _in_protobuf(kind: SignalKind, rejected: int, message: str) -> bytes:
    if kind is SignalKind.METRICS:
        metrics = ExportMetricsServiceResponse()
        metrics.partial_success.rejected_data_points = rejected
        metrics.partial_success.error_message = message
        return metrics.SerializeToString()
    if kind is SignalKind.LOGS:
        logs = ExportLogsServiceResponse()
        logs.partial_success.rejected_log_records = rejected
        logs.partial_success.error_message = message
        return logs.SerializeToString()
    traces = ExportTraceServiceResponse()
    traces.partial_success.rejected_spans = rejected
    traces.partial_success.error_message = message
    return traces.SerializeToString()


def _varint(number: int) -> bytes:
    """Protobuf's form of a length: seven bits a byte, the lowest first."""
    parts = bytearray()
    while number > 127:
        parts.append(number & 127 | 128)
        number >>= 7
    return bytes((*parts, number))
