"""Each client's usage is read as it means it, and what it says twice counts once."""

from __future__ import annotations

from typing import Any

import pytest
from opentelemetry.trace import StatusCode

from bot.hooks.otlp.answers import SignalKind
from scoring.events import Claim, Counter, Event, Signal, Tokens, Usage
from tests.bot.hooks.otlp.applications import Application
from tests.bot.hooks.otlp.exports import CUMULATIVE, NOON_NS, counter, export, log_record, point, read, span

GENAI_TOKENS = "gen_ai.client.token.usage"
DETAILS = "gen_ai.client.inference.operation.details"


def readings(event: Event) -> list[tuple[Counter, int, bool]]:
    return [(reading.counter, reading.amount, reading.is_cumulative) for reading in event.readings]


def totals(*events: Event) -> dict[Counter, int]:
    """What cumulative readings say: the highest of each series, added up."""
    highest: dict[bytes, tuple[Counter, int]] = {}
    for event in events:
        for reading in event.readings:
            known = highest.get(reading.key, (reading.counter, 0))[1]
            highest[reading.key] = (reading.counter, max(known, reading.amount))
    return {
        name: sum(amount for counter_, amount in highest.values() if counter_ is name)
        for name in dict.fromkeys(counter_ for counter_, _ in highest.values())
    }


def usage_of(event: Event) -> Usage:
    assert isinstance(event.fact, Usage)
    return event.fact


# Gemini CLI

GEMINI: dict[str, Any] = {"session.id": "g1", "installation.id": "install", "user.email": "Ada@acme.test"}


def test_geminis_own_counter_counts_and_its_histogram_does_not() -> None:
    gemini = Application("gemini-cli", "gemini-cli")
    tokens = gemini.meter.create_counter("gemini_cli.token.usage")
    histogram = gemini.meter.create_histogram(GENAI_TOKENS)
    for kind, count in {"input": 1000, "output": 50, "cache": 600, "thought": 30, "tool": 7}.items():
        tokens.add(count, {**GEMINI, "model": "gemini-2.5-pro", "type": kind})
    for kind, count in {"input": 1000, "output": 80}.items():
        histogram.record(count, {**GEMINI, "gen_ai.token.type": kind, "gen_ai.request.model": "gemini-2.5-pro"})
    (event,) = gemini.metrics().events
    assert (event.source, event.subject, usage_of(event).model) == ("gemini-cli", "ada@acme.test", "gemini-2.5-pro")
    assert (event.claim, usage_of(event).cost_kind) == (Claim("g1", Signal.CUMULATIVE), None)
    assert sorted(readings(event)) == [
        (Counter.CACHE_READ, 600, True),
        (Counter.INPUT, 7, True),
        (Counter.INPUT, 400, True),
        (Counter.OUTPUT, 30, True),
        (Counter.OUTPUT, 50, True),
    ]


def test_geminis_counter_grows_without_its_cache() -> None:
    gemini = Application("gemini-cli", "gemini-cli")
    tokens = gemini.meter.create_counter("gemini_cli.token.usage")
    events = []
    for fresh, cached in ((100, 0), (20, 900), (0, 50)):
        tokens.add(fresh + cached, {**GEMINI, "model": "m", "type": "input"})
        tokens.add(cached, {**GEMINI, "model": "m", "type": "cache"})
        events += gemini.metrics().events
    assert totals(*events) == {Counter.INPUT: 120, Counter.CACHE_READ: 950}


GEMINI_RESPONSE = {
    **GEMINI,
    "event.name": "gemini_cli.api_response",
    "event.timestamp": "2026-06-01T12:00:00.000Z",
    "model": "gemini-2.5-pro",
    "duration_ms": 1500,
    "input_token_count": 1000,
    "output_token_count": 50,
    "cached_content_token_count": 600,
    "thoughts_token_count": 30,
    "tool_token_count": 7,
    "total_token_count": 1087,
}


