"""One's own AI work: all boards at once, what waits, what can be set."""

from __future__ import annotations

from sqlalchemy import Connection

from bot.slack.authority import Action, about_oneself
from bot.slack.blocks.home.work import Work, work
from bot.slack.desk.places import boards_on, place_of
from bot.slack.desk.progress import progress_of
from bot.slack.message import Message
from bot.slack.naming import agrees_to_be_named
from bot.slack.request import Request
from bot.slack.zones import zone_of
from bot.world import World
from db.directory import DirectoryPerson
from db.ingest_tokens import tokens_of


def show_work(world: World, request: Request) -> Message:
    """The asker's own."""
    with world.store.read() as conn:
        return work(work_of(conn, world, about_oneself(conn, request, Action.SEE_PLACE)))


def work_of(conn: Connection, world: World, person: DirectoryPerson) -> Work:
    """The places on the boards that are on (on the team board only of whoever has a team), the choices, the tokens."""
    program = world.program
    boards = [board for board in boards_on(program) if board.ranks == "people" or person.team]
    tokens = tokens_of(conn, person.id)
    return Work(
        places=tuple(place_of(conn, program, person, board) for board in boards),
        named_boards=program.privacy.named_boards,
        is_named=agrees_to_be_named(person, program.privacy.named_boards),
        has_chosen=person.naming is not None,
        tokens=len(tokens),
        token_used_us=max((one.last_used_us for one in tokens if one.last_used_us is not None), default=None),
        zone=zone_of(person, program),
        progress=progress_of(conn, "outcome", person),
    )
