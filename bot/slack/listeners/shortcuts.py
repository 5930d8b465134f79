"""Global shortcuts, which work everywhere, threads included; commands do not."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import actions
from bot.slack.blocks.parts import view_of
from bot.slack.desk.questions import ask_ai_ops
from bot.slack.desk.work import show_work
from bot.slack.listeners.answering import answer
from bot.slack.request import chosen
from bot.slack.subcommands import Ask
from bot.world import World

SHORTCUTS: dict[str, Ask] = {
    actions.MY_AI_WORK: show_work,
    actions.ASK_OR_REPORT: ask_ai_ops,
}


def register(app: AsyncApp, world: World) -> None:
    """Takes every global shortcut; the manifest lists the same."""
    for name, ask in SHORTCUTS.items():
        app.global_shortcut(name)(_listener(ask, world))


def _listener(ask: Ask, world: World) -> Any:
    async def listen(ack: AsyncAck, shortcut: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        found = await answer(ask, world, chosen(shortcut))
        await client.views_open(trigger_id=shortcut["trigger_id"], view=view_of(found))

    return listen
