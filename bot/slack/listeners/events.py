"""Events: whoever opens the app's Home sees their own place there."""

from __future__ import annotations

import asyncio
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import actions
from bot.slack.desk.places import show_place
from bot.slack.desk.privacy import show_privacy
from bot.slack.listeners.answering import answer
from bot.slack.request import Request
from bot.world import World


def register(app: AsyncApp, world: World) -> None:
    """Takes every event of ``bot.slack.actions``."""

    async def home_opened(event: dict[str, Any], client: AsyncWebClient) -> None:
        if event.get("tab", "home") != "home":
            return
        request = Request(str(event["user"]))
        place, choice = await asyncio.gather(answer(show_place, world, request), answer(show_privacy, world, request))
        blocks = [*place.blocks, {"type": "divider"}, *choice.blocks]
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    app.event(actions.HOME_OPENED)(home_opened)
