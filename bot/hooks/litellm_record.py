"""One record of LiteLLM's logging callback: only what is counted is read, so content is dropped while decoding.

The shape is LiteLLM's StandardLoggingPayload (1.106); messages, responses, parameters, headers, error texts and
addresses have no field here and therefore never become Python objects. What the gateway itself writes is read
strictly. What callers can write (tags, sessions, end users, marks) is read leniently: an odd one is left out, so that
nobody escapes being counted by sending it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal, TypeAlias, TypeVar

import msgspec
from msgspec import UNSET, Meta, UnsetType

from bot.email_address import as_email
from bot.hooks.decoding import Fault
from bot.hooks.litellm_agent import agent_of
from bot.hooks.money import nanousd
from bot.hooks.sane import MOST_TAGS, MOST_TOKENS, is_sane
from scoring.events import END_USER_SOURCE, Claim, CostKind, Event, Lane, Signal, Tokens, Usage

SOURCE = "litellm"
CACHE_HIT = "_cache_hit"  # what LiteLLM puts between the id of an answer and the moment at which it was given again

# Some providers' counts reach LiteLLM as 12.0.
_Tokens: TypeAlias = Annotated[int, Meta(ge=0, le=MOST_TOKENS)] | Annotated[float, Meta(ge=0, le=MOST_TOKENS)] | None
_Seconds = Annotated[float, Meta(ge=0, le=1e11)]
_Unread: TypeAlias = msgspec.Raw | UnsetType
_BATCH_COST = "_batch_cost"  # what the spend log puts after the id of a batch
NOBODY = "default_user_id"  # what LiteLLM calls the holder of its master key


class PromptDetails(msgspec.Struct):
    cached_tokens: _Tokens = None
    cache_creation_tokens: _Tokens = None


class UsageObject(msgspec.Struct):
    cache_read_input_tokens: _Tokens = None
    cache_creation_input_tokens: _Tokens = None
    prompt_tokens_details: PromptDetails | None = None


class Metadata(msgspec.Struct):
    user_api_key_user_email: str | None = None
    user_api_key_user_id: str | None = None
    user_api_key_alias: str | None = None
    user_api_key_hash: str | None = None
    spend_logs_metadata: _Unread = UNSET
    usage_object: UsageObject | None = None


class Record(msgspec.Struct):
    """What is read of a record; every other field is skipped by the decoder."""

    id: str | int | None  # null where the provider's answer has the field and nothing in it
    status: Literal["success", "failure"]
    startTime: _Seconds
    endTime: _Seconds
    call_type: str | None = None
    model: str | None = None
    prompt_tokens: _Tokens = None
    completion_tokens: _Tokens = None
    response_cost: Decimal | None = None
    cache_hit: bool | str | None = None  # text as the spend log has it
    litellm_call_id: _Unread = UNSET
    trace_id: _Unread = UNSET
    session_id: _Unread = UNSET
    end_user: _Unread = UNSET
    request_tags: _Unread = UNSET
    metadata: Metadata | None = None

    @property
    def is_from_cache(self) -> bool:
        return str(self.cache_hit).lower() == "true"


class _Marks(msgspec.Struct):
    """What ties a call to work, from ``spend_logs_metadata`` or from tags like ``task:OPS-7``."""

    task: _Unread = UNSET
    use_case: _Unread = UNSET
    lane: _Unread = UNSET


_text_decoder = msgspec.json.Decoder(str)
_texts_decoder = msgspec.json.Decoder(list[str])
_marks_decoder = msgspec.json.Decoder(_Marks)
_NO_METADATA = Metadata()
_NO_USAGE = UsageObject()
_NO_DETAILS = PromptDetails()
_MARKS = ("task", "use_case", "lane")

_T = TypeVar("_T")


def event_of_record(record: Record) -> Event:
    """The usage event that ``record`` tells of. Raises ``Fault`` for a cost or a count that makes no sense."""
    metadata = record.metadata or _NO_METADATA
    is_error = record.status == "failure"
    tags, marks = _sorted_tags(_lenient(_texts_decoder, record.request_tags) or [])
    marks |= _admin_marks(metadata)
    tokens = _tokens(record, metadata)
    cost = _cost(record, tokens)
    lane = marks.get("lane")
    model = record.model if record.model and is_sane(record.model) else "unknown"
    session = _text(record.session_id) or _text(record.trace_id)
    end_user = _end_user(record, metadata)
    return Event(
        source=SOURCE,
        id=_id(record, model),
        subject=end_user or _holder(metadata),
        time_us=_us(record.endTime),
        fact=Usage(
            model=model,
            tokens=tokens,
            cost_nanousd=cost,
            cost_kind=None if cost is None else CostKind.BILLED,
            lane=Lane(lane) if lane in ("exploration", "production") else None,
            use_case=marks.get("use_case"),
            session=session,
            task=marks.get("task"),
            is_error=is_error,
            latency_ms=max(0.0, round((record.endTime - record.startTime) * 1000, 3)),
            tags=tags,
        ),
        claim=_claim(record, metadata),
        is_asserted=bool(end_user),
        namer=END_USER_SOURCE if end_user else "",
    )


def _claim(record: Record, metadata: Metadata) -> Claim | None:
    """The session, which an agent that calls through LiteLLM may report itself, by whatever id the two share.

    Where its telemetry leaves sessions out, it is all that the agent tells of the installation, account or person.
    """
    scopes = [_text(record.session_id), _text(record.trace_id)]
    if agent := agent_of(_text(record.end_user) or ""):
        names = (agent.device_id, agent.account_uuid, as_email(metadata.user_api_key_user_email or ""))
        scopes += [agent.session_id, *(f"claude-code:{name}" for name in names if name)]
    known = tuple(dict.fromkeys(filter(None, scopes)))
    return Claim(known[0], Signal.BILLED, known[1:]) if known else None


def _id(record: Record, model: str) -> str:
    """What the callback and the spend log both call the call, so that it counts once whichever of them tells of it.

    An answer has its provider's id, or where that gives none (null or "None"), that of the call. One from the cache has
    that of the first answer and the moment of logging, which the two take one after the other. A failure has the id of
    the call, which it shares with the attempts at other models and with the fallback that answered; its start is the
    attempt's here and the request's there. A batch is reported whenever it is looked at, and costs once it is done.
    Raises ``Fault`` where there is neither.
    """
    call = _text(record.litellm_call_id)
    is_cached = bool(record.is_from_cache and call)
    given = str(record.id or "None")
    answer = given.partition(CACHE_HIT)[0] if is_cached else given
    if answer == "None":
        if not call:
            raise Fault("id", "missing")
        answer = call
    if record.status == "failure":
        return f"{answer}@failed:{model.rpartition('/')[2]}"
    if record.call_type == "aretrieve_batch":
        return f"{answer.removesuffix(_BATCH_COST)}{_BATCH_COST if record.response_cost else ''}"
    return f"{answer}{CACHE_HIT}@{call}" if is_cached else answer


def _end_user(record: Record, metadata: Metadata) -> str:
    """The address of whom the caller named, where the key is nobody's own; "" = none. Callers can name anybody."""
    end_user = _text(record.end_user) or ""
    return end_user if as_email(end_user) and not _owner(metadata) else ""


