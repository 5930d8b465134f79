"""The Web API client: without retries of its own, which can post twice when a connection drops."""

from __future__ import annotations

from slack_sdk.web.async_client import AsyncWebClient

from bot.settings import Settings


def slack_client(settings: Settings, token: str | None = None) -> AsyncWebClient:
    """A client for ``token`` (the bot's unless given) at the address that the settings name."""
    return AsyncWebClient(
        token=token or settings.slack_bot_token,
        base_url=settings.slack_api_url.rstrip("/") + "/",
        retry_handlers=[],
        timeout=30,
    )
