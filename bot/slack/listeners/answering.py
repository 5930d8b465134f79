"""How listeners find their answer: beside the event loop, and kindly where somebody is not served."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeAlias

import structlog

from bot.slack.blocks.parts import plain
from bot.slack.message import Message
from bot.slack.refusals import NotServed
from bot.slack.request import Request
from bot.slack.say import say
from bot.world import World
from db.engine import StoreUnavailable

Ask: TypeAlias = Callable[[World, Request], Message]

_log = structlog.get_logger()


async def answer(ask: Ask, world: World, request: Request) -> Message:
    """What ``ask`` says, or why it says nothing."""
    try:
        return await asyncio.to_thread(ask, world, request)
    except NotServed as error:
        return plain(error.text)
    except StoreUnavailable:
        _log.warning("answer without store")
        return plain(say("refused-store-away"))


def privately(message: Message) -> dict[str, Any]:
    """``message`` as the arguments of Bolt's ``ack`` and ``respond``: for the asker alone, replacing nothing."""
    return {"text": message.text, "blocks": list(message.blocks), "response_type": "ephemeral"}
