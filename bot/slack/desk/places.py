"""One's own place on a board, and the first places of a board, private until shared."""

from __future__ import annotations

from sqlalchemy import Connection

from bot.slack.authority import Action, about_nobody, about_oneself
from bot.slack.blocks.parts import plain
from bot.slack.blocks.places import Leaderboard, LeaderboardRow, RankCard, leaderboard, rank_card
from bot.slack.message import Message
from bot.slack.naming import display_name, public_name
from bot.slack.recipients import send
from bot.slack.refusals import NotServed
from bot.slack.request import Request
from bot.slack.say import say
from bot.slack.text import escape, joined
from bot.slack.zones import zone_of
from bot.world import World
from db.directory import DirectoryPerson, people_by_id
from db.standings import StoredStanding, run_of, standing_of, top_of
from scoring.boards import BOARDS, Board, board_named
from scoring.program import Program

_SHARED_PRIORITY = 10
_OWN_BOARD, _PUBLIC_BOARD = "outcome", "team"  # where no board is named


def show_place(world: World, request: Request) -> Message:
    """The asker's place on the board that they named, or their team's on the team board."""

    def place(conn: Connection) -> Message:
        person = about_oneself(conn, request, Action.SEE_PLACE)
        return rank_card(place_of(conn, world.program, person, named_board(world.program, request.words, _OWN_BOARD)))

    return world.store.glance(place)


def show_board(world: World, request: Request) -> Message:
    """The first places of the board that was named, with the asker's own, for the asker alone."""
    with world.store.read() as conn:
        person = about_nobody(conn, world.program, request, Action.SEE_BOARD)
        board = named_board(world.program, request.words, _PUBLIC_BOARD)
        return leaderboard(_first_places(conn, world, board, person))


def share_board(world: World, request: Request) -> Message:
    """Posts the board in the channel where it was asked for, once for each click; what to tell whoever clicked."""
    with world.store.write() as conn:
        about_nobody(conn, world.program, request, Action.SHARE_BOARD)
        board = named_board(world.program, (request.value,), _PUBLIC_BOARD)
        shared = leaderboard(_first_places(conn, world, board, None), is_shared=True)
        send(
            conn,
            shared,
            dedupe_key=f"shared/{request.channel}/{request.click}",
            kind="shared_leaderboard",
            recipient=request.channel,
            priority=_SHARED_PRIORITY,
            now_us=world.now_us(),
        )
    return plain(say("leaderboard-shared"))


def place_of(conn: Connection, program: Program, person: DirectoryPerson, board: Board) -> RankCard:
    """The person's place on ``board``, or their team's. Raises ``NotServed`` where they have no team to show."""
    if board.ranks == "teams" and not person.team:
        raise NotServed(say("refused-no-team"))
    run = run_of(conn, board.name)
    team = person.team if board.ranks == "teams" else None
    standing = standing_of(conn, board.name, team if team is not None else str(person.id))
    return RankCard(
        board=board.name,
        at_us=run.at_us if run else 0,
        ranked=run.ranked if run else 0,
        entry=standing.entry if standing else None,
        withheld=standing.withheld if standing else None,
        zone=zone_of(person, program),
        team=team,
    )


def boards_on(program: Program) -> tuple[Board, ...]:
    """The boards that the program has turned on."""
    return tuple(board for board in BOARDS if board.name in program.boards_on)


def named_board(program: Program, words: tuple[str, ...], otherwise: str) -> Board:
    """The board that the first of ``words`` names. Raises ``NotServed``."""
    name = words[0] if words else otherwise
    names = [board.name for board in boards_on(program)]
    if not names:
        raise NotServed(say("refused-board-none"))
    if name not in names:
        raise NotServed(say("refused-board", boards=joined(map(escape, names), ", ")))
    return board_named(name)


def _first_places(conn: Connection, world: World, board: Board, reader: DirectoryPerson | None) -> Leaderboard:
    """Never more than the upper half, and nobody where too few people are ranked to hide among."""
    program = world.program
    run = run_of(conn, board.name)
    ranked = run.ranked if run else 0
    smallest = program.privacy.smallest_group
    is_hidden = board.ranks == "people" and 0 < ranked < smallest
    most = 0 if is_hidden else min(program.digest.top, (ranked + 1) // 2)
    found = top_of(conn, board.name, most) if most else ()
    return Leaderboard(
        board=board.name,
        title=board.title,
        measures=board.measures,
        at_us=run.at_us if run else world.now_us(),
        ranked=ranked,
        rows=_rows(conn, program, found, reader),
        own=_own(conn, board, reader) if reader else None,
        zone=zone_of(reader, program) if reader else program.zone,
        hidden_below=smallest if is_hidden else 0,
    )


def _rows(
    conn: Connection, program: Program, found: tuple[StoredStanding, ...], reader: DirectoryPerson | None
) -> tuple[LeaderboardRow, ...]:
    people = people_by_id(conn, [one.person_id for one in found if one.person_id is not None])
    rows = []
    for one in found:
        person = people.get(one.person_id) if one.person_id is not None else None
        label = one.team if person is None else public_name(person, program.privacy.named_boards)
        is_own = reader is not None and one.person_id == reader.id
        rows.append(LeaderboardRow(one.rank or 0, label, one.score or 0.0, is_own))
    return tuple(rows)


def _own(conn: Connection, board: Board, reader: DirectoryPerson) -> LeaderboardRow | None:
    subject = reader.team if board.ranks == "teams" else str(reader.id)
    standing = standing_of(conn, board.name, subject)
    if standing is None or standing.rank is None:
        return None
    label = standing.team or display_name(reader)
    return LeaderboardRow(standing.rank, label, standing.score or 0.0, is_own=standing.person_id is not None)
