"""The doors read what the company sends as what happened there."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from bot.hooks.cloudevents import decode_batch
from bot.hooks.litellm_record import Record, event_of_record
from bot.sandbox.company.cloudevents import cloud_events_batch
from bot.sandbox.company.gateway import gateway_record
from bot.sandbox.company.history import History, make_history
from bot.sandbox.company.people import SERVICE_ACCOUNT
from scoring.events import Event, Usage
from scoring.window import to_us

NOW_US = to_us(datetime(2026, 11, 23, 16, 0, tzinfo=UTC))


@pytest.fixture(scope="module")
def history() -> History:
    return make_history(NOW_US)


def _read(call: Event) -> Event:
    return event_of_record(msgspec.json.decode(msgspec.json.encode(gateway_record(call)), type=Record))


def test_every_call_is_read_with_its_person_moment_tokens_and_cost(history: History) -> None:
    for call in history.from_gateway:
        read = _read(call)
        assert isinstance(call.fact, Usage)
        assert isinstance(read.fact, Usage)
        assert (read.source, read.subject, read.time_us) == (call.source, call.subject, call.time_us)
        assert (read.fact.model, read.fact.tokens, read.fact.task) == (
            call.fact.model,
            call.fact.tokens,
            call.fact.task,
        )
        assert (read.fact.tags, read.fact.is_error) == (call.fact.tags, call.fact.is_error)
        assert (read.fact.cost_nanousd or 0) == (call.fact.cost_nanousd or 0)


def test_the_service_account_is_known_by_its_key_alone(history: History) -> None:
    call = next(event for event in history.from_gateway if event.subject == SERVICE_ACCOUNT)
    assert _read(call).subject == SERVICE_ACCOUNT


def test_every_other_event_is_read_as_it_was_meant(history: History) -> None:
    assert tuple(decode_batch(cloud_events_batch(history.from_tools), NOW_US)) == history.from_tools
