"""Every captured export of Claude Code comes out as the usage it tells of, to the token and nano-dollar."""

from __future__ import annotations

import pytest

from bot.hooks.otlp.answers import Encoding, SignalKind
from bot.hooks.otlp.reading import read_export
from scoring.events import Claim, CostKind, Counter, Event, Reading, Signal, Tokens, Usage
from scoring.models import normalise_model
from tests.bot.hooks.otlp.claude_code import (
    CALLS,
    CAPTURED_US,
    EXPORTS,
    FILES,
    SESSIONS,
    SPANS,
    TURN,
    TURN_NANOUSD,
    bytes_of,
    encoding_of,
    kind_of,
    read,
)
from tests.bot.hooks.otlp.exports import (
    CUMULATIVE,
    NOON_NS,
    START_NS,
    counter,
    export,
    from_protobuf,
    in_json,
    log_record,
    point,
)
from tests.bot.hooks.otlp.exports import read as read_made

COUNTERS = (Counter.INPUT, Counter.OUTPUT, Counter.CACHE_READ, Counter.CACHE_WRITE)
RESOURCE_TAGS = ("team:platform", "department:research", "cost_center:eng-123")


def tags_of(folder: str) -> tuple[str, ...]:
    return {"via_litellm_otlp_json": (), "tools_json_verbose_user_email": RESOURCE_TAGS[:2]}.get(folder, RESOURCE_TAGS)


def claim(folder: str, signal: Signal) -> Claim:
    session, person = SESSIONS[folder]
    whose = (person, "") if "@" in person else ("",)  # none of them says of an account, so that it may be any key's
    return Claim(session, signal, tuple(f"claude-code-day:{who}:2026-11-23" for who in whose))


def amounts(event: Event) -> dict[Counter, int]:
    return {reading.counter: reading.amount for reading in event.readings}


@pytest.mark.parametrize("file", CALLS)
def test_each_api_request_is_a_call(file: str) -> None:
    folder = file.partition("/")[0]
    session, person = SESSIONS[folder]
    expected = [
        Event(
            source="claude-code",
            id=request_id,
            subject=person,
            time_us=at_ms * 1000,
            fact=Usage(
                model="claude-opus-4-8",
                tokens=TURN,
                cost_nanousd=TURN_NANOUSD,
                cost_kind=CostKind.ESTIMATED,
                session=session,
                latency_ms=took_ms,
                tags=tags_of(folder),
            ),
            claim=claim(folder, Signal.LOG),
            is_asserted=True,
        )
        for request_id, at_ms, took_ms in CALLS[file]
    ]
    delivery = read(file)
    assert (delivery.events, delivery.rejected) == (expected, [])


@pytest.mark.parametrize("file", SPANS)
def test_each_llm_request_span_is_a_call(file: str) -> None:
    folder = file.partition("/")[0]
    session, person = SESSIONS[folder]
    expected = [
        Event(
            source="claude-code",
            id=span_id,
            subject=person,
            time_us=at_us,
            fact=Usage(
                model="claude-opus-4-8[1m]",
                tokens=TURN,
                session=session,
                latency_ms=took_ms,
                tags=tags_of(folder),
            ),
            claim=claim(folder, Signal.SPAN),
            is_asserted=True,
        )
        for span_id, at_us, took_ms in SPANS[file]
    ]
    delivery = read(file)
    assert (delivery.events, delivery.rejected) == (expected, [])


@pytest.mark.parametrize("file", EXPORTS)
def test_the_points_of_an_export_are_one_usage(file: str) -> None:
    folder = file.partition("/")[0]
    at_ms, calls = EXPORTS[file]
    session, person = SESSIONS[folder]
    is_cumulative = "cumulative" in folder
    (event,) = read(file).events
    assert (event.source, event.subject, event.time_us, event.is_asserted) == (
        "claude-code",
        person,
        at_ms * 1000,
        True,
    )
    assert event.fact == Usage(
        model="claude-opus-4-8[1m]",
        cost_kind=CostKind.ESTIMATED,
        session=session,
        tags=tags_of(folder),
        calls=0,
    )
    assert event.claim == claim(folder, Signal.CUMULATIVE if is_cumulative else Signal.DELTA)
    assert amounts(event) == {
        Counter.INPUT: 1234 * calls,
        Counter.OUTPUT: 210 * calls,
        Counter.CACHE_READ: 15300 * calls,
        Counter.CACHE_WRITE: 2100 * calls,
        Counter.COST: TURN_NANOUSD * calls,
    }
    assert {reading.is_cumulative for reading in event.readings} == {is_cumulative}
    assert len({reading.key for reading in event.readings}) == 5
    assert {len(reading.key) for reading in event.readings} == {16}


