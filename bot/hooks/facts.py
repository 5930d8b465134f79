"""The ``data`` of each type of event (contracts, section 1): from JSON to what Bandstand keeps of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from bot.hooks.decoding import Fault, Json, decoded
from bot.hooks.money import nanousd
from bot.hooks.sane import MOST_COUNT, MOST_TOKENS
from bot.web_address import is_web_address
from scoring.events import Contribution, CostKind, Fact, Lane, Outcome, Policy, Tokens, Training, Usage
from scoring.window import to_us

Moment = Annotated[datetime, Meta(tz=True)]
Text = Annotated[str, Meta(min_length=1)]

_Share = Annotated[float, Meta(ge=0, le=1)]
_Tokens = Annotated[int, Meta(ge=0, le=MOST_TOKENS)]
_Count = Annotated[int, Meta(ge=0, le=MOST_COUNT)]
_Lane = Literal["exploration", "production"]


class _TokensData(msgspec.Struct, frozen=True):
    input: _Tokens = 0
    output: _Tokens = 0
    cache_read: _Tokens = 0
    cache_write: _Tokens = 0


_NO_TOKENS = _TokensData()


class _UsageData(msgspec.Struct):
    model: Text
    tokens: _TokensData = _NO_TOKENS
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
    kind: Text
    task: str | None = None
    lane: _Lane | None = None
    started: Moment | None = None
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
    name: Text
    severity: Literal["low", "medium", "high"] | None = None


class _ContributionData(msgspec.Struct):
    action: Literal["shared", "reviewed", "reused"]
    asset: Text
    kind: Literal["prompt_template", "documentation", "onboarding", "office_hours", "tool"] | None = None
    title: str | None = None
    url: str | None = None


class _TrainingData(msgspec.Struct):
    module: Text
    action: Literal["completed"]


_usage_decoder = msgspec.json.Decoder(_UsageData)
_outcome_decoder = msgspec.json.Decoder(_OutcomeData)
_policy_decoder = msgspec.json.Decoder(_PolicyData)
_contribution_decoder = msgspec.json.Decoder(_ContributionData)
_training_decoder = msgspec.json.Decoder(_TrainingData)


def _usage(data: Json, place: str) -> Usage:
    d = decoded(_usage_decoder, data, place, "data")
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


def _outcome(data: Json, place: str) -> Outcome:
    d = decoded(_outcome_decoder, data, place, "data")
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


def _policy(data: Json, place: str) -> Policy:
    d = decoded(_policy_decoder, data, place, "data")
    if d.kind == "violation" and d.severity is None:
        raise Fault(f"{place}.severity", 'a violation needs one: "low", "medium" or "high"')
    return Policy(kind=d.kind, name=d.name, severity=d.severity)


def _contribution(data: Json, place: str) -> Contribution:
    d = decoded(_contribution_decoder, data, place, "data")
    if d.action == "shared" and d.kind is None:
        raise Fault(f"{place}.kind", "what is shared needs one, e.g. documentation")
    if d.url is not None and not is_web_address(d.url):
        raise Fault(f"{place}.url", "an address that begins with https:// is needed")
    return Contribution(action=d.action, asset=d.asset, kind=d.kind, title=d.title, url=d.url)


def _training(data: Json, place: str) -> Training:
    d = decoded(_training_decoder, data, place, "data")
    return Training(module=d.module, action=d.action)


READERS: Mapping[str, Callable[[Json, str], Fact]] = {
    "bandstand.usage": _usage,
    "bandstand.outcome": _outcome,
    "bandstand.policy": _policy,
    "bandstand.contribution": _contribution,
    "bandstand.training": _training,
}
"""By ``type``: reads ``data``, which stands at the given place. Each raises ``Fault``."""

SHAPES: Mapping[str, type[msgspec.Struct]] = {
    "bandstand.usage": _UsageData,
    "bandstand.outcome": _OutcomeData,
    "bandstand.policy": _PolicyData,
    "bandstand.contribution": _ContributionData,
    "bandstand.training": _TrainingData,
}
"""By ``type``: the fields that ``data`` may have."""
