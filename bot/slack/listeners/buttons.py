"""Buttons: who clicked is taken from the signed request; a button's value is a hint and no authority."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from bot.slack import actions
from bot.slack.desk.places import share_board, show_place
from bot.slack.desk.privacy import show_my_name, stay_unnamed
from bot.slack.desk.rules import show_rules
from bot.slack.desk.tokens import revoke
from bot.slack.listeners.answering import Ask, answer, privately
from bot.slack.request import clicked
from bot.world import World

BUTTONS: dict[str, Ask] = {
    actions.SHOW_MY_RANK: show_place,
    actions.SHOW_RULES: show_rules,
    actions.SHARE_LEADERBOARD: share_board,
    actions.STAY_UNNAMED: stay_unnamed,
    actions.SHOW_MY_NAME: show_my_name,
    actions.REVOKE_TOKEN: revoke,
}


def register(app: AsyncApp, world: World) -> None:
    """Takes every button. To add one, add its name to ``bot.slack.actions`` and a line above."""
    for action_id, ask in BUTTONS.items():
        app.action(action_id)(_listener(ask, world))


def _listener(ask: Ask, world: World) -> Any:
    async def listen(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        await respond(**privately(await answer(ask, world, clicked(body, action))), replace_original=False)

    return listen
