"""CloudEvents 1.0 in JSON: from bytes to events, or the first fault with its place."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Annotated, Any, Literal, NoReturn, TypeVar

import msgspec
from msgspec import UNSET, Meta, UnsetType

from bot.hooks.sane import MOST_COUNT, MOST_NANOUSD, MOST_TOKENS, Insane, check
from scoring.events import Contribution, CostKind, Event, Fact, Lane, Outcome, Policy, Tokens, Training, Usage
from scoring.window import to_us

MOST_EVENTS = 10_000

_Text = Annotated[str, Meta(min_length=1)]
_Share = Annotated[float, Meta(ge=0, le=1)]
_Tokens = Annotated[int, Meta(ge=0, le=MOST_TOKENS)]
_Count = Annotated[int, Meta(ge=0, le=MOST_COUNT)]
_Moment = Annotated[datetime, Meta(tz=True)]
_Lane = Literal["exploration", "production"]


class Fault(ValueError):
    """The first thing wrong; the message begins with its place, e.g. ``[3].data.tokens.input: …``."""


class TooMany(ValueError):
    """More events than one request may hold."""


class _Envelope(msgspec.Struct):
    specversion: Literal["1.0"]
    id: _Text
    source: _Text
    type: str
    time: _Moment
    subject: str | None = None
    data: msgspec.Raw | UnsetType = UNSET
    data_base64: str | UnsetType = UNSET


class _TokensData(msgspec.Struct):
    input: _Tokens = 0
    output: _Tokens = 0
    cache_read: _Tokens = 0
    cache_write: _Tokens = 0


class _UsageData(msgspec.Struct):
    model: _Text
    tokens: _TokensData = msgspec.field(default_factory=_TokensData)
    cost_usd: Decimal | None = None
    lane: _Lane | None = None
    use_case: str | None = None
    session: str | None = None
    task: str | None = None
    status: Literal["ok", "error"] = "ok"
    retry: bool = False
    latency_ms: Annotated[float, Meta(ge=0, le=1e12)] | None = None
    prompt_hash: str | None = None
    tags: tuple[str, ...] | None = None


class _OutcomeData(msgspec.Struct):
    kind: _Text
    task: str | None = None
    lane: _Lane | None = None
    started: _Moment | None = None
    accepted: bool | None = None
    edit_distance: _Share | None = None
    quality: _Share | None = None
    errors: _Count | None = None
    escalated: bool | None = None
    incident: bool | None = None
    minutes_saved: Annotated[float, Meta(ge=0, le=1e9)] | None = None
    reverses: str | None = None


class _PolicyData(msgspec.Struct):
    kind: Literal["violation", "milestone"]
    name: _Text
    severity: Literal["low", "medium", "high"] | None = None


class _ContributionData(msgspec.Struct):
    action: Literal["shared", "reviewed", "reused"]
    asset: _Text
    kind: Literal["prompt_template", "documentation", "onboarding", "office_hours", "tool"] | None = None
    title: str | None = None
    url: str | None = None


class _TrainingData(msgspec.Struct):
    module: _Text
    action: Literal["completed"]


_decode_one = msgspec.json.Decoder(_Envelope).decode
_decode_many = msgspec.json.Decoder(list[msgspec.Raw]).decode
_decode_usage = msgspec.json.Decoder(_UsageData).decode
_decode_outcome = msgspec.json.Decoder(_OutcomeData).decode
_decode_policy = msgspec.json.Decoder(_PolicyData).decode
_decode_contribution = msgspec.json.Decoder(_ContributionData).decode
_decode_training = msgspec.json.Decoder(_TrainingData).decode

_T = TypeVar("_T")


def decode_batch(body: bytes, now_us: int) -> list[Event]:
    """The events of a JSON array. Raises ``Fault`` for the first that cannot be taken, ``TooMany`` beyond the limit."""
    elements = _decoded(_decode_many, body, "", "body")
    if len(elements) > MOST_EVENTS:
        raise TooMany(f"{len(elements):,} events; a request may hold {MOST_EVENTS:,}")
    return [decode_event(element, now_us, f"[{position}]") for position, element in enumerate(elements)]


def decode_event(body: bytes | msgspec.Raw, now_us: int, prefix: str = "") -> Event:
    """The event of a JSON object; ``prefix`` is where it stands. Raises ``Fault``."""
    envelope = _decoded(_decode_one, body, prefix, "event")
    if envelope.data is not UNSET:
        data: bytes | msgspec.Raw = envelope.data
    elif envelope.data_base64 is not UNSET:
        data = _from_base64(envelope.data_base64, prefix)
    else:
        raise Fault(f"{_join(prefix, 'data')}: missing")
    return event_of(
        type_=envelope.type,
        id=envelope.id,
        source=envelope.source,
        subject=envelope.subject or "",
        time=envelope.time,
        data=data,
        now_us=now_us,
        prefix=prefix,
    )


def event_of(
    *,
    type_: str,
    id: str,
    source: str,
    subject: str,
    time: datetime,
    data: bytes | msgspec.Raw,
    now_us: int,
    prefix: str = "",
) -> Event:
    """The event with these attributes and JSON ``data``. Raises ``Fault``."""
    read = _FACTS.get(type_)
    if read is None:
        raise Fault(f"{_join(prefix, 'type')}: unknown; there are {', '.join(_FACTS)}")
    fact = read(data, _join(prefix, "data"))
    event = Event(source=source, id=id, subject=subject, time_us=to_us(time), fact=fact)
    try:
        check(event, now_us)
    except Insane as error:
        raise Fault(f"{_join(prefix, error.place)}: {error.text}") from error
    return event


def _usage(data: bytes | msgspec.Raw, place: str) -> Fact:
    d = _decoded(_decode_usage, data, place, "data")
    cost = None if d.cost_usd is None else nanousd(d.cost_usd, f"{place}.cost_usd")
    t = d.tokens
    return Usage(
        model=d.model,
        tokens=Tokens(t.input, t.output, t.cache_read, t.cache_write),
        cost_nanousd=cost,
        cost_kind=None if cost is None else CostKind.BILLED,
        lane=None if d.lane is None else Lane(d.lane),
        use_case=d.use_case,
        session=d.session,
        task=d.task,
        is_error=d.status == "error",
        is_retry=d.retry,
        latency_ms=d.latency_ms,
        prompt_hash=d.prompt_hash,
        tags=d.tags or (),
    )


def _outcome(data: bytes | msgspec.Raw, place: str) -> Fact:
    d = _decoded(_decode_outcome, data, place, "data")
    return Outcome(
        kind=d.kind,
        lane=Lane.PRODUCTION if d.lane is None else Lane(d.lane),
        task=d.task,
        started_us=None if d.started is None else to_us(d.started),
        is_accepted=d.accepted,
        edit_distance=d.edit_distance,
        quality=d.quality,
        errors=d.errors,
        is_escalated=d.escalated,
        is_incident=d.incident,
        minutes_saved=d.minutes_saved,
        reverses=d.reverses,
    )


def _policy(data: bytes | msgspec.Raw, place: str) -> Fact:
    d = _decoded(_decode_policy, data, place, "data")
    if d.kind == "violation" and d.severity is None:
        raise Fault(f"{place}.severity: a violation needs one: low, medium or high")
    return Policy(kind=d.kind, name=d.name, severity=d.severity)


def _contribution(data: bytes | msgspec.Raw, place: str) -> Fact:
    d = _decoded(_decode_contribution, data, place, "data")
    if d.url is not None and not re.match(r"https?://[^\s]+$", d.url):
        raise Fault(f"{place}.url: not a web address")
    return Contribution(action=d.action, asset=d.asset, kind=d.kind, title=d.title, url=d.url)


def _training(data: bytes | msgspec.Raw, place: str) -> Fact:
    d = _decoded(_decode_training, data, place, "data")
    return Training(module=d.module, action=d.action)


_FACTS: dict[str, Callable[[bytes | msgspec.Raw, str], Fact]] = {
    "bandstand.usage": _usage,
    "bandstand.outcome": _outcome,
    "bandstand.policy": _policy,
    "bandstand.contribution": _contribution,
    "bandstand.training": _training,
}


def nanousd(dollars: Decimal, place: str) -> int:
    """Nano-dollars, rounded half to even. Raises ``Fault`` for an amount that makes no sense."""
    if not dollars.is_finite() or dollars < 0 or dollars > MOST_NANOUSD // 10**9:
        raise Fault(f"{place}: an amount from 0 to {MOST_NANOUSD // 10**9:,} dollars is needed")
    try:
        return int((dollars * 10**9).to_integral_value(ROUND_HALF_EVEN))
    except InvalidOperation as error:
        raise Fault(f"{place}: too many digits") from error


def _decoded(decode: Callable[[Any], _T], body: bytes | msgspec.Raw, prefix: str, what: str) -> _T:
    """``decode(body)``, its errors with the whole place. msgspec writes the path as ``$.tokens.input`` at the end."""
    try:
        return decode(body)
    except msgspec.ValidationError as error:
        text, _, path = str(error).partition(" - at `$")
        missing = re.match(r"Object missing required field `(\w+)`", text)
        if missing:
            _fail(f"{_join(prefix + path.rstrip('`'), missing[1])}: missing", error)
        place = _join(prefix, path.rstrip("`").removeprefix(".")) if path else prefix
        _fail(f"{place or what}: {text[0].lower()}{text[1:]}", error)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        _fail(f"{prefix or what}: not JSON: {_cut(str(error))}", error)
    except (RecursionError, ValueError, InvalidOperation, OverflowError) as error:
        _fail(f"{prefix or what}: nested too deeply or a number too large to read", error)


def _fail(text: str, cause: Exception) -> NoReturn:
    raise Fault(text) from cause


def _cut(text: str) -> str:
    return text.encode("ascii", "replace").decode()[:200]


def _join(prefix: str, name: str) -> str:
    if not prefix or not name:
        return prefix or name
    return f"{prefix}{name}" if name.startswith("[") else f"{prefix}.{name}"


def _from_base64(text: str, prefix: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Fault(f"{_join(prefix, 'data_base64')}: not base64") from error
