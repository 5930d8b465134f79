"""Events: whoever opens the app's Home sees there how things are now."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import actions
from bot.slack.listeners.home import publish_home
from bot.world import World


def register(app: AsyncApp, world: World) -> None:
    """Takes every event of ``bot.slack.actions``."""

    async def home_opened(event: dict[str, Any], client: AsyncWebClient) -> None:
        if event.get("tab", "home") == "home":
            await publish_home(client, world, str(event["user"]), event.get("view"))

    app.event(actions.HOME_OPENED)(home_opened)
