"""Buttons: who clicked is taken from the signed request; a button's value is a hint and no authority."""

from __future__ import annotations

from typing import Any

import msgspec
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import actions
from bot.slack.desk.badges import keep_badge_private, share_badge
from bot.slack.desk.bands import explain_own_band
from bot.slack.desk.places import share_board, show_place
from bot.slack.desk.privacy import show_my_name, stay_unnamed
from bot.slack.desk.rules import show_rules
from bot.slack.desk.sharing import review, use_shared
from bot.slack.desk.tokens import revoke
from bot.slack.listeners.answering import answer, answer_click
from bot.slack.listeners.home import publish_home
from bot.slack.request import clicked
from bot.slack.subcommands import SUBCOMMANDS, Ask
from bot.world import World


class Button(msgspec.Struct, frozen=True):
    """``ask`` answers a click; ``is_change``: it changes what the clicker sees of themselves."""

    ask: Ask
    is_change: bool = False


BUTTONS: dict[str, Button] = {
    actions.SHOW_MY_RANK: Button(show_place),
    actions.SHOW_RULES: Button(show_rules),
    actions.SHARE_LEADERBOARD: Button(share_board),
    actions.STAY_UNNAMED: Button(stay_unnamed, is_change=True),
    actions.SHOW_MY_NAME: Button(show_my_name, is_change=True),
    actions.REVOKE_TOKEN: Button(revoke, is_change=True),
    actions.SHARE_BADGE: Button(share_badge, is_change=True),
    actions.KEEP_BADGE_PRIVATE: Button(keep_badge_private, is_change=True),
    actions.EXPLAIN_BAND: Button(explain_own_band),
    actions.REVIEW_SHARED: Button(review),
    actions.USE_SHARED: Button(use_shared),
    **{actions.in_menu(one.name): Button(one.ask, is_change=one.is_change) for one in SUBCOMMANDS},
}


def register(app: AsyncApp, world: World) -> None:
    """Takes every button. To add one, add its name to ``bot.slack.actions`` and a line above."""
    for action_id, button in BUTTONS.items():
        app.action(action_id)(_listener(button, world))


def _listener(button: Button, world: World) -> Any:
    async def listen(
        ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient
    ) -> None:
        await ack()
        found = await answer(button.ask, world, clicked(body, action))
        await answer_click(found, body, respond, client, is_change=button.is_change)
        if button.is_change:
            seen = body.get("view") or {}
            await publish_home(client, world, body["user"]["id"], seen if seen.get("type") == "home" else None)

    return listen