def test_geminis_response_event_is_a_call_and_the_one_of_the_conventions_is_not() -> None:
    twin = {**GEMINI, "event.name": DETAILS, "gen_ai.usage.input_tokens": 1000, "gen_ai.usage.output_tokens": 50}
    content = export(SignalKind.LOGS, log_record(GEMINI_RESPONSE), log_record(twin), service="gemini-cli")
    (event,) = read(SignalKind.LOGS, content).events
    assert (event.claim, event.time_us) == (Claim("g1", Signal.LOG), NOON_NS // 1000)
    assert event.fact == Usage(model="gemini-2.5-pro", tokens=Tokens(407, 80, 600, 0), session="g1", latency_ms=1500.0)


def test_geminis_failed_call_is_an_error() -> None:
    failed = {**GEMINI, "event.name": "gemini_cli.api_error", "model": "m", "error": "quota", "duration_ms": 9}
    (event,) = read(SignalKind.LOGS, export(SignalKind.LOGS, log_record(failed), service="gemini-cli")).events
    assert (usage_of(event).is_error, usage_of(event).tokens, usage_of(event).cost_nanousd) == (True, Tokens(), 0)


def test_geminis_spans_say_nothing_new() -> None:
    content = export(SignalKind.TRACES, span({"gen_ai.usage.input_tokens": 5}), service="gemini-cli")
    assert read(SignalKind.TRACES, content).events == []


# Codex CLI

CODEX: dict[str, Any] = {
    "event.name": "codex.sse_event",
    "event.kind": "response.completed",
    "event.timestamp": "2026-06-01T12:00:00.123Z",
    "conversation.id": "c1",
    "model": "gpt-5.1-codex",
    "input_token_count": "1000",
    "output_token_count": "120",
    "cached_token_count": 700,
    "reasoning_token_count": 100,
    "tool_token_count": "1120",
}
IDENTITY = {"user.email": "ada@acme.test", "user.account_id": "account"}


def codex(*records: dict[str, Any], scope: str = "codex_otel.log_only", service: str = "codex_cli_rs") -> list[Event]:
    return list(read(SignalKind.LOGS, export(SignalKind.LOGS, *records, service=service, scope=scope)).events)


@pytest.mark.parametrize("service", ["codex_cli_rs", "codex-cli", "codex_exec", "codex_tui", "something else"])
@pytest.mark.parametrize("name", ["codex.sse_event", "codex.websocket_event"])
def test_codexs_completed_response_is_a_call(service: str, name: str) -> None:
    (event,) = codex(log_record({**CODEX, **IDENTITY, "event.name": name}), scope="", service=service)
    assert (event.source, event.subject, event.claim) == ("codex", "ada@acme.test", Claim("c1", Signal.LOG))
    assert event.fact == Usage(model="gpt-5.1-codex", tokens=Tokens(300, 120, 700, 0), session="c1")


def test_codexs_other_events_are_none() -> None:
    others: list[dict[str, Any]] = [
        {**CODEX, "event.kind": "response.output_text.delta"},
        {"event.name": "codex.sse_event", "event.kind": "response.completed", "duration_ms": "5"},
        {"event.name": "codex.api_request", "duration_ms": "5"},
        {"event.name": "codex.user_prompt", "prompt": "secret"},
    ]
    assert codex(*map(log_record, others)) == []


def test_codexs_twin_events_count_once_with_their_identity() -> None:
    full, bare = log_record({**CODEX, **IDENTITY}), log_record(CODEX)
    for events in (codex(bare, full), codex(full, bare)):
        assert [event.subject for event in events] == ["ada@acme.test"]
    assert codex(log_record({**CODEX, "event.timestamp": "2"}), scope="codex_otel.trace_safe") == []
    assert codex(log_record({**CODEX, "target": "codex_otel.trace_safe"})) == []


def test_codexs_failed_response_is_an_error_and_its_metric_is_left_out() -> None:
    (event,) = codex(log_record({**CODEX, "event.kind": "response.failed", "error.message": "secret"}))
    assert usage_of(event).is_error
    metric = counter("codex.turn.token_usage", point(5, {"token_type": "input"}), temporality=CUMULATIVE)
    assert read(SignalKind.METRICS, export(SignalKind.METRICS, metric, service="codex_cli_rs")).events == []


def test_codexs_record_without_a_time_is_timed_by_what_it_says() -> None:
    (event,) = codex(log_record(CODEX, timeUnixNano="0", observedTimeUnixNano="0"))
    assert event.time_us == NOON_NS // 1000 + 123_000
    (event,) = codex(log_record(CODEX, timeUnixNano="0", observedTimeUnixNano=str(NOON_NS)))
    assert event.time_us == NOON_NS // 1000


# GitHub Copilot


@pytest.mark.parametrize("service", ["copilot-chat", "github-copilot"])
@pytest.mark.parametrize("is_exponential", [False, True])
def test_copilots_histogram_counts_by_its_sum(service: str, is_exponential: bool) -> None:
    copilot = Application(service, is_exponential=is_exponential, session_id="window", user_email="ada@acme.test")
    histogram = copilot.meter.create_histogram(GENAI_TOKENS)
    for kind, counts in {"input": (1000, 2000, 12), "output": (50, 60, 1)}.items():
        for count in counts:
            histogram.record(count, {"gen_ai.token.type": kind, "gen_ai.request.model": "gpt-4o"})
    (event,) = copilot.metrics().events
    assert (event.source, event.subject, usage_of(event).model) == ("copilot", "ada@acme.test", "gpt-4o")
    assert event.claim == Claim("window", Signal.CUMULATIVE)
    assert sorted(readings(event)) == [(Counter.INPUT, 3012, True), (Counter.OUTPUT, 111, True)]


def test_copilots_spans_and_events_say_nothing_new() -> None:
    usage = {"gen_ai.usage.input_tokens": 5, "gen_ai.operation.name": "chat"}
    traces = export(SignalKind.TRACES, span(usage), service="copilot-chat")
    logs = export(SignalKind.LOGS, log_record({**usage, "event.name": DETAILS}), service="copilot-chat")
    assert (read(SignalKind.TRACES, traces).events, read(SignalKind.LOGS, logs).events) == ([], [])


# The OpenTelemetry conventions for generative AI


def test_an_applications_histogram_counts_by_its_sum() -> None:
    app = Application("support-bot", "some.instrumentation", is_delta=True)
    histogram = app.meter.create_histogram(GENAI_TOKENS)
    keys = set()
    for _ in range(2):
        for kind, count in {"input": 40, "output": 2}.items():
            attributes = {"gen_ai.token.type": kind, "gen_ai.request.model": "a", "gen_ai.response.model": "a-2026"}
            histogram.record(count, attributes)
        (event,) = app.metrics().events
        assert (event.source, event.subject, usage_of(event).model) == ("support-bot", "", "a-2026")
        assert event.claim == Claim("support-bot:", Signal.DELTA)
        assert sorted(readings(event)) == [(Counter.INPUT, 40, False), (Counter.OUTPUT, 2, False)]
        keys |= {reading.key for reading in event.readings}
    assert len(keys) == 4


def test_replicas_of_an_application_are_told_apart() -> None:
    keys = set()
    for name in ("one", "two"):
        content = export(
            SignalKind.METRICS,
            counter(GENAI_TOKENS, point(5, {"gen_ai.token.type": "input"}), temporality=CUMULATIVE),
            service="support-bot",
            service_instance_id=name,
        )
        (event,) = read(SignalKind.METRICS, content).events
        keys.add(event.readings[0].key)
    assert len(keys) == 2


def chat(app: Application, operation: str = "chat", **attributes: Any) -> None:
    named = {name.replace("__", "."): value for name, value in attributes.items()}
    with app.tracer.start_as_current_span(f"{operation} m") as current:
        current.set_attributes({"gen_ai.operation.name": operation, "gen_ai.request.model": "m", **named})


def test_an_applications_spans_are_calls_but_for_those_that_only_enclose_calls() -> None:
    app = Application("support-bot")
    usage = {"gen_ai.usage.input_tokens": 100, "gen_ai.usage.output_tokens": 9}
    cached = {"gen_ai.usage.cache_read.input_tokens": 60, "gen_ai.usage.cache_creation.input_tokens": 10}
    place = {"gen_ai.conversation.id": "talk", "enduser.id": "ada"}
    chat(app, **usage, **cached, **place)
    chat(app, "invoke_agent", **usage)
    chat(app, "execute_tool")
    chat(app, "embeddings", **{"gen_ai.usage.input_tokens": 8})
    first, second = app.spans().events
    assert (first.source, first.subject) == ("support-bot", "ada")
    assert first.claim == Claim("talk", Signal.SPAN, ("support-bot:",))
    assert (usage_of(first).tokens, usage_of(first).session) == (Tokens(30, 9, 60, 10), "talk")
    assert (usage_of(second).tokens, second.claim) == (Tokens(8), Claim("support-bot:", Signal.SPAN, ("support-bot:",)))
    assert (usage_of(first).latency_ms or -1) >= 0


def test_an_applications_spans_cover_its_histogram_whatever_session_and_person_either_names() -> None:
    owner = {"user_email": "ada@acme.test", "session_id": "process"}
    app = Application("cli", **owner)
    app.meter.create_histogram(GENAI_TOKENS).record(108, {"gen_ai.token.type": "input", "user.id": "somebody"})
    chat(app, **{"gen_ai.usage.input_tokens": 108, "gen_ai.conversation.id": "talk"})
    (metric,), (call,) = app.metrics().events, app.spans().events
    assert metric.claim == Claim("cli:ada@acme.test", Signal.CUMULATIVE)
    assert call.claim == Claim("talk", Signal.SPAN, ("cli:ada@acme.test",))


def test_older_names_and_input_without_the_cache_are_understood() -> None:
    old = span({"gen_ai.usage.prompt_tokens": 10, "gen_ai.usage.completion_tokens": 2})
    apart = span(
        {"gen_ai.usage.input_tokens": 10, "gen_ai.usage.cache_read.input_tokens": 500}, spanId="00f067aa0ba902b7"
    )
    events = read(SignalKind.TRACES, export(SignalKind.TRACES, old, apart, service="")).events
    assert [(event.source, usage_of(event).tokens) for event in events] == [
        ("gen-ai", Tokens(10, 2)),
        ("gen-ai", Tokens(10, 0, 500)),
    ]


def test_a_call_that_failed_without_tokens_is_an_error_and_other_spans_are_nothing() -> None:
    app = Application("support-bot")
    with app.tracer.start_as_current_span("chat m") as current:
        current.set_attribute("gen_ai.request.model", "m")
        current.set_status(StatusCode.ERROR, "secret")
    with app.tracer.start_as_current_span("GET /") as current:
        current.set_status(StatusCode.ERROR)
    (event,) = app.spans().events
    assert (usage_of(event).is_error, usage_of(event).model, usage_of(event).cost_nanousd) == (True, "m", 0)


@pytest.mark.parametrize("service", ["litellm", "litellm-proxy"])
def test_litellms_own_telemetry_is_left_to_its_callback(service: str) -> None:
    assert read(
        SignalKind.TRACES, export(SignalKind.TRACES, span({"gen_ai.usage.input_tokens": 5}), service=service)
    ) == (read(SignalKind.TRACES, {}))


# How a client is known


@pytest.mark.parametrize(
    ("service", "scope"), [("claude-code", ""), ("renamed", "com.anthropic.claude_code"), ("renamed", ""), ("", "")]
)
def test_claude_code_is_known_by_service_scope_or_name(service: str, scope: str) -> None:
    metric = counter("claude_code.token.usage", point(5, {"type": "input", "session.id": "s"}))
    (event,) = read(SignalKind.METRICS, export(SignalKind.METRICS, metric, service=service, scope=scope)).events
    assert event.source == "claude-code"


def test_a_bare_event_name_is_claude_codes_only_from_claude_code() -> None:
    record = log_record({"event.name": "api_request", "input_tokens": 5})
    assert read(SignalKind.LOGS, export(SignalKind.LOGS, record, service="app")).events == []
    named = log_record({"input_tokens": 5}, body={"stringValue": "claude_code.api_request"})
    assert len(read(SignalKind.LOGS, export(SignalKind.LOGS, named, service="app")).events) == 1
    field = log_record({"input_tokens": 5}, eventName="claude_code.api_request")
    assert len(read(SignalKind.LOGS, export(SignalKind.LOGS, field, service="app")).events) == 1


def test_a_service_with_an_odd_name_is_called_after_the_conventions() -> None:
    content = export(SignalKind.TRACES, span({"gen_ai.usage.input_tokens": 5}), service="a\u0000b")
    (event,) = read(SignalKind.TRACES, content).events
    assert event.source == "gen-ai"
