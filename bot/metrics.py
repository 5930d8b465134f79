"""What Prometheus reads at ``GET /metrics``: counters of this process and gauges of the store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from prometheus_client import CollectorRegistry, Counter, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from db.writer import Receipt


class Metrics:
    """Counters that the doors raise, and the figures that are read when somebody asks."""

    def __init__(self, *, waiting_events: Callable[[], int], outbox_states: Callable[[], Mapping[str, int]]) -> None:
        self.registry = CollectorRegistry()
        self._events = Counter(
            "bandstand_events", "Events that doors took, by what became of them.", ["result"], registry=self.registry
        )
        self._accepted = self._events.labels("accepted")
        self._duplicates = self._events.labels("duplicate")
        self.registry.register(_StoreGauges(waiting_events, outbox_states))

    def count(self, receipt: Receipt) -> None:
        self._accepted.inc(receipt.accepted)
        self._duplicates.inc(receipt.duplicates)

    def text(self) -> bytes:
        return generate_latest(self.registry)


class _StoreGauges(Collector):
    def __init__(self, waiting_events: Callable[[], int], outbox_states: Callable[[], Mapping[str, int]]) -> None:
        self._waiting_events = waiting_events
        self._outbox_states = outbox_states

    def collect(self) -> Iterable[GaugeMetricFamily]:
        waiting = GaugeMetricFamily("bandstand_events_waiting", "Events taken and not yet committed.")
        waiting.add_metric([], self._waiting_events())
        yield waiting
        outbox = GaugeMetricFamily("bandstand_outbox_messages", "Messages to Slack by state.", labels=["state"])
        for state, count in self._outbox_states().items():
            outbox.add_metric([state], count)
        yield outbox

    def describe(self) -> Iterable[GaugeMetricFamily]:
        return ()
