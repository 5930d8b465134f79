"""Publishes Home: when it is opened, and after what its person did; never to everybody."""

from __future__ import annotations

import asyncio
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.blocks.home.page import home_page
from bot.slack.blocks.parts import plain
from bot.slack.desk.home import home_sections
from bot.slack.refusals import NotServed
from bot.slack.request import Request
from bot.slack.say import say
from bot.slack.subcommands import menu
from bot.world import World
from db.engine import StoreUnavailable


async def publish_home(client: AsyncWebClient, world: World, slack_id: str, seen: dict[str, Any] | None = None) -> None:
    """Shows ``slack_id`` how things are now. ``seen`` is the view that they had, where Slack says.

    Where somebody published meanwhile, what is shown is read anew, so that older news never replaces newer.
    """
    known = (seen or {}).get("hash")
    try:
        await client.views_publish(user_id=slack_id, view=await _view(world, slack_id), hash=known)
    except SlackApiError as error:
        if error.response.get("error") != "hash_conflict":
            raise
        await client.views_publish(user_id=slack_id, view=await _view(world, slack_id))


async def _view(world: World, slack_id: str) -> dict[str, Any]:
    try:
        sections = await asyncio.to_thread(home_sections, world, Request(slack_id))
    except NotServed as refusal:
        return {"type": "home", "blocks": list(plain(refusal.text).blocks)}
    except StoreUnavailable:
        return {"type": "home", "blocks": list(plain(say("refused-store-away")).blocks)}
    return home_page(sections, menu())
