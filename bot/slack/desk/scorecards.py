"""One's own two scorecards, read from the ledger as it stands."""

from __future__ import annotations

from sqlalchemy import Connection

from bot.scorecards import scorecards_at
from bot.slack.authority import Action, about_oneself
from bot.slack.blocks.home.scorecards import scorecards
from bot.slack.message import Message
from bot.slack.request import Request
from bot.world import World
from db.directory import DirectoryPerson


def show_scorecards(world: World, request: Request) -> Message:
    """What the asker learns, and what their work costs and is worth."""
    with world.store.read() as conn:
        return own_scorecards(conn, world, about_oneself(conn, request, Action.SEE_PLACE))


def own_scorecards(conn: Connection, world: World, person: DirectoryPerson) -> Message:
    """The scorecards of ``person`` for themselves, up to this moment."""
    return scorecards(scorecards_at(conn, person, world.now_us(), world.program))
