"""Looks in a conversation's history for a message of ours, by the mark that its attempt carried."""

from __future__ import annotations

import asyncio

import aiohttp
import msgspec
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery.attempt import EVENT_TYPE

_MOST_PAGES = 20
_CLOCK_SKEW_S = 60
_SECONDS = 30
_CLOSED = frozenset(
    {"missing_scope", "channel_not_found", "not_in_channel", "unknown_method", "method_not_supported_for_channel_type"}
)


class Found(msgspec.Struct, frozen=True):
    """Slack has it as ``ts`` in ``conversation``."""

    conversation: str
    ts: str


class NotFound(msgspec.Struct, frozen=True):
    """The history was read, and it is not there."""


class NotAllowed(msgspec.Struct, frozen=True):
    """The history cannot be read by us; only a person can tell."""

    error: str


class Again(msgspec.Struct, frozen=True):
    """The history could not be read just now."""

    error: str


async def channel_id(client: AsyncWebClient, name: str) -> str | NotAllowed | Again:
    """The id of the channel ``#name``, which only its history asks for."""
    cursor: str | None = None
    try:
        async with asyncio.timeout(_SECONDS):
            for _ in range(_MOST_PAGES):
                page = await client.conversations_list(
                    types="public_channel,private_channel", exclude_archived=True, limit=1000, cursor=cursor
                )
                for channel in page["channels"]:
                    if channel["name"] == name.removeprefix("#"):
                        return str(channel["id"])
                cursor = (page.get("response_metadata") or {}).get("next_cursor")
                if not cursor:
                    return NotAllowed("the channel is not listed")
    except SlackApiError as error:
        return _refusal(error)
    except (aiohttp.ClientError, TimeoutError, SlackClientError, OSError, ValueError) as error:
        return Again(type(error).__name__)
    return Again("the list of channels is too long")


async def search(
    client: AsyncWebClient, conversation: str, dedupe_key: str, attempted_us: int
) -> Found | NotFound | NotAllowed | Again:
    """Whether the attempt at ``attempted_us`` got through."""
    cursor: str | None = None
    oldest = f"{attempted_us / 1_000_000 - _CLOCK_SKEW_S:.6f}"
    try:
        async with asyncio.timeout(_SECONDS):
            for _ in range(_MOST_PAGES):
                page = await client.conversations_history(
                    channel=conversation, oldest=oldest, include_all_metadata=True, limit=200, cursor=cursor
                )
                for message in page["messages"]:
                    mark = message.get("metadata") or {}
                    payload = mark.get("event_payload") or {}
                    if mark.get("event_type") == EVENT_TYPE and payload.get("dedupe_key") == dedupe_key:
                        return Found(conversation, str(message["ts"]))
                cursor = (page.get("response_metadata") or {}).get("next_cursor")
                if not cursor:
                    return NotFound()
    except SlackApiError as error:
        return _refusal(error)
    except (aiohttp.ClientError, TimeoutError, SlackClientError, OSError, ValueError) as error:
        return Again(type(error).__name__)
    return Again("the history is too long")


def _refusal(error: SlackApiError) -> NotAllowed | Again:
    data = error.response.data
    name = str(data.get("error", "")) if isinstance(data, dict) and error.response.status_code < 500 else ""
    return NotAllowed(name) if name in _CLOSED else Again(name or "no clear answer")
