"""Buttons: who clicked is taken from the signed request; a button's value is a hint and no authority."""

from __future__ import annotations

from typing import Any

import msgspec
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import actions
from bot.slack.desk.badges import keep_badge_private, share_badge
from bot.slack.desk.bands import explain_own_band
from bot.slack.desk.dispute_answers import open_decline_dispute, open_uphold
from bot.slack.desk.disputes import open_dispute_form, withdraw_dispute
from bot.slack.desk.exception_decisions import approve, open_approve_less, open_ask_back, open_decline
from bot.slack.desk.exceptions import ask_exception, open_answer, withdraw_exception
from bot.slack.desk.flags import ask_to_confirm, ask_to_dismiss, show_flags
from bot.slack.desk.places import share_board, show_place
from bot.slack.desk.privacy import show_my_name, stay_unnamed
from bot.slack.desk.rules import show_rules
from bot.slack.desk.sharing import review, use_shared
from bot.slack.desk.teaching import never, not_now, stop_teaching, teach
from bot.slack.desk.tokens import revoke
from bot.slack.listeners.answering import answer, answer_click
from bot.slack.listeners.home import publish_home
from bot.slack.request import clicked
from bot.slack.subcommands import SUBCOMMANDS, Ask
from bot.world import World


class Button(msgspec.Struct, frozen=True):
    """``ask`` answers a click; ``is_change``: it changes what the clicker sees of themselves.

    ``is_turn``: it turns the page, so that in a modal the answer stands in the place of what was there.
    """

    ask: Ask
    is_change: bool = False
    is_turn: bool = False


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
    actions.ASK_EXCEPTION: Button(ask_exception),
    actions.OPEN_EXCEPTION_ANSWER: Button(open_answer),
    actions.WITHDRAW_EXCEPTION: Button(withdraw_exception, is_change=True),
    actions.APPROVE_EXCEPTION: Button(approve, is_change=True),
    actions.OPEN_EXCEPTION_APPROVE_LESS: Button(open_approve_less),
    actions.OPEN_EXCEPTION_DECLINE: Button(open_decline),
    actions.OPEN_EXCEPTION_ASK_BACK: Button(open_ask_back),
    actions.DISPUTE: Button(open_dispute_form),
    actions.WITHDRAW_DISPUTE: Button(withdraw_dispute, is_change=True),
    actions.OPEN_UPHOLD: Button(open_uphold),
    actions.OPEN_DECLINE_DISPUTE: Button(open_decline_dispute),
    actions.TEACH: Button(teach),
    actions.TEACH_NOT_NOW: Button(not_now),
    actions.TEACH_NEVER: Button(never),
    actions.STOP_TEACHING: Button(stop_teaching, is_change=True),
    actions.CONFIRM_FLAG: Button(ask_to_confirm),
    actions.DISMISS_FLAG: Button(ask_to_dismiss),
    actions.MORE_FLAGS: Button(show_flags, is_turn=True),
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
        await answer_click(found, body, respond, client, world, is_change=button.is_change or button.is_turn)
        if button.is_change:
            seen = body.get("view") or {}
            await publish_home(client, world, body["user"]["id"], seen if seen.get("type") == "home" else None)

    return listen
