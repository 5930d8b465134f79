"""Slash commands: the answer is the acknowledgement, for the asker alone."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.slack import actions
from bot.slack.blocks.answers import help_message
from bot.slack.desk import Desk
from bot.slack.listeners.answering import answer, words
from bot.slack.message import Message

_HELP = ("", "help", "?")
_SUBCOMMANDS = ("help", "rules", "rank", "me", "leaderboard", "top", "privacy", "connect")


def register(app: AsyncApp, desk: Desk) -> None:
    """Takes every command of ``bot.slack.actions``."""

    async def rank(ack: AsyncAck, command: dict[str, Any]) -> None:
        board = _board(words(command), "outcome")
        await ack(**await answer(desk.rank, command["user_id"], board))

    async def leaderboard(ack: AsyncAck, command: dict[str, Any]) -> None:
        board = _board(words(command), "team")
        await ack(**await answer(desk.leaderboard, command["user_id"], board))

    async def bandstand(ack: AsyncAck, command: dict[str, Any]) -> None:
        name, *rest = words(command) or [""]
        user = command["user_id"]
        match name:
            case "rank" | "me":
                await ack(**await answer(desk.rank, user, _board(rest, "outcome")))
            case "leaderboard" | "top":
                await ack(**await answer(desk.leaderboard, user, _board(rest, "team")))
            case "rules":
                await ack(**await answer(desk.rules, user))
            case "privacy":
                await ack(**await answer(desk.privacy, user))
            case "connect":
                await ack(**await answer(desk.connect, user))
            case _:
                await ack(**await answer(_help, name))

    app.command(actions.RANK)(rank)
    app.command(actions.LEADERBOARD)(leaderboard)
    app.command(actions.BANDSTAND)(bandstand)


def _help(name: str) -> Message:
    if name in _HELP:
        return help_message()
    return help_message(unknown=name, suggestion=next(iter(get_close_matches(name, _SUBCOMMANDS, 1)), ""))


def _board(given: list[str], otherwise: str) -> str:
    return given[0] if given else otherwise