@pytest.mark.parametrize("number", [1, 2])
def test_signed_in_people_are_known_by_their_address(number: int) -> None:
    delivery = read(f"SDK_MADE_oauth_attrs_delta_pb/0{number}_metrics.body.pb")
    assert [(event.subject, event.fact.model, event.claim) for event in delivery.events] == [  # type: ignore[union-attr]
        (
            "ada@acme.test",
            "claude-opus-4-8[1m]",
            Claim("sess-a", Signal.DELTA, ("claude-code-day:ada@acme.test:2026-11-23",)),
        ),
        (
            "grace@acme.test",
            "claude-sonnet-4-5-20250929",
            Claim("sess-g", Signal.DELTA, ("claude-code-day:grace@acme.test:2026-11-23",)),
        ),
    ]
    once = {
        Counter.INPUT: 100,
        Counter.OUTPUT: 50,
        Counter.CACHE_READ: 9000,
        Counter.CACHE_WRITE: 700,
        Counter.COST: 11_000_000,
    }
    for event in delivery.events:
        assert amounts(event) == {name: amount * number for name, amount in once.items()}


def test_a_failed_request_is_an_error_that_cost_nothing() -> None:
    (event,) = read("api_error_protobuf/01_logs.body.pb").events
    assert event.fact == Usage(
        model="claude-opus-4-8[1m]",
        cost_nanousd=0,
        cost_kind=CostKind.ESTIMATED,
        session="f0a22ffc-3f97-43ea-aa3f-bd1ee481c025",
        is_error=True,
        latency_ms=13,
        tags=RESOURCE_TAGS,
    )
    assert event.subject == "78914c3b960b4f6d529f28c9170499aa00b328496fb6513561cab4736b66fd0a"
    assert (event.time_us, event.claim) == (
        1_795_439_348_955_000,
        Claim("f0a22ffc-3f97-43ea-aa3f-bd1ee481c025", Signal.LOG, ("claude-code-day::2026-11-23",)),
    )


def test_every_file_is_expected_and_nothing_of_them_is_refused() -> None:
    silent = [file for file in FILES if not read(file).events]
    assert silent == [
        "api_error_protobuf/02_metrics.body.pb",
        "via_litellm_otlp_json/01_logs.body.json",
        "via_litellm_otlp_json/02_metrics.body.json",
    ]
    made = [file for file in FILES if file.startswith("SDK_MADE")]
    assert sorted([*CALLS, *SPANS, *EXPORTS, *made, *silent, "api_error_protobuf/01_logs.body.pb"]) == FILES
    assert all(not read(file).rejected for file in FILES)


@pytest.mark.parametrize("folder", SESSIONS)
def test_metrics_and_log_events_of_a_session_add_up_to_the_same(folder: str) -> None:
    events = [event for file in FILES if file.startswith(folder) for event in read(file).events]
    by_log = [event.fact for event in events if event.claim and event.claim.signal is Signal.LOG]
    readings = [reading for event in events for reading in event.readings]
    for counter_ in COUNTERS:
        counted = sum(reading.amount for reading in readings if reading.counter is counter_)
        assert counted == sum(getattr(fact.tokens, counter_.value) for fact in by_log if isinstance(fact, Usage))
    cost = sum(reading.amount for reading in readings if reading.counter is Counter.COST)
    assert cost == sum(fact.cost_nanousd or 0 for fact in by_log if isinstance(fact, Usage))


@pytest.mark.parametrize("file", [file for file in FILES if encoding_of(file) is Encoding.PROTOBUF])
def test_the_same_export_in_json_tells_of_the_same(file: str) -> None:
    body = in_json(from_protobuf(kind_of(file), bytes_of(file)))
    assert read_export(kind_of(file), Encoding.JSON, body, CAPTURED_US) == read(file)


def test_the_same_export_again_has_the_same_keys_and_the_next_one_others() -> None:
    exports = [file for file in FILES if file.startswith("long_session") and "metrics" in file]
    keys = [{reading.key for event in read(file).events for reading in event.readings} for file in exports]
    assert keys == [{reading.key for event in read(file).events for reading in event.readings} for file in exports]
    assert len(set().union(*keys)) == sum(map(len, keys)) == 20


def test_the_long_context_variant_is_the_same_model() -> None:
    assert normalise_model("claude-opus-4-8[1m]") == normalise_model("claude-opus-4-8") == "claude-opus-4-8"


# What the captured exports do not show.

PERSON = {"user.id": "device", "session.id": "s", "model": "claude-opus-4-8"}


