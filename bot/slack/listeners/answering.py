"""How listeners find their answer, and bring it to where it was asked for."""

from __future__ import annotations

import asyncio
from typing import Any

import structlog
from slack_bolt.async_app import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook import WebhookResponse

from bot.slack.blocks.charts import has_charts, without_charts
from bot.slack.blocks.parts import plain, view_of
from bot.slack.message import Answer, Message
from bot.slack.refusals import NotServed
from bot.slack.request import Request
from bot.slack.say import say
from bot.slack.subcommands import Ask
from bot.world import World
from db.engine import StoreUnavailable

_log = structlog.get_logger()

_BLOCKS_REFUSED = "invalid_blocks"


async def answer(ask: Ask, world: World, request: Request) -> Answer:
    """What ``ask`` says, or why it says nothing. Raises ``Unfinished``, which only forms meet."""
    try:
        found = await asyncio.to_thread(ask, world, request)
        return without_charts(found) if isinstance(found, Message) and world.no_charts.is_set() else found
    except NotServed as error:
        return plain(error.text)
    except StoreUnavailable:
        _log.warning("answer without store")
        return plain(say("refused-store-away"))


def privately(message: Message) -> dict[str, Any]:
    """``message`` as the arguments of Bolt's ``ack`` and ``respond``: for the asker alone, replacing nothing."""
    return {"text": message.text, "blocks": list(message.blocks), "response_type": "ephemeral"}


async def tell(respond: AsyncRespond, message: Message, world: World) -> None:
    """Answers beneath what was typed or clicked; without the charts where Slack does not take them, from then on."""
    answered = await respond(**privately(message), replace_original=False)
    if not (has_charts(message) and _is_refused(answered)):
        return
    world.no_charts.set()
    await respond(**privately(without_charts(message)), replace_original=False)


def _is_refused(answered: WebhookResponse) -> bool:
    """Slack does not document how it refuses blocks here: the error may stand in an answer that is fine otherwise."""
    return _BLOCKS_REFUSED in (answered.body or "")


async def answer_click(
    found: Answer, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient, world: World, *, is_change: bool
) -> None:
    """Beneath the message that was clicked; over Home, and over a modal, as a modal.

    ``is_change``: what the modal shows has changed, so that the answer stands in its place.
    """
    if body.get("response_url") and isinstance(found, Message):
        await tell(respond, found, world)
        return
    clicked_view = body.get("view") or {}
    if clicked_view.get("type") != "modal":
        await client.views_open(trigger_id=body["trigger_id"], view=view_of(found))
    elif is_change:
        await client.views_update(view_id=clicked_view["id"], hash=clicked_view.get("hash"), view=view_of(found))
    else:
        await client.views_push(trigger_id=body["trigger_id"], view=view_of(found))
