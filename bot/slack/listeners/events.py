"""Events: whoever opens the app's Home sees their own place there."""

from __future__ import annotations

import asyncio
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import actions
from bot.slack.desk import Desk
from bot.slack.listeners.answering import answer


def register(app: AsyncApp, desk: Desk) -> None:
    """Takes every event of ``bot.slack.actions``."""

    async def home_opened(event: dict[str, Any], client: AsyncWebClient) -> None:
        if event.get("tab", "home") != "home":
            return
        place, choice = await asyncio.gather(
            answer(desk.rank, event["user"], "outcome"), answer(desk.privacy, event["user"])
        )
        blocks = [*place["blocks"], {"type": "divider"}, *choice["blocks"]]
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    app.event(actions.HOME_OPENED)(home_opened)