def tokens_of(kind: str, value: object = 10, **changes: object) -> dict[str, object]:
    attributes = {**PERSON, **changes, "type": kind}
    return counter("claude_code.token.usage", point(value, attributes))


def keys_of(*metrics: dict[str, object], **resource: object) -> list[bytes]:
    delivery = read_made(SignalKind.METRICS, export(SignalKind.METRICS, *metrics, **resource))
    return [reading.key for event in delivery.events for reading in event.readings]


def cumulative(value: float, start_ns: int = START_NS, time_ns: int = NOON_NS) -> dict[str, object]:
    times = {"startTimeUnixNano": str(start_ns), "timeUnixNano": str(time_ns)}
    at = point(value, {**PERSON, "type": "input"}, **times)
    return counter("claude_code.token.usage", at, temporality=CUMULATIVE)


def test_a_cumulative_series_is_known_from_its_start_on() -> None:
    (first,) = keys_of(cumulative(10))
    assert keys_of(cumulative(25, time_ns=NOON_NS + 1_000_000_000)) == [first]
    assert keys_of(cumulative(5, start_ns=NOON_NS)) != [first]


def test_a_delta_point_is_known_by_its_whole_stream_and_its_time() -> None:
    def delta(time_ns: int = NOON_NS, start_ns: int = START_NS, **changes: object) -> bytes:
        times = {"startTimeUnixNano": str(start_ns), "timeUnixNano": str(time_ns)}
        (key,) = keys_of(counter("claude_code.token.usage", point(10, {**PERSON, "type": "input", **changes}, **times)))
        return key

    others = [
        delta(time_ns=NOON_NS + 1),
        delta(start_ns=START_NS + 1),
        delta(type="output"),
        delta(effort="high"),
        delta(effort=["high"]),
        delta(effort=1),
        delta(effort={"bytesValue": "AQ=="}),
        delta(effort={"kvlistValue": {"values": [{"key": "a", "value": {"intValue": "1"}}]}}),
        *keys_of(tokens_of("input"), host_name="other"),
    ]
    assert len({delta(), *others}) == 1 + len(others)


def test_keys_of_one_series_and_time_stand_together_for_the_index_that_holds_them() -> None:
    keys = keys_of(*(tokens_of(kind) for kind in ("input", "output", "cacheRead", "cacheCreation")))
    assert (len({key[:10] for key in keys}), len({key[10:] for key in keys})) == (1, 4)


def test_the_order_of_attributes_says_nothing() -> None:
    turned = dict(reversed([*PERSON.items(), ("type", "input")]))
    assert keys_of(tokens_of("input")) == keys_of(counter("claude_code.token.usage", point(10, turned)))
    attributes = [{**PERSON, "type": "input"}, dict(reversed([*PERSON.items(), ("type", "output")]))]
    content = export(SignalKind.METRICS, counter("claude_code.token.usage", *(point(10, one) for one in attributes)))
    assert len(read_made(SignalKind.METRICS, content).events) == 1


def test_tokens_without_their_cost_await_it() -> None:
    (event,) = read_made(SignalKind.METRICS, export(SignalKind.METRICS, tokens_of("output"))).events
    assert isinstance(event.fact, Usage)
    assert (event.fact.cost_kind, event.fact.tokens, event.fact.cost_nanousd) == (CostKind.SEPARATE, Tokens(), None)


def test_calls_of_subagents_and_models_are_kept_apart() -> None:
    content = export(
        SignalKind.METRICS,
        tokens_of("input", query_source="main"),
        tokens_of("input", query_source="subagent"),
        tokens_of("input", model="claude-haiku-4-5"),
    )
    assert len(read_made(SignalKind.METRICS, content).events) == 3


def test_what_counted_nothing_is_no_usage() -> None:
    nothing = [tokens_of("input", 0), tokens_of("reasoning"), counter("claude_code.commit.count", point(1, PERSON))]
    delivery = read_made(SignalKind.METRICS, export(SignalKind.METRICS, *nothing))
    assert (delivery.events, delivery.rejected) == ([], [])


def test_without_a_session_a_persons_usage_is_one() -> None:
    content = export(
        SignalKind.METRICS, counter("claude_code.token.usage", point(5, {"user.id": "d", "type": "input"}))
    )
    (event,) = read_made(SignalKind.METRICS, content).events
    assert event.claim == Claim("claude-code:d", Signal.DELTA, ("claude-code-day::2026-06-01",))
    assert isinstance(event.fact, Usage)
    assert (event.fact.model, event.fact.session) == ("unknown", None)


