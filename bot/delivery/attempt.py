"""One attempt to post, and what its answer means. Slack has no idempotency key, so an unclear answer is its own case."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from math import isfinite
from typing import Any, TypeAlias

import aiohttp
import msgspec
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.message import Message

EVENT_TYPE = "bandstand_outbox"
_SECONDS = 15
_RETRY_AFTER_S = 30.0
_MOST_RETRY_AFTER_S = 3600.0
_RATE_LIMITED = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
_MAY_HAVE_SUCCEEDED = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})
_NO_ENTRY = frozenset(
    {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "org_login_required"}
)
_TOO_LONG = "msg_blocks_too_long"
_BLOCKS_REFUSED = frozenset({"invalid_blocks", "invalid_blocks_format", _TOO_LONG})
_GONE = frozenset({"message_not_found", "edit_window_closed", "cant_update_message"})  # nothing stands there to replace
_AMEND_AGAIN_S = 5


class Accepted(msgspec.Struct, frozen=True):
    """Slack has the message as ``ts`` in ``conversation``."""

    conversation: str
    ts: str


class NotAccepted(msgspec.Struct, frozen=True):
    """Slack has not taken it and says so; it may be sent again after ``retry_after_s``.

    ``is_for_all``: the workspace's limit or the token is meant, not this recipient alone.
    """

    error: str
    retry_after_s: float
    is_for_all: bool = True


class BlocksRefused(msgspec.Struct, frozen=True):
    """Slack does not know a kind of block in it (new kinds roll out in phases), or ``is_too_long``: less may go."""

    error: str
    is_too_long: bool = False


class Impossible(msgspec.Struct, frozen=True):
    """It will never be accepted as it is."""

    error: str


class Unclear(msgspec.Struct, frozen=True):
    """Nobody knows whether Slack has taken it."""

    error: str


Outcome: TypeAlias = Accepted | NotAccepted | BlocksRefused | Impossible | Unclear


async def open_conversation(client: AsyncWebClient, person: str) -> str | NotAccepted | Impossible:
    """The id of the private conversation with a person (U… or W…). Safe to repeat."""
    try:
        async with asyncio.timeout(_SECONDS):
            answer = await client.conversations_open(users=person)
    except SlackApiError as error:
        meaning = _meaning(error)
        return meaning if isinstance(meaning, NotAccepted | Impossible) else NotAccepted("unclear", 30)
    except (aiohttp.ClientError, TimeoutError, SlackClientError, OSError, ValueError) as error:
        return NotAccepted(type(error).__name__, 30)
    return str(answer["channel"]["id"])


async def attempt(client: AsyncWebClient, conversation: str, message: Message, dedupe_key: str) -> Outcome:
    """Posts ``message`` once, marked with ``dedupe_key`` so that it can be found again."""
    try:
        async with asyncio.timeout(_SECONDS):
            answer = await client.chat_postMessage(
                channel=conversation,
                text=message.text,
                blocks=list(message.blocks) or None,
                metadata={"event_type": EVENT_TYPE, "event_payload": {"dedupe_key": dedupe_key}},
                unfurl_links=False,
                unfurl_media=False,
            )
    except SlackApiError as error:
        return _meaning(error)
    except aiohttp.ClientConnectorError as error:
        return NotAccepted(type(error).__name__, 5)  # no connection, so nothing was said
    except (aiohttp.ClientError, TimeoutError, SlackClientError, OSError, ValueError) as error:
        return Unclear(type(error).__name__)
    return Accepted(str(answer["channel"]), str(answer["ts"]))


async def amend(client: AsyncWebClient, conversation: str, ts: str, message: Message) -> Outcome:
    """Puts ``message`` in the place of ``ts``. Safe to repeat, so nothing about it is unclear."""
    try:
        async with asyncio.timeout(_SECONDS):
            await client.chat_update(channel=conversation, ts=ts, text=message.text, blocks=list(message.blocks))
    except SlackApiError as error:
        name = str(error.response.get("error", "")) if isinstance(error.response.data, Mapping) else ""
        if name in _GONE:
            return Accepted(conversation, ts)
        meaning = _meaning(error)
        return NotAccepted(meaning.error, _AMEND_AGAIN_S, is_for_all=False) if isinstance(meaning, Unclear) else meaning
    except (aiohttp.ClientError, TimeoutError, SlackClientError, OSError, ValueError) as error:
        return NotAccepted(type(error).__name__, _AMEND_AGAIN_S, is_for_all=False)
    return Accepted(conversation, ts)


def _meaning(error: SlackApiError) -> Outcome:
    response: Any = error.response
    status = getattr(response, "status_code", 0)
    data = getattr(response, "data", None)
    name = str(data.get("error", "")) if isinstance(data, Mapping) else ""
    if status == 429 or name in _RATE_LIMITED:
        return NotAccepted(name or "ratelimited", retry_after_s(response.headers))
    if name in _NO_ENTRY:
        return NotAccepted(name, 300)
    if status >= 500 or not name or name in _MAY_HAVE_SUCCEEDED:
        return Unclear(name or f"HTTP {status}")
    if name in _BLOCKS_REFUSED:
        return BlocksRefused(name, is_too_long=name == _TOO_LONG)
    return Impossible(name)


def retry_after_s(headers: Mapping[str, str]) -> float:
    """Seconds that ``Retry-After`` asks for, also ``2.5``; 30 where it says nothing that can be read."""
    value = next((text for name, text in headers.items() if name.lower() == "retry-after"), "").strip()
    try:
        seconds = float(value)
    except ValueError:
        return _RETRY_AFTER_S
    return min(max(seconds, 1.0), _MOST_RETRY_AFTER_S) if isfinite(seconds) else _RETRY_AFTER_S
