"""Slash commands: the answer is the acknowledgement, for the asker alone. What they answer: ``bot.slack.subcommands``."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import actions
from bot.slack.blocks.charts import has_charts
from bot.slack.blocks.parts import view_of
from bot.slack.desk.places import show_board, show_place
from bot.slack.listeners.answering import answer, privately, tell
from bot.slack.listeners.home import publish_home
from bot.slack.message import Modal
from bot.slack.request import typed
from bot.slack.subcommands import Ask, answer_typed, meant
from bot.world import World


def register(app: AsyncApp, world: World) -> None:
    """Takes the command that the settings name, and the two short cuts."""
    app.command(world.settings.slack_command)(_listener(answer_typed, world))
    app.command(actions.RANK)(_listener(show_place, world))
    app.command(actions.LEADERBOARD)(_listener(show_board, world))


def _listener(ask: Ask, world: World) -> Any:
    async def listen(ack: AsyncAck, command: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
        request = typed(command)
        found = await answer(ask, world, request)
        if isinstance(found, Modal):
            await ack()
            await client.views_open(trigger_id=command["trigger_id"], view=view_of(found))
            return
        if has_charts(found):  # an acknowledgement that Slack does not take would be lost
            await ack()
            await tell(respond, found, world)
        else:
            await ack(**privately(found))
        subcommand = meant(request)
        if ask is answer_typed and subcommand is not None and subcommand.is_change:
            await publish_home(client, world, request.slack_id)

    return listen
