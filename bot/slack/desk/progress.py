"""How one's own score went, week by week."""

from __future__ import annotations

from sqlalchemy import Connection

from bot.slack.authority import Action, about_oneself
from bot.slack.blocks.progress import progress
from bot.slack.desk.places import named_board
from bot.slack.message import Message
from bot.slack.refusals import NotServed
from bot.slack.request import Request
from bot.slack.say import say
from bot.world import World
from db.directory import DirectoryPerson
from db.score_weeks import ScoreWeek, weeks_of
from db.standings import standing_of

_WEEKS = 12
_BOARD = "outcome"


def show_progress(world: World, request: Request) -> Message:
    """The asker's last weeks on the board of people that they named."""
    with world.store.read() as conn:
        person = about_oneself(conn, request, Action.SEE_PLACE)
        board = named_board(world.program, request.words, _BOARD)
        weeks = progress_of(conn, board.name, person) if board.ranks == "people" else ()
        standing = standing_of(conn, board.name, str(person.id))
    if not weeks:
        raise NotServed(say("progress-nothing", command=world.settings.slack_command))
    entry = standing.entry if standing is not None else None
    return progress(board.title, weeks, entry.next_step if entry else "")


def progress_of(conn: Connection, board: str, person: DirectoryPerson) -> tuple[ScoreWeek, ...]:
    """The last weeks of ``person`` on ``board``, oldest first."""
    return weeks_of(conn, board, str(person.id), _WEEKS)