@pytest.mark.parametrize(
    ("attributes", "subject"),
    [
        ({"user.email": " Ada@ACME.test ", "user.account_uuid": "uuid"}, "ada@acme.test"),
        ({"user.email": "nobody", "user.account_uuid": "uuid", "user.id": "device"}, "uuid"),
        ({"user.account_id": "account", "user.id": "device"}, "account"),
        ({"user.id": "dev\u0000ice", "user.account_id": "x" * 301}, ""),
        ({"user.id": ["device"]}, ""),
        ({}, ""),
    ],
)
def test_usage_belongs_to_whom_the_client_names_best(attributes: dict[str, object], subject: str) -> None:
    record = log_record({"event.name": "api_request", "request_id": "r", **attributes})
    (event,) = read_made(SignalKind.LOGS, export(SignalKind.LOGS, record)).events
    assert event.subject == subject


def test_a_person_named_by_the_resource_is_found_as_well() -> None:
    record = log_record({"event.name": "api_request", "request_id": "r"})
    (event,) = read_made(SignalKind.LOGS, export(SignalKind.LOGS, record, user_email="ada@acme.test")).events
    assert event.subject == "ada@acme.test"


def api_request(**attributes: object) -> Event:
    named = {name.replace("__", "."): value for name, value in attributes.items()}
    record = log_record({"event.name": "api_request", "model": "claude-opus-4-8", **named})
    (event,) = read_made(SignalKind.LOGS, export(SignalKind.LOGS, record)).events
    return event


def test_a_request_without_an_id_is_known_by_its_place_in_the_session() -> None:
    def event_id(**attributes: object) -> str:
        place = {"session__id": "s", "event__timestamp": "2026-06-01T11:59:59Z", "event__sequence": 3}
        return api_request(**{**place, **attributes}).id

    assert api_request(request_id="req_1", client_request_id="c").id == "req_1"
    assert api_request(client_request_id="c").id == "c"
    assert event_id() == event_id(prompt__id="p")
    others = [event_id(session__id="t"), event_id(event__sequence=4), event_id(event__timestamp="2026-06-01T12:00:00Z")]
    assert len({event_id(), *others}) == 4


def test_figures_may_come_as_text() -> None:
    event = api_request(
        request_id="r",
        input_tokens="12",
        output_tokens=3.0,
        cache_read_tokens=" 4 ",
        cost_usd="0.00022500000000000002",
        duration_ms="75.5",
    )
    assert isinstance(event.fact, Usage)
    assert (event.fact.tokens, event.fact.cost_nanousd, event.fact.latency_ms) == (Tokens(12, 3, 4), 225_000, 75.5)


@pytest.mark.parametrize(
    ("cost", "nanousd"),
    [
        ({"cost_usd_micros": 32195, "cost_usd": 9.9}, 32_195_000),
        ({"cost_usd_micros": 0, "cost_usd": 0.0000004}, 400),
        ({"cost_usd_micros": 0, "cost_usd": 0}, None),
        ({}, None),
    ],
)
def test_a_cost_of_nothing_is_no_cost_known(cost: dict[str, object], nanousd: int | None) -> None:
    fact = api_request(request_id="r", input_tokens=1, **cost).fact
    assert isinstance(fact, Usage)
    assert (fact.cost_nanousd, fact.cost_kind) == (nanousd, None if nanousd is None else CostKind.ESTIMATED)


def test_attempts_at_one_request_are_errors_of_their_own() -> None:
    errors = [
        log_record({"event.name": "api_error", "request_id": "r"}, timeUnixNano=str(NOON_NS - second * 10**9))
        for second in (1, 2)
    ]
    done = log_record({"event.name": "api_request", "request_id": "r"})
    events = read_made(SignalKind.LOGS, export(SignalKind.LOGS, *errors, done)).events
    assert len({event.id for event in events}) == 3


def test_readings_are_what_the_ledger_takes() -> None:
    (event,) = read_made(SignalKind.METRICS, export(SignalKind.METRICS, tokens_of("cacheCreation", 7))).events
    (key,) = keys_of(tokens_of("cacheCreation", 7))
    assert event.readings == (Reading(Counter.CACHE_WRITE, key, 7, False),)


@pytest.mark.parametrize(
    "attributes", [{"team": "x" * 65}, {"team": "a\u202eb"}, {"team": ["a"]}, {"team": True}, {"team": "  "}]
)
def test_a_team_is_kept_only_where_it_is_a_short_name(attributes: dict[str, object]) -> None:
    fact = api_request(request_id="r", **attributes).fact
    assert isinstance(fact, Usage)
    assert fact.tags == ()
