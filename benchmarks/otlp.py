"""OTLP metric exports over HTTP, durable, with roll-ups: against decoding and walking the same exports."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.metrics.v1.metrics_pb2 import Metric

from benchmarks.ingest import SECRET, serving
from benchmarks.load import request_bytes, run_load
from benchmarks.ratio import Ratio

_ROUNDS = 3
_SESSIONS = 50  # in an export, as a Collector gathers them
_KINDS = ("input", "output", "cacheRead", "cacheCreation")
_DELTA = 1


def otlp_ratio(folder: Path, new_postgresql: Callable[[], str], scale: float) -> Iterator[Ratio]:
    """Points a second of protobuf exports of Claude Code's metrics."""
    count = max(20, int(200 * scale))
    for name, address in (("SQLite", f"sqlite:///{folder / 'otlp.db'}"), ("PostgreSQL", new_postgresql())):
        ours, walked = [], []
        with serving(address) as port:
            for round_ in range(_ROUNDS):
                exports = [_export(round_, number) for number in range(count)]
                points, seconds = _walk(exports)
                walked.append(points / seconds)
                load = run_load(port, [_request(export) for export in exports], connections=4, processes=2)
                if load.failed:
                    raise RuntimeError(f"{load.failed} of {count} exports were refused")
                ours.append(points / load.seconds)
        yield Ratio(
            work=f"OTLP metric exports, {name}",
            ours=f"{statistics.median(ours):,.0f} points/s",
            yardstick=f"{statistics.median(walked):,.0f} points/s, decoded and walked",
            value=statistics.median(a / b for a, b in zip(ours, walked, strict=True)),
            aim=">= 0.4",
        )


def _walk(exports: Sequence[bytes]) -> tuple[int, float]:
    """The number of points in ``exports``, and the seconds that it took to look at each of their attributes."""
    points = 0
    began = time.perf_counter()
    for export in exports:
        for one in ExportMetricsServiceRequest.FromString(export).resource_metrics:
            _ = {attribute.key: attribute.value.string_value for attribute in one.resource.attributes}
            for scoped in one.scope_metrics:
                for metric in scoped.metrics:
                    for point in metric.sum.data_points:
                        _ = {attribute.key: attribute.value.string_value for attribute in point.attributes}
                        _ = (point.as_double, point.start_time_unix_nano, point.time_unix_nano)
                        points += 1
    return points, time.perf_counter() - began


def _request(export: bytes) -> bytes:
    headers = {"content-type": "application/x-protobuf", "authorization": f"Bearer {SECRET}"}
    return request_bytes("/hooks/otlp/v1/metrics", headers, export)


def _export(round_: int, number: int) -> bytes:
    """What a Collector sends of the sessions of ``_SESSIONS`` people: tokens by class, cost, lines of code, active time."""
    now_ns = time.time_ns()
    request = ExportMetricsServiceRequest()
    for person in range(_SESSIONS):
        one = request.resource_metrics.add()
        for key, value in {"service.name": "claude-code", "service.version": "2.1.197", "os.type": "linux"}.items():
            _name(one.resource, key, value)
        scoped = one.scope_metrics.add()
        scoped.scope.name = "com.anthropic.claude_code"
        common = {
            "user.id": f"{person:064}",
            "user.email": f"person{person}@acme.test",
            "session.id": f"session-{round_}-{number}-{person}",
            "organization.id": "0f0f0f0f-0000-4000-8000-000000000001",
            "terminal.type": "vscode",
            "team.id": "platform",
            "model": "claude-opus-4-8[1m]",
            "query_source": "main",
        }
        for name, values in {
            "claude_code.token.usage": dict(zip(_KINDS, (1234.0, 210.0, 15300.0, 2100.0), strict=True)),
            "claude_code.cost.usage": {"": 0.032195},
            "claude_code.lines_of_code.count": {"added": 6.0, "removed": 1.0},
            "claude_code.active_time.total": {"cli": 12.5},
        }.items():
            _fill(scoped.metrics.add(), name, values, common, now_ns)
    return request.SerializeToString()


def _fill(metric: Metric, name: str, values: dict[str, float], common: dict[str, str], now_ns: int) -> None:
    metric.name = name
    metric.sum.aggregation_temporality = _DELTA
    metric.sum.is_monotonic = True
    for kind, value in values.items():
        point = metric.sum.data_points.add(
            as_double=value, start_time_unix_nano=now_ns - 60 * 10**9, time_unix_nano=now_ns
        )
        for key, text in {**common, **({"type": kind} if kind else {})}.items():
            _name(point, key, text)


def _name(holder: object, key: str, text: str) -> None:
    holder.attributes.add(key=key).value.string_value = text  # type: ignore[attr-defined]
