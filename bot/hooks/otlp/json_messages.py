"""The messages of OTLP in JSON, as far as they are read; every other field is skipped by the decoder.

The mapping is protobuf's, with the deviations of OTLP/HTTP: lowerCamelCase, enums as integers, ids in hexadecimal
digits. Whole numbers come as decimal text or as numbers, which protobuf's mapping lets end in ``.0``.
"""

from __future__ import annotations

from typing import TypeAlias

import msgspec

Whole: TypeAlias = int | float | str | None
Real: TypeAlias = int | float | str | None


class AnyValue(msgspec.Struct, rename="camel"):
    string_value: str | None = None
    int_value: Whole = None
    double_value: Real = None
    bool_value: bool | None = None
    bytes_value: str | None = None
    array_value: ArrayValue | None = None
    kvlist_value: KeyValueList | None = None


class ArrayValue(msgspec.Struct):
    values: list[AnyValue] | None = None


class KeyValueList(msgspec.Struct):
    values: list[KeyValue] | None = None


class KeyValue(msgspec.Struct):
    key: str | None = None
    value: AnyValue | None = None


class UnreadKeyValue(msgspec.Struct):
    """An attribute whose value is read only where it is wanted."""

    key: str | None = None
    value: msgspec.Raw = msgspec.Raw()


class ResourceMessage(msgspec.Struct):
    attributes: list[KeyValue] | None = None


class Scope(msgspec.Struct):
    name: str | None = None


class PointMessage(msgspec.Struct, rename="camel"):
    attributes: list[KeyValue] | None = None
    start_time_unix_nano: Whole = None
    time_unix_nano: Whole = None
    as_double: Real = None
    as_int: Whole = None
    sum: Real = None
    flags: Whole = None


class PointList(msgspec.Struct, rename="camel"):
    data_points: list[PointMessage] | None = None
    aggregation_temporality: Whole = None
    is_monotonic: bool | None = None


class OtherPoints(msgspec.Struct, rename="camel"):
    data_points: list[msgspec.Raw] | None = None


class MetricMessage(msgspec.Struct, rename="camel"):
    name: str | None = None
    sum: PointList | None = None
    histogram: PointList | None = None
    exponential_histogram: PointList | None = None
    gauge: OtherPoints | None = None
    summary: OtherPoints | None = None


class UnreadPointList(msgspec.Struct, rename="camel"):
    data_points: list[msgspec.Raw] | None = None
    aggregation_temporality: Whole = None
    is_monotonic: bool | None = None


class UnreadMetric(msgspec.Struct, rename="camel"):
    """A metric of which each point is read by itself, as one of them is odd."""

    name: str | None = None
    sum: UnreadPointList | None = None
    histogram: UnreadPointList | None = None
    exponential_histogram: UnreadPointList | None = None


class ScopeMetrics(msgspec.Struct):
    scope: Scope | None = None
    metrics: list[MetricMessage] | None = None


class ResourceMetrics(msgspec.Struct, rename="camel"):
    resource: ResourceMessage | None = None
    scope_metrics: list[ScopeMetrics] | None = None


class MetricsExport(msgspec.Struct, rename="camel"):
    resource_metrics: list[ResourceMetrics] | None = None


class LogRecordMessage(msgspec.Struct, rename="camel"):
    time_unix_nano: Whole = None
    observed_time_unix_nano: Whole = None
    event_name: str | None = None
    body: msgspec.Raw = msgspec.Raw()
    attributes: list[UnreadKeyValue] | None = None


class ScopeLogs(msgspec.Struct, rename="camel"):
    scope: Scope | None = None
    log_records: list[LogRecordMessage] | None = None


class ResourceLogs(msgspec.Struct, rename="camel"):
    resource: ResourceMessage | None = None
    scope_logs: list[ScopeLogs] | None = None


class LogsExport(msgspec.Struct, rename="camel"):
    resource_logs: list[ResourceLogs] | None = None


class Status(msgspec.Struct):
    code: Whole = None


class SpanMessage(msgspec.Struct, rename="camel"):
    name: str | None = None
    span_id: str | None = None
    start_time_unix_nano: Whole = None
    end_time_unix_nano: Whole = None
    status: Status | None = None
    attributes: list[UnreadKeyValue] | None = None


class ScopeSpans(msgspec.Struct):
    scope: Scope | None = None
    spans: list[SpanMessage] | None = None


class ResourceSpans(msgspec.Struct, rename="camel"):
    resource: ResourceMessage | None = None
    scope_spans: list[ScopeSpans] | None = None


class TracesExport(msgspec.Struct, rename="camel"):
    resource_spans: list[ResourceSpans] | None = None


# The same exports down to what is read by itself, for those in which something is odd.


class ScopeUnreadMetrics(msgspec.Struct):
    scope: Scope | None = None
    metrics: list[msgspec.Raw] | None = None


class ResourceUnreadMetrics(msgspec.Struct, rename="camel"):
    resource: ResourceMessage | None = None
    scope_metrics: list[ScopeUnreadMetrics] | None = None


class UnreadMetricsExport(msgspec.Struct, rename="camel"):
    resource_metrics: list[ResourceUnreadMetrics] | None = None


class ScopeUnreadLogs(msgspec.Struct, rename="camel"):
    scope: Scope | None = None
    log_records: list[msgspec.Raw] | None = None


class ResourceUnreadLogs(msgspec.Struct, rename="camel"):
    resource: ResourceMessage | None = None
    scope_logs: list[ScopeUnreadLogs] | None = None


class UnreadLogsExport(msgspec.Struct, rename="camel"):
    resource_logs: list[ResourceUnreadLogs] | None = None


class ScopeUnreadSpans(msgspec.Struct):
    scope: Scope | None = None
    spans: list[msgspec.Raw] | None = None


class ResourceUnreadSpans(msgspec.Struct, rename="camel"):
    resource: ResourceMessage | None = None
    scope_spans: list[ScopeUnreadSpans] | None = None


class UnreadTracesExport(msgspec.Struct, rename="camel"):
    resource_spans: list[ResourceUnreadSpans] | None = None
