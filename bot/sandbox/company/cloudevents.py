"""Events as Juniper & Vale's other tools report them: CloudEvents (contract, section 1)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import msgspec

from scoring.events import Contribution, Event, Fact, Outcome, Policy, Training, Usage
from scoring.window import from_us


def cloud_event(event: Event) -> dict[str, Any]:
    """One CloudEvent; what nobody measured is left out."""
    return {
        "specversion": "1.0",
        "id": event.id,
        "source": event.source,
        "subject": event.subject,
        "time": _moment(event.time_us),
        "type": f"bandstand.{type(event.fact).__name__.lower()}",
        "datacontenttype": "application/json",
        "data": {name: value for name, value in _data(event.fact).items() if value is not None},
    }


def cloud_events_batch(events: Sequence[Event]) -> bytes:
    """The body of one ``application/cloudevents-batch+json`` POST."""
    return msgspec.json.encode([cloud_event(event) for event in events])


def _data(fact: Fact) -> dict[str, Any]:
    match fact:
        case Usage():
            return _usage(fact)
        case Outcome():
            return _outcome(fact)
        case Policy() | Contribution() | Training():
            return {name: getattr(fact, name) for name in fact.__struct_fields__}


def _usage(usage: Usage) -> dict[str, Any]:
    return {
        "model": usage.model,
        "tokens": usage.tokens,
        "cost_usd": None if usage.cost_nanousd is None else str(Decimal(usage.cost_nanousd).scaleb(-9)),
        "lane": usage.lane,
        "use_case": usage.use_case,
        "session": usage.session,
        "task": usage.task,
        "status": "error" if usage.is_error else "ok",
        "retry": usage.is_retry,
        "latency_ms": usage.latency_ms,
        "prompt_hash": usage.prompt_hash,
        "tags": usage.tags or None,
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {
        "kind": outcome.kind,
        "lane": outcome.lane,
        "task": outcome.task,
        "started": None if outcome.started_us is None else _moment(outcome.started_us),
        "accepted": outcome.is_accepted,
        "edit_distance": outcome.edit_distance,
        "quality": outcome.quality,
        "errors": outcome.errors,
        "escalated": outcome.is_escalated,
        "incident": outcome.is_incident,
        "minutes_saved": outcome.minutes_saved,
        "reverses": outcome.reverses,
    }


def _moment(time_us: int) -> str:
    return from_us(time_us).isoformat()
