"""Exports in JSON: from bytes to metrics, log records and spans."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import msgspec

from bot.hooks.decoding import Fault, decoded
from bot.hooks.otlp.clients import WANTED, event_name
from bot.hooks.otlp.json_messages import (
    AnyValue,
    LogsExport,
    MetricMessage,
    MetricsExport,
    OtherPoints,
    PointMessage,
    ResourceMessage,
    Scope,
    TracesExport,
    UnreadKeyValue,
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

_metrics = msgspec.json.Decoder(MetricsExport)
_logs = msgspec.json.Decoder(LogsExport)
_traces = msgspec.json.Decoder(TracesExport)
_any = msgspec.json.Decoder(AnyValue)


def read_metrics(body: bytes) -> list[Metric]:
    """Raises ``Fault`` for what is no such export, ``TooMany`` beyond the limit."""
    found = [
        _metric(resource, _name(scoped.scope), metric)
        for one in decoded(_metrics, body, "", "body").resource_metrics or ()
        for resource in (_resource(one.resource),)
        for scoped in one.scope_metrics or ()
        for metric in scoped.metrics or ()
    ]
    within_limit(sum(metric.size for metric in found), "data points")
    return found


def read_logs(body: bytes) -> Iterator[LogRecord]:
    """Raises ``Fault`` for what is no such export, ``TooMany`` beyond the limit."""
    resources = decoded(_logs, body, "", "body").resource_logs or ()
    within_limit(sum(len(s.log_records or ()) for one in resources for s in one.scope_logs or ()), "log records")
    for one in resources:
        resource = _resource(one.resource)
        for scoped in one.scope_logs or ():
            for record in scoped.log_records or ():
                attributes, fault = _wanted(record.attributes or ())
                name = event_name(attributes, record.event_name or "", _text(record.body))
                time_ns, no_time = _time_ns(record.time_unix_nano)
                observed_ns, not_observed = _time_ns(record.observed_time_unix_nano)
                yield LogRecord(
                    resource=resource,
                    scope=_name(scoped.scope),
                    name=name,
                    time_ns=time_ns or observed_ns,
                    attributes=attributes,
                    fault=fault or no_time or not_observed,
                )


def read_spans(body: bytes) -> Iterator[Span]:
    """Raises ``Fault`` for what is no such export, ``TooMany`` beyond the limit."""
    resources = decoded(_traces, body, "", "body").resource_spans or ()
    within_limit(sum(len(s.spans or ()) for one in resources for s in one.scope_spans or ()), "spans")
    for one in resources:
        resource = _resource(one.resource)
        for scoped in one.scope_spans or ():
            for span in scoped.spans or ():
                attributes, fault = _wanted(span.attributes or ())
                start_ns, no_start = _time_ns(span.start_time_unix_nano)
                end_ns, no_end = _time_ns(span.end_time_unix_nano)
                yield Span(
                    resource=resource,
                    scope=_name(scoped.scope),
                    name=span.name or "",
                    id=span_id(span.span_id or ""),
                    start_ns=start_ns,
                    end_ns=end_ns,
                    is_error=span.status is not None and span.status.code == _ERROR,
                    attributes=attributes,
                    fault=fault or no_start or no_end,
                )


def _resource(resource: ResourceMessage | None) -> Resource:
    given = (resource and resource.attributes) or []
    if len(given) > ATTRIBUTES:
        raise Fault("resource", _TOO_MANY_ATTRIBUTES)
    try:
        pairs = [(one.key, value_of(one.value)) for one in given]
    except ValueError as error:
        raise Fault("resource", str(error)) from error
    return resource_of(pairs, WANTED)


def _name(scope: Scope | None) -> str:
    return (scope and scope.name) or ""


def _metric(resource: Resource, scope: str, metric: MetricMessage) -> Metric:
    name = metric.name or ""
    histogram = metric.histogram or metric.exponential_histogram
    given = metric.sum or histogram
    if given is None:
        other = metric.gauge or metric.summary or OtherPoints()
        return Metric(resource, scope, name, Shape.OTHER, 0, False, len(other.data_points or ()), lambda _: iter(()))
    points = given.data_points or []
    return Metric(
        resource=resource,
        scope=scope,
        name=name,
        shape=Shape.SUM if metric.sum else Shape.HISTOGRAM,
        temporality=given.aggregation_temporality or 0,
        is_monotonic=given.is_monotonic is True or metric.sum is None,
        size=len(points),
        points=_points(points, is_histogram=metric.sum is None),
    )


def _points(points: Sequence[PointMessage], *, is_histogram: bool) -> Callable[[str], Iterator[Point | str]]:
    def read(apart: str) -> Iterator[Point | str]:
        for point in points:
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
            pairs += (attribute.key, value_of(attribute.value))
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
    """The attributes that are read and have a plain value; a fault where there are too many or one is unreadable."""
    found: dict[str, Value] = {}
    fault = _TOO_MANY_ATTRIBUTES if len(attributes) > ATTRIBUTES else ""
    for attribute in attributes:
        if attribute.key not in WANTED or not attribute.value:
            continue
        try:
            value = plain(decoded(_any, attribute.value, attribute.key, ""))
        except ValueError as error:  # a Fault is one
            fault = fault or str(error)
        else:
            if value is not None:
                found[attribute.key] = value
    return found, fault


def _text(body: msgspec.Raw) -> str:
    """What stands in a record's body, where it is text."""
    try:
        return (_any.decode(body).string_value or "") if body else ""
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""


def _time_ns(given: Whole) -> tuple[int, str]:
    """A time, and a fault where it is none."""
    try:
        return whole(given, "time"), ""
    except ValueError as error:
        return 0, str(error)
