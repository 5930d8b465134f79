"""One record of LiteLLM's logging callback: only what is counted is read, so content is dropped while decoding.

The shape is LiteLLM's StandardLoggingPayload (1.106); messages, responses, parameters, headers, error texts and
addresses have no field here and therefore never become Python objects.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from bot.email_address import as_email
from bot.hooks.cloudevents import nanousd
from bot.hooks.sane import MOST_TOKENS
from scoring.events import CostKind, Event, Lane, Tokens, Usage

SOURCE = "litellm"

_Tokens = Annotated[int, Meta(ge=0, le=MOST_TOKENS)]
_Seconds = Annotated[float, Meta(ge=0, le=1e11)]
_NOBODY = "default_user_id"  # what LiteLLM calls the holder of its master key


class _PromptDetails(msgspec.Struct):
    cached_tokens: _Tokens | None = None
    cache_creation_tokens: _Tokens | None = None


class _UsageObject(msgspec.Struct):
    cache_read_input_tokens: _Tokens | None = None
    cache_creation_input_tokens: _Tokens | None = None
    prompt_tokens_details: _PromptDetails | None = None


class _Metadata(msgspec.Struct):
    user_api_key_user_email: str | None = None
    user_api_key_user_id: str | None = None
    user_api_key_alias: str | None = None
    user_api_key_hash: str | None = None
    spend_logs_metadata: dict[str, Any] | None = None
    usage_object: _UsageObject | None = None


class Record(msgspec.Struct):
    """What is read of a record; every other field is skipped by the decoder."""

    id: Annotated[str, Meta(min_length=1)]
    status: Literal["success", "failure"]
    startTime: _Seconds
    endTime: _Seconds
    model: str | None = None
    prompt_tokens: _Tokens | None = None
    completion_tokens: _Tokens | None = None
    response_cost: Decimal | None = None
    cache_hit: bool | None = None
    trace_id: str | None = None
    session_id: str | None = None
    end_user: str | None = None
    request_tags: list[str] | None = None
    metadata: _Metadata | None = None


def event_of_record(record: Record) -> Event:
    """The usage event that ``record`` tells of. Raises ``Fault`` for a cost that makes no sense."""
    is_error = record.status == "failure"
    tags, marks = _tags(record.request_tags or ())
    marks = {**marks, **_admin_marks(record.metadata)}
    tokens = _tokens(record)
    lane = marks.get("lane")
    return Event(
        source=SOURCE,
        # A failed attempt and the fallback that answered share their call id, and the failure has it as its id.
        id=f"{record.id}@{round(record.startTime * 1_000_000)}" if is_error else record.id,
        subject=_subject(record),
        time_us=round(record.endTime * 1_000_000),
        fact=Usage(
            model=record.model or "unknown",
            tokens=tokens,
            cost_nanousd=(cost := _cost(record, tokens)),
            cost_kind=None if cost is None else CostKind.BILLED,
            lane=Lane(lane) if lane in ("exploration", "production") else None,
            use_case=marks.get("use_case"),
            session=record.trace_id or record.session_id or None,
            task=marks.get("task"),
            is_error=is_error,
            latency_ms=max(0.0, round((record.endTime - record.startTime) * 1000, 3)),
            tags=tags,
        ),
    )


def _subject(record: Record) -> str:
    """The person as LiteLLM knows them best: who the key belongs to, whom the caller named, the key itself."""
    metadata = record.metadata or _Metadata()
    if metadata.user_api_key_user_email:
        return metadata.user_api_key_user_email
    if metadata.user_api_key_user_id and metadata.user_api_key_user_id != _NOBODY:
        return metadata.user_api_key_user_id
    if record.end_user and as_email(record.end_user):
        return record.end_user
    return metadata.user_api_key_alias or metadata.user_api_key_hash or ""


def _tokens(record: Record) -> Tokens:
    """The four classes. LiteLLM's prompt tokens include those read from and written to a cache."""
    usage = (record.metadata and record.metadata.usage_object) or _UsageObject()
    details = usage.prompt_tokens_details or _PromptDetails()
    read = usage.cache_read_input_tokens or details.cached_tokens or 0
    write = usage.cache_creation_input_tokens or details.cache_creation_tokens or 0
    fresh = max(0, (record.prompt_tokens or 0) - read - write)
    return Tokens(input=fresh, output=record.completion_tokens or 0, cache_read=read, cache_write=write)


def _cost(record: Record, tokens: Tokens) -> int | None:
    """Nano-dollars as billed; None where LiteLLM says 0 because it knows no price."""
    if record.status == "failure" or record.cache_hit:
        return nanousd(record.response_cost or Decimal(0), "response_cost")
    if not record.response_cost and tokens.total:
        return None
    return nanousd(record.response_cost or Decimal(0), "response_cost")


def _tags(given: list[str] | tuple[str, ...]) -> tuple[tuple[str, ...], dict[str, str]]:
    """The tags that people set, and what ``task:``, ``use_case:`` and ``lane:`` among them say."""
    tags, marks = [], {}
    for tag in given:
        name, colon, value = tag.partition(":")
        if colon and name in ("task", "use_case", "lane") and value.strip():
            marks[name] = value.strip()
        elif not tag.startswith("User-Agent:"):
            tags.append(tag)
    return tuple(tags), marks


def _admin_marks(metadata: _Metadata | None) -> dict[str, str]:
    found = (metadata and metadata.spend_logs_metadata) or {}
    return {name: value for name in ("task", "use_case", "lane") if isinstance(value := found.get(name), str) and value}
