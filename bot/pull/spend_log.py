"""One row of LiteLLM's spend log, as the record that the callback would have sent: the same call, the same event.

The shape is that of LiteLLM 1.106's ``LiteLLM_SpendLogs``; messages, responses and requests have no field here. Older
versions wrote some of it differently: ``metadata`` and ``request_tags`` as text, and no ``litellm_call_id``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Literal, TypeAlias, TypeVar

import msgspec
from msgspec import UNSET, Meta, UnsetType

from bot.hooks.decoding import Fault, Json, decoded, join
from bot.hooks.litellm_record import CACHE_HIT, NOBODY, Metadata, Record, UsageObject, event_of_record
from bot.hooks.sane import MOST_TOKENS
from scoring.events import Event

_Tokens = Annotated[int, Meta(ge=0, le=MOST_TOKENS)]
_Seconds = Annotated[float, Meta(ge=0, le=1e11)]
_Unread: TypeAlias = msgspec.Raw | UnsetType
_T = TypeVar("_T")


class _RowMetadata(Metadata):
    """What the spend log keeps beside what the callback sends too."""

    additional_usage_values: UsageObject | None = None
    litellm_call_id: _Unread = UNSET
    status: str | None = None


class Row(msgspec.Struct):
    """What is read of a row; every other field is skipped by the decoder."""

    request_id: Annotated[str, Meta(min_length=1)]
    startTime: datetime | _Seconds
    endTime: datetime | _Seconds
    spend: Decimal | None = None
    prompt_tokens: _Tokens | None = None
    completion_tokens: _Tokens | None = None
    call_type: str | None = None
    model: str | None = None
    model_id: str | None = None
    user: str | None = None
    api_key: str | None = None
    cache_hit: str | bool | None = None
    status: str | None = None
    litellm_call_id: _Unread = UNSET
    end_user: _Unread = UNSET
    session_id: _Unread = UNSET
    request_tags: _Unread = UNSET
    metadata: _Unread = UNSET


_row = msgspec.json.Decoder(Row)
_metadata = msgspec.json.Decoder(_RowMetadata)
_text = msgspec.json.Decoder(str)


class Entry(msgspec.Struct, frozen=True):
    """A row and what is in its metadata."""

    row: Row
    metadata: _RowMetadata

    @property
    def user_id(self) -> str:
        """Whom the key belongs to, as LiteLLM numbers its users; "" = nobody."""
        user_id = self.row.user or self.metadata.user_api_key_user_id or ""
        return "" if user_id == NOBODY else user_id


def read_entry(raw: Json) -> Entry:
    """The row in ``raw``. Raises ``Fault`` where it is none that is known."""
    row = decoded(_row, raw, "", "row")
    inside = _unpacked(row.metadata)
    if inside is UNSET or bytes(inside) in (b"null", b"{}", b""):
        return Entry(row, _RowMetadata())
    try:
        return Entry(row, decoded(_metadata, inside, "", "metadata"))
    except Fault as fault:
        raise Fault(join("metadata", fault.place.removeprefix("metadata")), fault.text) from fault


def is_call(entry: Entry) -> bool:
    """False for what the gateway turned away before any model was chosen, such as a key or a model that there is not.

    It is logged in other words than the callback has for it, so that it might count twice.
    """
    row = entry.row
    return _status(entry) == "success" or bool(row.model_id or row.spend)


def event_of_entry(entry: Entry, emails: Mapping[str, str]) -> Event:
    """The usage event that ``entry`` tells of; ``emails`` by user id. Raises ``Fault`` for one that cannot be counted."""
    row, metadata = entry.row, entry.metadata
    is_cached = str(row.cache_hit).lower() == "true"
    call = row.litellm_call_id if _is_said(row.litellm_call_id) else metadata.litellm_call_id
    if is_cached and CACHE_HIT in row.request_id and not _is_said(call):
        raise Fault("litellm_call_id", "an answer from the cache without one may be counted already; update LiteLLM")
    is_used = _status(entry) == "success" or bool(row.spend)  # of a failure the log estimates what would have been read
    record = Record(
        id=row.request_id,
        status=_status(entry),
        startTime=_seconds(row.startTime, "startTime"),
        endTime=_seconds(row.endTime, "endTime"),
        call_type=row.call_type,
        model=row.model,
        prompt_tokens=row.prompt_tokens if is_used else 0,
        completion_tokens=row.completion_tokens if is_used else 0,
        response_cost=row.spend,
        cache_hit=is_cached,
        litellm_call_id=call,
        trace_id=row.session_id,
        end_user=row.end_user,
        request_tags=_unpacked(row.request_tags),
        metadata=Metadata(
            user_api_key_user_email=emails.get(entry.user_id) or metadata.user_api_key_user_email,
            user_api_key_user_id=entry.user_id or None,
            user_api_key_alias=metadata.user_api_key_alias,
            user_api_key_hash=row.api_key or metadata.user_api_key_hash,
            spend_logs_metadata=metadata.spend_logs_metadata,
            usage_object=metadata.usage_object or metadata.additional_usage_values,
        ),
    )
    return event_of_record(record)


def _status(entry: Entry) -> Literal["success", "failure"]:
    return "failure" if "failure" in (entry.row.status, entry.metadata.status) else "success"


def _is_said(raw: _Unread) -> bool:
    return raw is not UNSET and bytes(raw) not in (b"null", b'""')


def _unpacked(raw: _Unread) -> _Unread:
    """``raw``, or the JSON that it holds as text."""
    if raw is UNSET or not bytes(raw).startswith(b'"'):
        return raw
    try:
        return msgspec.Raw(_text.decode(raw).encode())
    except (msgspec.DecodeError, UnicodeError):
        return UNSET


def _seconds(moment: datetime | float, place: str) -> float:
    """Since 1970; LiteLLM's database keeps UTC without saying so."""
    if not isinstance(moment, datetime):
        return moment
    try:
        return max(0.0, (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    except (OverflowError, ValueError) as error:
        raise Fault(place, "a time that is none") from error
