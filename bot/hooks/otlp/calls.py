"""From log records and spans that each tell of one call to usage."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import blake2b

from bot.hooks.decoding import Fault
from bot.hooks.delivery import Delivery, reject
from bot.hooks.otlp.clients import CallRule, Client, Names, client_of
from bot.hooks.otlp.figures import milliseconds, nanodollars, tokens
from bot.hooks.otlp.identity import claim_of, origin_of
from bot.hooks.otlp.signals import Attributes, LogRecord, Resource, Span
from bot.hooks.sane import Insane, check, is_sane
from db.rejected import Rejected
from scoring.events import CostKind, Event, Signal, Tokens, Usage
from scoring.window import to_us

_ID_BYTES = 16
_HASHED = ("event.timestamp", "event.sequence")


def events_of_logs(records: Iterable[LogRecord | str], now_us: int) -> Delivery:
    """The calls that ``records`` tell of, and the records that cannot be taken.

    Of twins, the one that names a person is kept: Codex writes some records once with and once without identity.
    """
    events: dict[tuple[str, str], Event] = {}
    rejected: list[Rejected] = []
    for position, record in enumerate(records):
        if isinstance(record, str):
            rejected.append(reject("logRecords", position, "", record))
            continue
        client = client_of(record.resource.service, record.scope, record.name)
        rule = _rule(client.events, record.name, record.attributes) if client else None
        if client is None or rule is None:
            continue
        try:
            event = _checked(_of_record(client, rule, record), now_us)
        except Fault as fault:
            rejected.append(reject("logRecords", position, fault.place, fault.text))
            continue
        twin = events.get((event.source, event.id))
        if twin is None or (event.subject and not twin.subject):
            events[event.source, event.id] = event
    return Delivery(list(events.values()), rejected)


def events_of_spans(spans: Iterable[Span | str], now_us: int) -> Delivery:
    """The calls that ``spans`` tell of, and the spans that cannot be taken."""
    events: list[Event] = []
    rejected: list[Rejected] = []
    for position, span in enumerate(spans):
        if isinstance(span, str):
            rejected.append(reject("spans", position, "", span))
            continue
        client = client_of(span.resource.service, span.scope, span.name)
        rule = _rule(client.spans, span.name, span.attributes) if client else None
        if client and rule and _tells_of_a_call(rule, client, span):
            try:
                events.append(_checked(_of_span(client, rule, span), now_us))
            except Fault as fault:
                rejected.append(reject("spans", position, fault.place, fault.text))
    return Delivery(events, rejected)


def _rule(rules: Sequence[CallRule], name: str, attributes: Attributes) -> CallRule | None:
    return next((rule for rule in rules if rule.applies(name, attributes)), None)


def _tells_of_a_call(rule: CallRule, client: Client, span: Span) -> bool:
    """Has it tokens, or failed before there were any?"""
    names = client.attributes.model if span.is_error else ()
    return any(name in span.attributes for name in (*rule.token_names, *names))


def _of_record(client: Client, rule: CallRule, record: LogRecord) -> Event:
    """Raises ``Fault``."""
    if record.fault:
        raise Fault("", record.fault)
    return _event(
        client,
        rule,
        record.resource,
        record.attributes,
        signal=Signal.LOG,
        id=_id(client, rule, record),
        time_us=_time_us(record),
        latency_ms=_latency_ms(rule, record.attributes),
        is_error=rule.is_error,
    )


def _of_span(client: Client, rule: CallRule, span: Span) -> Event:
    """Raises ``Fault``."""
    if span.fault:
        raise Fault("", span.fault)
    if not span.id:
        raise Fault("spanId", "16 hexadecimal digits are needed")
    latency_ms = _latency_ms(rule, span.attributes)
    if latency_ms is None and 0 < span.start_ns <= span.end_ns:
        latency_ms = (span.end_ns - span.start_ns) / 1_000_000
    return _event(
        client,
        rule,
        span.resource,
        span.attributes,
        signal=Signal.SPAN,
        id=span.id,
        time_us=(span.end_ns or span.start_ns) // 1000,
        latency_ms=latency_ms,
        is_error=span.is_error,
    )


def _event(
    client: Client,
    rule: CallRule,
    resource: Resource,
    attributes: Attributes,
    *,
    signal: Signal,
    id: str,
    time_us: int,
    latency_ms: float | None,
    is_error: bool,
) -> Event:
    """Raises ``Fault``."""
    origin = origin_of(client, resource, attributes)
    counted = _tokens(rule, attributes)
    cost = _cost_nanousd(rule, attributes, counted)
    return Event(
        source=origin.source,
        id=id,
        subject=origin.subject,
        time_us=time_us,
        fact=Usage(
            model=origin.model,
            tokens=counted,
            cost_nanousd=cost,
            cost_kind=None if cost is None else CostKind.ESTIMATED,  # what clients say is a list price
            session=origin.session,
            is_error=is_error,
            latency_ms=latency_ms,
            tags=origin.tags,
        ),
        claim=claim_of(client, origin, signal, time_us, time_us),
        is_asserted=True,
    )


def _tokens(rule: CallRule, attributes: Attributes) -> Tokens:
    """Raises ``Fault``."""
    whole = _added_up(rule.input, attributes)
    read, written = _added_up(rule.cache_read, attributes), _added_up(rule.cache_write, attributes)
    # Some who should include the cache do not; then there is nothing to take off.
    is_with_cache = rule.input_holds_cache and whole >= read + written
    return Tokens(
        input=whole - read - written if is_with_cache else whole,
        output=_added_up(rule.output, attributes),
        cache_read=read,
        cache_write=written,
    )


def _added_up(lists: Sequence[Names], attributes: Attributes) -> int:
    total = 0
    for names in lists:
        name = next((name for name in names if name in attributes), None)
        if name is not None:
            total += tokens(attributes[name], name)
    return total


def _cost_nanousd(rule: CallRule, attributes: Attributes, counted: Tokens) -> int | None:
    """What the client says it cost; None where it does not know: 0 for tokens is no price. Raises ``Fault``."""
    cost = 0
    if rule.microdollars in attributes:
        cost = tokens(attributes[rule.microdollars], rule.microdollars) * 1000
    if not cost and rule.dollars in attributes:
        cost = nanodollars(attributes[rule.dollars], rule.dollars)
    return cost if cost or not counted.total else None


def _latency_ms(rule: CallRule, attributes: Attributes) -> float | None:
    """Raises ``Fault``."""
    name = rule.milliseconds
    return milliseconds(attributes[name], name) if name in attributes else None


def _id(client: Client, rule: CallRule, record: LogRecord) -> str:
    """What a record is known by for ever: the request's id, or a hash of what no other call has in common with it."""
    given = next((text for name in rule.ids if (text := str(record.attributes.get(name, ""))) and is_sane(text)), None)
    if given is not None:
        return f"{given}@{record.time_ns}" if rule.is_error else given  # attempts at one call may share its id
    names = (*client.attributes.session, *_HASHED, *rule.token_names, rule.milliseconds)
    parts = [record.name, *(str(record.attributes.get(name, "")) for name in names)]
    return blake2b("\0".join(parts).encode(), digest_size=_ID_BYTES).hexdigest()


def _time_us(record: LogRecord) -> int:
    """When it was, by the record or else by what the client wrote. Raises ``Fault``."""
    if record.time_ns:
        return record.time_ns // 1000
    written = record.attributes.get("event.timestamp")
    try:
        moment = datetime.fromisoformat(written) if isinstance(written, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Fault("timeUnixNano", "missing")
    return to_us(moment)


def _checked(event: Event, now_us: int) -> Event:
    """Raises ``Fault`` where ``event`` cannot be kept."""
    try:
        check(event, now_us)
    except Insane as error:
        raise Fault(error.place, error.text) from error
    return event
