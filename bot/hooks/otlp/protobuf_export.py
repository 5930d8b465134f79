"""Exports in protobuf: from bytes to metrics, log records and spans."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from google.protobuf.message import DecodeError, Message
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.metrics.v1 import metrics_pb2
from opentelemetry.proto.resource.v1 import resource_pb2

from bot.hooks.decoding import Fault
from bot.hooks.otlp.clients import WANTED, event_name
from bot.hooks.otlp.signals import (
    LogRecord,
    Metric,
    Point,
    Resource,
    Shape,
    Span,
    TooDeep,
    Value,
    folded,
    resource_of,
    span_id,
    within_limit,
)
from bot.limits import ATTRIBUTES

_ERROR = 2  # STATUS_CODE_ERROR
_NOT_RECORDED = 1  # DATA_POINT_FLAGS_NO_RECORDED_VALUE_MASK
_TOO_MANY_ATTRIBUTES = f"attributes: more than {ATTRIBUTES}"

_T = TypeVar("_T", bound=Message)
_NumberPoints = Iterable[metrics_pb2.NumberDataPoint]
_HistogramPoints = Iterable[metrics_pb2.HistogramDataPoint | metrics_pb2.ExponentialHistogramDataPoint]


def read_metrics(body: bytes) -> list[Metric]:
    """Raises ``Fault`` for what is no such export, ``TooMany`` beyond the limit."""
    request = _parsed(ExportMetricsServiceRequest, body)
    found = [
        _metric(resource, scoped.scope.name, metric)
        for one in request.resource_metrics
        for resource in (_resource(one.resource),)
        for scoped in one.scope_metrics
        for metric in scoped.metrics
    ]
    within_limit(sum(metric.size for metric in found), "data points")
    return found


def read_logs(body: bytes) -> Iterator[LogRecord]:
    """Raises ``Fault`` for what is no such export, ``TooMany`` beyond the limit."""
    request = _parsed(ExportLogsServiceRequest, body)
    within_limit(sum(len(s.log_records) for one in request.resource_logs for s in one.scope_logs), "log records")
    for one in request.resource_logs:
        resource = _resource(one.resource)
        for scoped in one.scope_logs:
            scope = scoped.scope.name
            for record in scoped.log_records:
                attributes, fault = _wanted(record.attributes)
                name = event_name(attributes, record.event_name, record.body.string_value)
                time_ns = record.time_unix_nano or record.observed_time_unix_nano
                yield LogRecord(resource, scope, name, time_ns, attributes, fault)


def read_spans(body: bytes) -> Iterator[Span]:
    """Raises ``Fault`` for what is no such export, ``TooMany`` beyond the limit."""
    request = _parsed(ExportTraceServiceRequest, body)
    within_limit(sum(len(s.spans) for one in request.resource_spans for s in one.scope_spans), "spans")
    for one in request.resource_spans:
        resource = _resource(one.resource)
        for scoped in one.scope_spans:
            scope = scoped.scope.name
            for span in scoped.spans:
                attributes, fault = _wanted(span.attributes)
                yield Span(
                    resource=resource,
                    scope=scope,
                    name=span.name,
                    id=span_id(span.span_id.hex()),
                    start_ns=span.start_time_unix_nano,
                    end_ns=span.end_time_unix_nano,
                    is_error=span.status.code == _ERROR,
                    attributes=attributes,
                    fault=fault,
                )


def _parsed(kind: type[_T], body: bytes) -> _T:
    try:
        return kind.FromString(body)
    except DecodeError as error:
        raise Fault("body", "not such an export in protobuf") from error


def _resource(resource: resource_pb2.Resource) -> Resource:
    try:
        pairs = [(one.key, one.value.string_value or _value(one.value)) for one in resource.attributes]
    except TooDeep as error:
        raise Fault("resource", str(error)) from error
    if len(pairs) > ATTRIBUTES:
        raise Fault("resource", _TOO_MANY_ATTRIBUTES)
    return resource_of(pairs, WANTED)


def _metric(resource: Resource, scope: str, metric: metrics_pb2.Metric) -> Metric:
    kind = metric.WhichOneof("data")
    if kind == "sum":
        total = metric.sum
        return Metric(
            resource=resource,
            scope=scope,
            name=metric.name,
            shape=Shape.SUM,
            temporality=total.aggregation_temporality,
            is_monotonic=total.is_monotonic,
            size=len(total.data_points),
            points=_numbers(total.data_points),
        )
    if kind in ("histogram", "exponential_histogram"):
        histogram = metric.histogram if kind == "histogram" else metric.exponential_histogram
        return Metric(
            resource=resource,
            scope=scope,
            name=metric.name,
            shape=Shape.HISTOGRAM,
            temporality=histogram.aggregation_temporality,
            is_monotonic=True,
            size=len(histogram.data_points),
            points=_histograms(histogram.data_points),
        )
    size = len(getattr(metric, kind).data_points) if kind else 0
    return Metric(resource, scope, metric.name, Shape.OTHER, 0, False, size, lambda _: iter(()))


def _numbers(points: _NumberPoints) -> Callable[[str], Iterator[Point | str]]:
    def read(apart: str) -> Iterator[Point | str]:
        for point in points:
            value = None if point.flags & _NOT_RECORDED else point.as_double or point.as_int
            yield _point(point.attributes, apart, point.start_time_unix_nano, point.time_unix_nano, value)

    return read


def _histograms(points: _HistogramPoints) -> Callable[[str], Iterator[Point | str]]:
    def read(apart: str) -> Iterator[Point | str]:
        for point in points:
            if not point.flags & _NOT_RECORDED and not point.HasField("sum"):
                yield "sum: missing"
                continue
            value = None if point.flags & _NOT_RECORDED else point.sum
            yield _point(point.attributes, apart, point.start_time_unix_nano, point.time_unix_nano, value)

    return read


def _point(attributes: Iterable[KeyValue], apart: str, start_ns: int, time_ns: int, value: float | None) -> Point | str:
    pairs: list[Value] = []
    kind = ""
    try:
        for attribute in attributes:
            name, held = attribute.key, attribute.value
            # Most are text; asking which it is costs as much as all the rest.
            content = held.string_value or _value(held)
            if name == apart:
                kind = str(content)
            else:
                pairs.append(name)
                pairs.append(content)
    except TooDeep as error:
        return str(error)
    if len(pairs) > 2 * ATTRIBUTES:
        return _TOO_MANY_ATTRIBUTES
    return Point(tuple(pairs), kind, start_ns, time_ns, value)


def _wanted(attributes: Iterable[KeyValue]) -> tuple[dict[str, Value], str]:
    """The attributes that are read and have a plain value, which empty text is none of; a fault where there are too many."""
    found: dict[str, Value] = {}
    number = 0
    for number, attribute in enumerate(attributes, start=1):  # noqa: B007 (counts them in passing)
        if attribute.key in WANTED:
            held = attribute.value
            kind = held.WhichOneof("value")
            if kind in ("string_value", "int_value", "double_value", "bool_value"):
                value = getattr(held, kind)
                if value != "":
                    found[attribute.key] = value
    return found, _TOO_MANY_ATTRIBUTES if number > ATTRIBUTES else ""


def _value(held: AnyValue) -> Value:
    """A plain value as it is, anything else folded into one text that tells it apart."""
    kind = held.WhichOneof("value")
    if kind in ("string_value", "int_value", "double_value", "bool_value"):
        plain: Value = getattr(held, kind)
        return plain
    return folded(_nested(held, 1))


def _nested(held: AnyValue, depth: int) -> object:
    if depth > TooDeep.LIMIT:
        raise TooDeep
    kind = held.WhichOneof("value")
    if kind == "array_value":
        return [_nested(one, depth + 1) for one in held.array_value.values]
    if kind == "kvlist_value":
        return [(one.key, _nested(one.value, depth + 1)) for one in held.kvlist_value.values]
    if kind == "bytes_value":
        return base64.b64encode(held.bytes_value)
    return getattr(held, kind) if kind else None
