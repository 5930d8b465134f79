"""Exports in JSON: from bytes to metrics, log records and spans.

The mapping is protobuf's, with the deviations of OTLP/HTTP: lowerCamelCase, enums as integers, ids in hexadecimal
digits. Whole numbers of 64 bits come as decimal text or, from Claude Code, as numbers. Attributes that nobody reads
are skipped by the decoder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import nan
from typing import TypeAlias

import msgspec

from bot.hooks.decoding import Fault, decoded
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
    identity_of,
    span_id,
    within_limit,
)
from bot.limits import ATTRIBUTES

_ERROR = 2  # STATUS_CODE_ERROR
_NOT_RECORDED = 1  # DATA_POINT_FLAGS_NO_RECORDED_VALUE_MASK
_TOO_MANY_ATTRIBUTES = f"attributes: more than {ATTRIBUTES}"
_MOST_64 = 1 << 64

_Whole: TypeAlias = int | str | None
_Real: TypeAlias = int | float | str | None


class _Any(msgspec.Struct, rename="camel"):
    string_value: str | None = None
    int_value: _Whole = None
    double_value: _Real = None
    bool_value: bool | None = None
    bytes_value: str | None = None
    array_value: _Array | None = None
    kvlist_value: _Map | None = None


class _Array(msgspec.Struct):
    values: list[_Any] | None = None


class _Map(msgspec.Struct):
    values: list[_Attribute] | None = None


class _Attribute(msgspec.Struct):
    key: str = ""
    value: _Any | None = None


class _Unread(msgspec.Struct):
    """An attribute whose value is read only where it is wanted."""

    key: str = ""
    value: msgspec.Raw = msgspec.Raw()


class _Resource(msgspec.Struct):
    attributes: list[_Attribute] | None = None


class _Scope(msgspec.Struct):
    name: str | None = None


class _Point(msgspec.Struct, rename="camel"):
    attributes: list[_Attribute] | None = None
    start_time_unix_nano: _Whole = None
    time_unix_nano: _Whole = None
    as_double: _Real = None
    as_int: _Whole = None
    sum: _Real = None
    flags: int | None = None


class _Points(msgspec.Struct, rename="camel"):
    data_points: list[_Point] | None = None
    aggregation_temporality: int | None = None
    is_monotonic: bool | None = None


class _Unlisted(msgspec.Struct, rename="camel"):
    data_points: list[msgspec.Raw] | None = None


class _Metric(msgspec.Struct, rename="camel"):
    name: str | None = None
    sum: _Points | None = None
    histogram: _Points | None = None
    exponential_histogram: _Points | None = None
    gauge: _Unlisted | None = None
    summary: _Unlisted | None = None


class _ScopeMetrics(msgspec.Struct):
    scope: _Scope | None = None
    metrics: list[_Metric] | None = None


class _ResourceMetrics(msgspec.Struct, rename="camel"):
    resource: _Resource | None = None
    scope_metrics: list[_ScopeMetrics] | None = None


class _MetricsExport(msgspec.Struct, rename="camel"):
    resource_metrics: list[_ResourceMetrics] | None = None


class _LogRecord(msgspec.Struct, rename="camel"):
    time_unix_nano: _Whole = None
    observed_time_unix_nano: _Whole = None
    event_name: str | None = None
    body: msgspec.Raw = msgspec.Raw()
    attributes: list[_Unread] | None = None


class _ScopeLogs(msgspec.Struct, rename="camel"):
    scope: _Scope | None = None
    log_records: list[_LogRecord] | None = None


class _ResourceLogs(msgspec.Struct, rename="camel"):
    resource: _Resource | None = None
    scope_logs: list[_ScopeLogs] | None = None


class _LogsExport(msgspec.Struct, rename="camel"):
    resource_logs: list[_ResourceLogs] | None = None


class _Status(msgspec.Struct):
    code: int | None = None


class _Span(msgspec.Struct, rename="camel"):
    name: str | None = None
    span_id: str | None = None
    start_time_unix_nano: _Whole = None
    end_time_unix_nano: _Whole = None
    status: _Status | None = None
    attributes: list[_Unread] | None = None


class _ScopeSpans(msgspec.Struct):
    scope: _Scope | None = None
    spans: list[_Span] | None = None


class _ResourceSpans(msgspec.Struct, rename="camel"):
    resource: _Resource | None = None
    scope_spans: list[_ScopeSpans] | None = None


class _TracesExport(msgspec.Struct, rename="camel"):
    resource_spans: list[_ResourceSpans] | None = None


_metrics = msgspec.json.Decoder(_MetricsExport)
_logs = msgspec.json.Decoder(_LogsExport)
_traces = msgspec.json.Decoder(_TracesExport)
_any = msgspec.json.Decoder(_Any)


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


def _resource(resource: _Resource | None) -> Resource:
    given = (resource and resource.attributes) or []
    if len(given) > ATTRIBUTES:
        raise Fault("resource", _TOO_MANY_ATTRIBUTES)
    try:
        pairs = [(one.key, _value(one.value)) for one in given]
    except (TooDeep, ValueError) as error:
        raise Fault("resource", str(error)) from error
    return Resource({name: value for name, value in pairs if name in WANTED}, identity_of(pairs))


def _name(scope: _Scope | None) -> str:
    return (scope and scope.name) or ""


def _metric(resource: Resource, scope: str, metric: _Metric) -> Metric:
    name = metric.name or ""
    histogram = metric.histogram or metric.exponential_histogram
    given = metric.sum or histogram
    if given is None:
        other = metric.gauge or metric.summary or _Unlisted()
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


def _points(points: Sequence[_Point], *, is_histogram: bool) -> Callable[[str], Iterator[Point | str]]:
    def read(apart: str) -> Iterator[Point | str]:
        for point in points:
            try:
                yield _point(point, apart, is_histogram=is_histogram)
            except (TooDeep, ValueError) as error:
                yield str(error)

    return read


def _point(point: _Point, apart: str, *, is_histogram: bool) -> Point:
    """Raises ``TooDeep`` or ``ValueError``."""
    given = point.attributes or ()
    if len(given) > ATTRIBUTES:
        raise ValueError(_TOO_MANY_ATTRIBUTES)
    pairs: list[Value] = []
    kind = ""
    for attribute in given:
        if attribute.key == apart:
            kind = str(_value(attribute.value))
        else:
            pairs += (attribute.key, _value(attribute.value))
    start_ns, time_ns = _whole(point.start_time_unix_nano, "time"), _whole(point.time_unix_nano, "time")
    return Point(tuple(pairs), kind, start_ns, time_ns, _recorded(point, is_histogram=is_histogram))


def _recorded(point: _Point, *, is_histogram: bool) -> float | None:
    if (point.flags or 0) & _NOT_RECORDED:
        return None
    if is_histogram:
        if point.sum is None:
            raise ValueError("sum: missing")
        return _real(point.sum)
    return _whole(point.as_int, "asInt", lowest=-_MOST_64) if point.as_double is None else _real(point.as_double)


def _wanted(attributes: Sequence[_Unread]) -> tuple[dict[str, Value], str]:
    """The attributes that are read and have a plain value; a fault where there are too many or one is unreadable."""
    found: dict[str, Value] = {}
    fault = _TOO_MANY_ATTRIBUTES if len(attributes) > ATTRIBUTES else ""
    for attribute in attributes:
        if attribute.key not in WANTED or not attribute.value:
            continue
        try:
            value = _plain(decoded(_any, attribute.value, attribute.key, ""))
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


def _value(held: _Any | None) -> Value:
    """A plain value as it is, anything else folded into one text that tells it apart."""
    if held is None:
        return folded(None)
    plain = _plain(held)
    return folded(_nested(held, 1)) if plain is None else plain


def _plain(held: _Any) -> Value | None:
    if held.string_value is not None:
        return held.string_value
    if held.int_value is not None:
        return _whole(held.int_value, "intValue", lowest=-_MOST_64)
    if held.double_value is not None:
        return float(_real(held.double_value))
    return held.bool_value


def _nested(held: _Any | None, depth: int) -> object:
    if depth > TooDeep.LIMIT:
        raise TooDeep
    if held is None:
        return None
    if held.array_value is not None:
        return [_nested(one, depth + 1) for one in held.array_value.values or ()]
    if held.kvlist_value is not None:
        return [(one.key, _nested(one.value, depth + 1)) for one in held.kvlist_value.values or ()]
    if held.bytes_value is not None:
        return held.bytes_value.encode()
    return _plain(held)


def _time_ns(given: _Whole) -> tuple[int, str]:
    """A time, and a fault where it is none."""
    try:
        return _whole(given, "time"), ""
    except ValueError as error:
        return 0, str(error)


def _whole(given: _Whole, place: str, lowest: int = 0) -> int:
    """A 64-bit number, which may come as text. Raises ``ValueError``."""
    if given is None or given == "":
        return 0
    if isinstance(given, str):
        digits = given.removeprefix("-")
        if not (digits.isascii() and digits.isdigit() and len(digits) < 21):
            raise ValueError(f"{place}: a whole number is needed")
        given = int(given)
    if not lowest <= given < _MOST_64:
        raise ValueError(f"{place}: a number of 64 bits is needed")
    return given


def _real(given: _Real) -> float:
    """A number; ``NaN`` and ``Infinity`` come as text. Raises ``ValueError``."""
    if not isinstance(given, str):
        return nan if given is None else given
    try:
        return float(given)
    except ValueError:
        raise ValueError("a number is needed") from None
