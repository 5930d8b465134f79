"""Buttons: who clicked is taken from the signed request; a button's value is a hint and no authority."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from bot.slack import actions
from bot.slack.desk import Desk
from bot.slack.listeners.answering import answer


def register(app: AsyncApp, desk: Desk) -> None:
    """Takes every button of ``bot.slack.actions``."""

    async def show_my_rank(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        await respond(**await answer(desk.rank, _user(body), "outcome"), replace_original=False)

    async def show_rules(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        await respond(**await answer(desk.rules, _user(body)), replace_original=False)

    async def share_leaderboard(
        ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], respond: AsyncRespond
    ) -> None:
        await ack()
        container = body.get("container") or {}
        click = f"{_user(body)}/{container.get('message_ts') or action.get('action_ts')}"
        channel = (body.get("channel") or {}).get("id") or container.get("channel_id") or ""
        shared = await answer(desk.share_leaderboard, _user(body), str(action.get("value")), channel, click)
        await respond(**shared, replace_original=False)

    async def stay_unnamed(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        await respond(**await answer(desk.choose_naming, _user(body), "unnamed"), replace_original=False)

    async def show_my_name(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        await respond(**await answer(desk.choose_naming, _user(body), "named"), replace_original=False)

    async def revoke_token(ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        await respond(**await answer(desk.revoke_token, _user(body), str(action.get("value"))), replace_original=False)

    app.action(actions.SHOW_MY_RANK)(show_my_rank)
    app.action(actions.SHOW_RULES)(show_rules)
    app.action(actions.SHARE_LEADERBOARD)(share_leaderboard)
    app.action(actions.STAY_UNNAMED)(stay_unnamed)
    app.action(actions.SHOW_MY_NAME)(show_my_name)
    app.action(actions.REVOKE_TOKEN)(revoke_token)


def _user(body: dict[str, Any]) -> str:
    return str(body["user"]["id"])
