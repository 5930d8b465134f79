"""OpenTelemetry's own exporters deliver everything to a real server, killed and restarted meanwhile."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.metrics import Counter, MeterProvider
from opentelemetry.sdk.metrics.export import AggregationTemporality, PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from sqlalchemy import func, select

from db.engine import open_store
from db.tables import usage_days
from tests.service.processes import TOKEN, ServerProcess

_KILLS = 3
_HEADERS = {"Authorization": f"Bearer {TOKEN}"}
_SETTINGS = {"BANDSTAND_HOOK_SECRETS__OTLP": TOKEN}


def counted(database_url: str) -> int:
    store = open_store(database_url)
    with store.read() as conn:
        total = conn.execute(select(func.sum(usage_days.c.tokens_input))).scalar_one()
    store.close()
    return int(total)


def test_a_delta_counter_comes_out_exact_though_the_server_is_killed(tmp_path: Path, sqlite_url: str) -> None:
    server = ServerProcess(tmp_path, sqlite_url, _SETTINGS)
    server.start()
    exporter = OTLPMetricExporter(
        f"{server.address}/hooks/otlp/v1/metrics",
        headers=_HEADERS,
        compression=Compression.Gzip,
        preferred_temporality={Counter: AggregationTemporality.DELTA},
    )
    reader = PeriodicExportingMetricReader(exporter, export_interval_millis=float("inf"))
    provider = MeterProvider([reader], Resource({"service.name": "claude-code"}), shutdown_on_exit=False)
    tokens = provider.get_meter("com.anthropic.claude_code").create_counter("claude_code.token.usage")
    with ThreadPoolExecutor(1) as beside:
        for _ in range(_KILLS):
            tokens.add(7, {"session.id": "s", "type": "input", "model": "m"})
            assert provider.force_flush()
            server.kill()
            tokens.add(11, {"session.id": "s", "type": "input", "model": "m"})
            flushed = beside.submit(provider.force_flush)
            server.start()
            assert flushed.result()
    provider.shutdown()
    assert server.stop() == 0
    assert counted(sqlite_url) == _KILLS * (7 + 11)


def test_spans_of_an_application_arrive(tmp_path: Path, sqlite_url: str) -> None:
    server = ServerProcess(tmp_path, sqlite_url, _SETTINGS)
    server.start()
    provider = TracerProvider(resource=Resource({"service.name": "support-bot"}), shutdown_on_exit=False)
    provider.add_span_processor(
        SimpleSpanProcessor(OTLPSpanExporter(f"{server.address}/hooks/otlp/v1/traces", headers=_HEADERS))
    )
    tracer = provider.get_tracer("app")
    for _ in range(5):
        with tracer.start_as_current_span("chat m") as span:
            span.set_attributes({"gen_ai.usage.input_tokens": 20, "gen_ai.request.model": "m"})
    provider.shutdown()
    assert server.stop() == 0
    assert counted(sqlite_url) == 100