def _holder(metadata: Metadata) -> str:
    """The person as LiteLLM knows them best: whom the key belongs to, else the key itself."""
    names = (_owner(metadata), metadata.user_api_key_alias, metadata.user_api_key_hash)
    return next((name for name in names if name and is_sane(name)), "")


def _owner(metadata: Metadata) -> str | None:
    user = metadata.user_api_key_user_id
    names = (metadata.user_api_key_user_email, user if user != NOBODY else None)
    return next((name for name in names if name and is_sane(name)), None)


def _tokens(record: Record, metadata: Metadata) -> Tokens:
    """The four classes. LiteLLM's prompt tokens include those read from and written to a cache."""
    usage = metadata.usage_object or _NO_USAGE
    details = usage.prompt_tokens_details or _NO_DETAILS
    read = _whole(usage.cache_read_input_tokens or details.cached_tokens, "cache_read_input_tokens")
    write = _whole(usage.cache_creation_input_tokens or details.cache_creation_tokens, "cache_creation_input_tokens")
    fresh = max(0, _whole(record.prompt_tokens, "prompt_tokens") - read - write)
    output = _whole(record.completion_tokens, "completion_tokens")
    return Tokens(input=fresh, output=output, cache_read=read, cache_write=write)


def _whole(count: float | None, place: str) -> int:
    """Raises ``Fault`` for a part of a token."""
    if count is None:
        return 0
    if count != int(count):
        raise Fault(place, "a whole number is needed")
    return int(count)


def _cost(record: Record, tokens: Tokens) -> int | None:
    """Nano-dollars as billed; None where LiteLLM says 0 because it knows no price."""
    if record.response_cost:
        return nanousd(record.response_cost, "response_cost")
    is_free = record.status == "failure" or record.is_from_cache or not tokens.total
    return 0 if is_free else None


def _sorted_tags(given: list[str]) -> tuple[tuple[str, ...], dict[str, str]]:
    """The tags that people set, and what ``task:``, ``use_case:`` and ``lane:`` among them say."""
    tags: list[str] = []
    marks: dict[str, str] = {}
    for tag in given:
        name, colon, value = tag.partition(":")
        if not is_sane(tag) or tag.startswith("User-Agent:"):
            continue
        if colon and name in _MARKS and value.strip():
            marks[name] = value.strip()
        else:
            tags.append(tag)
    return tuple(tags[:MOST_TAGS]), marks


def _admin_marks(metadata: Metadata) -> dict[str, str]:
    found = _lenient(_marks_decoder, metadata.spend_logs_metadata) or _Marks()
    return {name: text for name in _MARKS if (text := _text(getattr(found, name)))}


def _text(raw: _Unread) -> str | None:
    """The text of a field that callers can write; None where it is none, empty, or odd."""
    text = _lenient(_text_decoder, raw)
    return text if text and is_sane(text) else None


def _lenient(decoder: msgspec.json.Decoder[_T], raw: _Unread) -> _T | None:
    if raw is UNSET:
        return None
    try:
        return decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _us(seconds: float) -> int:
    return round(seconds * 1_000_000)
