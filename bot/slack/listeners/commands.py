"""Slash commands: the answer is the acknowledgement, for the asker alone."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

import msgspec
from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.slack import actions
from bot.slack.blocks.help import help_message
from bot.slack.desk.places import show_board, show_place
from bot.slack.desk.privacy import show_privacy
from bot.slack.desk.rules import show_rules
from bot.slack.desk.tokens import connect
from bot.slack.listeners.answering import Ask, answer, privately
from bot.slack.message import Message
from bot.slack.request import Request, typed
from bot.world import World

_HELP = ("", "help", "?")
_SUBCOMMANDS: dict[str, Ask] = {
    "rank": show_place,
    "me": show_place,
    "leaderboard": show_board,
    "top": show_board,
    "rules": show_rules,
    "privacy": show_privacy,
    "connect": connect,
}


def register(app: AsyncApp, world: World) -> None:
    """Takes every command of ``bot.slack.actions``."""

    async def rank(ack: AsyncAck, command: dict[str, Any]) -> None:
        await ack(**privately(await answer(show_place, world, typed(command))))

    async def leaderboard(ack: AsyncAck, command: dict[str, Any]) -> None:
        await ack(**privately(await answer(show_board, world, typed(command))))

    async def bandstand(ack: AsyncAck, command: dict[str, Any]) -> None:
        request = typed(command)
        name, *rest = request.words or ("",)
        ask = _SUBCOMMANDS.get(name, _help)
        given = msgspec.structs.replace(request, words=tuple(rest)) if ask is not _help else request
        await ack(**privately(await answer(ask, world, given)))

    app.command(actions.RANK)(rank)
    app.command(actions.LEADERBOARD)(leaderboard)
    app.command(actions.BANDSTAND)(bandstand)


def _help(_world: World, request: Request) -> Message:
    name = next(iter(request.words), "")
    if name in _HELP:
        return help_message()
    return help_message(unknown=name, suggestion=next(iter(get_close_matches(name, (*_SUBCOMMANDS, "help"), 1)), ""))
