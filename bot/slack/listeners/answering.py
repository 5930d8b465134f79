"""How listeners answer: privately, beside the event loop, and kindly where somebody is not served."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import structlog

from bot.slack.blocks.answers import plain
from bot.slack.desk import NotServed
from bot.slack.message import Message
from db.engine import StoreUnavailable

_log = structlog.get_logger()

_AWAY = "I can't reach my database just now. Please try again in a minute."


async def answer(ask: Callable[..., Message], *arguments: str) -> dict[str, Any]:
    """What ``ask`` says, as the arguments of Bolt's ``ack`` and ``respond``: for the asker alone, replacing nothing."""
    try:
        message = await asyncio.to_thread(ask, *arguments)
    except NotServed as error:
        message = plain(str(error))
    except StoreUnavailable:
        _log.warning("answer without store")
        message = plain(_AWAY)
    return {"text": message.text, "blocks": list(message.blocks), "response_type": "ephemeral"}


def words(command: dict[str, Any]) -> list[str]:
    """What was typed after the command, in lower case."""
    return str(command.get("text") or "").lower().split()
