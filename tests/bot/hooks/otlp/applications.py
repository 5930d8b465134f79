"""Programs that report by the OpenTelemetry SDK, as the clients of the OTLP door do."""

from __future__ import annotations

import time

from opentelemetry.exporter.otlp.proto.common.metrics_encoder import encode_metrics
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.sdk.metrics import Counter, Histogram, Meter, MeterProvider
from opentelemetry.sdk.metrics.export import AggregationTemporality, InMemoryMetricReader
from opentelemetry.sdk.metrics.view import ExponentialBucketHistogramAggregation, View
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import Tracer

from bot.hooks.delivery import Delivery
from bot.hooks.otlp.answers import Encoding, SignalKind
from bot.hooks.otlp.reading import read_export
from tests.bot.hooks.otlp.exports import from_protobuf, in_json


class Application:
    """One process of a program called ``service``; ``exported`` gives what it has to report by now."""

    def __init__(
        self, service: str, scope: str = "app", *, is_delta: bool = False, is_exponential: bool = False, **resource: str
    ) -> None:
        named = {"service.name": service} | {name.replace("_", "."): value for name, value in resource.items()}
        temporality = AggregationTemporality.DELTA if is_delta else AggregationTemporality.CUMULATIVE
        views = (
            [View(instrument_name="*", aggregation=ExponentialBucketHistogramAggregation())] if is_exponential else []
        )
        self._reader = InMemoryMetricReader(preferred_temporality={Counter: temporality, Histogram: temporality})
        self._metrics = MeterProvider([self._reader], Resource(named), views=views, shutdown_on_exit=False)
        self._spans = InMemorySpanExporter()
        self._traces = TracerProvider(resource=Resource(named), shutdown_on_exit=False)
        self._traces.add_span_processor(SimpleSpanProcessor(self._spans))
        self.meter: Meter = self._metrics.get_meter(scope)
        self.tracer: Tracer = self._traces.get_tracer(scope)

    def metrics(self) -> Delivery:
        """What is read of its next export of metrics."""
        data = self._reader.get_metrics_data()
        return _read(SignalKind.METRICS, encode_metrics(data).SerializeToString() if data else b"")

    def spans(self) -> Delivery:
        """What is read of an export of its spans so far."""
        return _read(SignalKind.TRACES, encode_spans(self._spans.get_finished_spans()).SerializeToString())


def _read(kind: SignalKind, body: bytes) -> Delivery:
    """The same from protobuf and from JSON."""
    now_us = time.time_ns() // 1000 + 1
    delivery = read_export(kind, Encoding.PROTOBUF, body, now_us)
    assert read_export(kind, Encoding.JSON, in_json(from_protobuf(kind, body)), now_us) == delivery
    return delivery
