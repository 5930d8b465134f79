"""Exports in JSON: from bytes to metrics, log records and spans."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import msgspec

from bot.hooks.decoding import Fault, decoded
from bot.hooks.otlp.clients import WANTED, event_name
from bot.hooks.otlp.json_messages import (
    AnyValue,
    LogRecordMessage,
    LogsExport,
    MetricMessage,
    MetricsExport,
    PointMessage,
    ResourceMessage,
    Scope,
    SpanMessage,
    TracesExport,
    UnreadKeyValue,
    UnreadLogsExport,
    UnreadMetric,
    UnreadMetricsExport,
    UnreadTracesExport,
    Whole,
)
from bot.hooks.otlp.json_values import MOST_64, plain, real, value_of, whole
from bot.hooks.otlp.signals import (
    LogRecord,
    Metric,
    Point,
    Resource,
    Shape,
    Span,
    Value,
    resource_of,
    span_id,
    within_limit,
)
from bot.limits import ATTRIBUTES

_ERROR = 2  # STATUS_CODE_ERROR
_NOT_RECORDED = 1  # DATA_POINT_FLAGS_NO_RECORDED_VALUE_MASK
_TOO_MANY_ATTRIBUTES = f"attributes: more than {ATTRIBUTES}"
_NOTHING = (b"", b"null")

_metrics = msgspec.json.Decoder(MetricsExport)
_logs = msgspec.json.Decoder(LogsExport)
_traces = msgspec.json.Decoder(TracesExport)
_unread_metrics = msgspec.json.Decoder(UnreadMetricsExport)
_unread_logs = msgspec.json.Decoder(UnreadLogsExport)
_unread_traces = msgspec.json.Decoder(UnreadTracesExport)
_one_metric = msgspec.json.Decoder(MetricMessage)
_unread_metric = msgspec.json.Decoder(UnreadMetric)
_one_point = msgspec.json.Decoder(PointMessage)
_one_record = msgspec.json.Decoder(LogRecordMessage)
_one_span = msgspec.json.Decoder(SpanMessage)
_any = msgspec.json.Decoder(AnyValue)

_T = TypeVar("_T")
_U = TypeVar("_U")


def read_metrics(body: bytes) -> list[Metric | str]:
    """Raises ``Fault`` for what is no such export, ``TooMany`` beyond the limit."""
    found = [
        _metric(resource, _name(scoped.scope), metric)
        for one in _export(_metrics, _unread_metrics, body).resource_metrics or ()
        for resource in (_resource(one.resource),)
        for scoped in one.scope_metrics or ()
        for metric in scoped.metrics or ()
    ]
    within_limit(sum(1 if isinstance(metric, str) else metric.size for metric in found), "data points")
    return found


def read_logs(body: bytes) -> Iterator[LogRecord | str]:
    """Raises ``Fault`` for what is no such export, ``TooMany`` beyond the limit."""
    resources = _export(_logs, _unread_logs, body).resource_logs or ()
    within_limit(sum(len(s.log_records or ()) for one in resources for s in one.scope_logs or ()), "log records")
    for one in resources:
        resource = _resource(one.resource)
        for scoped in one.scope_logs or ():
            scope = _name(scoped.scope)
            for given in scoped.log_records or ():
                record = _alone(_one_record, given)
                yield record if isinstance(record, str) else _log_record(resource, scope, record)


def read_spans(body: bytes) -> Iterator[Span | str]:
    """Raises ``Fault`` for what is no such export, ``TooMany`` beyond the limit."""
    resources = _export(_traces, _unread_traces, body).resource_spans or ()
    within_limit(sum(len(s.spans or ()) for one in resources for s in one.scope_spans or ()), "spans")
    for one in resources:
        resource = _resource(one.resource)
        for scoped in one.scope_spans or ():
            scope = _name(scoped.scope)
            for given in scoped.spans or ():
                span = _alone(_one_span, given)
                yield span if isinstance(span, str) else _span(resource, scope, span)


def _export(whole: msgspec.json.Decoder[_T], unread: msgspec.json.Decoder[_U], body: bytes) -> _T | _U:
    """The export, or where something in it is odd, down to what is read by itself. Raises ``Fault``."""
    try:
        return decoded(whole, body, "", "body")
    except Fault as fault:
        try:
            return decoded(unread, body, "", "body")
        except Fault:
            raise fault from None


def _alone(decoder: msgspec.json.Decoder[_T], given: _T | msgspec.Raw) -> _T | str:
    """What ``given`` is, or why it cannot be read."""
    if not isinstance(given, msgspec.Raw):
        return given
    try:
        return decoded(decoder, given, "", "")
    except Fault as fault:
        return str(fault) if fault.place else fault.text


def _log_record(resource: Resource, scope: str, record: LogRecordMessage) -> LogRecord:
    attributes, fault = _wanted(record.attributes or ())
    time_ns, no_time = _number(record.time_unix_nano, "time")
    observed_ns, not_observed = _number(record.observed_time_unix_nano, "time")
    return LogRecord(
        resource=resource,
        scope=scope,
        name=event_name(attributes, record.event_name or "", _text(record.body)),
        time_ns=time_ns or observed_ns,
        attributes=attributes,
        fault=fault or no_time or not_observed,
    )


def _span(resource: Resource, scope: str, span: SpanMessage) -> Span:
    attributes, fault = _wanted(span.attributes or ())
    start_ns, no_start = _number(span.start_time_unix_nano, "time")
    end_ns, no_end = _number(span.end_time_unix_nano, "time")
    code, no_code = _number(span.status.code if span.status else None, "status.code")
    return Span(
        resource=resource,
        scope=scope,
        name=span.name or "",
        id=span_id(span.span_id or ""),
        start_ns=start_ns,
        end_ns=end_ns,
        is_error=code == _ERROR,
        attributes=attributes,
        fault=fault or no_start or no_end or no_code,
    )


def _resource(resource: ResourceMessage | None) -> Resource:
    given = (resource and resource.attributes) or []
    if len(given) > ATTRIBUTES:
        raise Fault("resource", _TOO_MANY_ATTRIBUTES)
    try:
        pairs = [(one.key or "", value_of(one.value)) for one in given]
    except ValueError as error:
        raise Fault("resource", str(error)) from error
    return resource_of(pairs, WANTED)


def _name(scope: Scope | None) -> str:
    return (scope and scope.name) or ""


def _metric(resource: Resource, scope: str, given: MetricMessage | msgspec.Raw) -> Metric | str:
    """The metric; where one of its points is odd, with each of them read by itself; else why it cannot be read."""
    metric: MetricMessage | UnreadMetric | str = _alone(_one_metric, given)
    if isinstance(metric, str) and isinstance(given, msgspec.Raw):
        unread = _alone(_unread_metric, given)
        metric = metric if isinstance(unread, str) else unread
    return metric if isinstance(metric, str) else _of_points(resource, scope, metric)


def _of_points(resource: Resource, scope: str, metric: MetricMessage | UnreadMetric) -> Metric:
    name = metric.name or ""
    given = metric.sum or metric.histogram or metric.exponential_histogram
    if given is None:
        other = metric.gauge or metric.summary if isinstance(metric, MetricMessage) else None
        size = len((other and other.data_points) or ())
        return Metric(resource, scope, name, Shape.OTHER, 0, False, size, lambda _: iter(()))
    points = given.data_points or []
    temporality, _ = _number(given.aggregation_temporality, "aggregationTemporality")
    return Metric(
        resource=resource,
        scope=scope,
        name=name,
        shape=Shape.SUM if metric.sum else Shape.HISTOGRAM,
        temporality=temporality,
        is_monotonic=given.is_monotonic is True or metric.sum is None,
        size=len(points),
        points=_points(points, is_histogram=metric.sum is None),
    )


def _points(
    points: Sequence[PointMessage | msgspec.Raw], *, is_histogram: bool
) -> Callable[[str], Iterator[Point | str]]:
    def read(apart: str) -> Iterator[Point | str]:
        for given in points:
            point = _alone(_one_point, given)
            if isinstance(point, str):
                yield point
                continue
            try:
                yield _point(point, apart, is_histogram=is_histogram)
            except ValueError as error:
                yield str(error)

    return read


def _point(point: PointMessage, apart: str, *, is_histogram: bool) -> Point:
    """Raises ``ValueError``."""
    given = point.attributes or ()
    if len(given) > ATTRIBUTES:
        raise ValueError(_TOO_MANY_ATTRIBUTES)
    pairs: list[Value] = []
    kind = ""
    for attribute in given:
        if attribute.key == apart:
            kind = str(value_of(attribute.value))
        else:
            pairs += (attribute.key or "", value_of(attribute.value))
    start_ns, time_ns = whole(point.start_time_unix_nano, "time"), whole(point.time_unix_nano, "time")
    return Point(tuple(pairs), kind, start_ns, time_ns, _recorded(point, is_histogram=is_histogram))


def _recorded(point: PointMessage, *, is_histogram: bool) -> float | None:
    if whole(point.flags, "flags") & _NOT_RECORDED:
        return None
    if is_histogram:
        if point.sum is None:
            raise ValueError("sum: missing")
        return real(point.sum)
    return whole(point.as_int, "asInt", lowest=-MOST_64) if point.as_double is None else real(point.as_double)


def _wanted(attributes: Sequence[UnreadKeyValue]) -> tuple[dict[str, Value], str]:
    """The attributes that are read and have a plain value, which empty text is none of.

    A fault where there are too many or one is unreadable.
    """
    found: dict[str, Value] = {}
    fault = _TOO_MANY_ATTRIBUTES if len(attributes) > ATTRIBUTES else ""
    for attribute in attributes:
        name = attribute.key
        if name is None or name not in WANTED or bytes(attribute.value) in _NOTHING:
            continue
        try:
            value = plain(decoded(_any, attribute.value, name, ""))
        except ValueError as error:  # a Fault is one
            fault = fault or str(error)
        else:
            if value is not None and value != "":
                found[name] = value
    return found, fault


def _text(body: msgspec.Raw) -> str:
    """What stands in a record's body, where it is text."""
    try:
        return (_any.decode(body).string_value or "") if body else ""
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""


def _number(given: Whole, place: str) -> tuple[int, str]:
    """A time or the number of an enum, whose name must not stand in its place; a fault where it is none."""
    try:
        return whole(given, place), ""
    except ValueError as error:
        return 0, str(error)
