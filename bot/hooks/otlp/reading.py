"""From the bytes of an export to the usage it tells of."""

from __future__ import annotations

from bot.hooks.delivery import Delivery
from bot.hooks.otlp import json_export, protobuf_export
from bot.hooks.otlp.answers import Encoding, SignalKind
from bot.hooks.otlp.calls import events_of_logs, events_of_spans
from bot.hooks.otlp.metrics import events_of_metrics


def read_export(kind: SignalKind, encoding: Encoding, body: bytes, now_us: int) -> Delivery:
    """What is in ``body``. Raises ``Fault`` where it is no such export, ``TooMany`` for more than a request may hold."""
    is_json = encoding is Encoding.JSON
    if kind is SignalKind.METRICS:
        return events_of_metrics((json_export if is_json else protobuf_export).read_metrics(body), now_us)
    if kind is SignalKind.LOGS:
        return events_of_logs((json_export if is_json else protobuf_export).read_logs(body), now_us)
    return events_of_spans((json_export if is_json else protobuf_export).read_spans(body), now_us)
