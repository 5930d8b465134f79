"""Answers what people ask in Slack, from what is already computed. Who asks is decided here, at the moment of asking."""

from __future__ import annotations

import msgspec
from sqlalchemy import Connection

from bot.ingest_token import PERSONAL_DOOR, new_token
from bot.slack.blocks.answers import (
    Leaderboard,
    LeaderboardRow,
    RankCard,
    leaderboard,
    plain,
    privacy,
    rank_card,
    rules,
)
from bot.slack.blocks.connecting import connected, token_list
from bot.slack.message import Message
from bot.slack.naming import display_name, public_name
from bot.token_deeds import record_token
from bot.world import World
from db.directory import DirectoryPerson, people_by_id, person_by_slack_id, set_naming
from db.ingest_tokens import add_token, live_tokens_of, revoke_token
from db.outbox import post
from db.standings import StoredStanding, run_of, standing_of, top_of
from db.trail import Action, Deed, append
from db.trail import person as of_person
from scoring.boards import BOARDS, Board, board_named
from scoring.program import NamedBoards
from scoring.rules import rules_of

_SHARED_PRIORITY = 10
_MOST_TOKENS = 5  # of one person, alive at a time

_STRANGER = (
    "I don't know you yet. If you work here, ask your AI ops team to add your Slack account's e-mail address "
    "to Bandstand's directory."
)


class NotServed(Exception):
    """Whoever asks is not served; the message tells them why."""


class Desk:
    """One workspace's desk. Every method reads or writes the store, so call them beside the event loop."""

    def __init__(self, world: World) -> None:
        self._world = world

    def rank(self, slack_id: str, board_name: str) -> Message:
        """The asker's place on a board, or their team's on the team board."""
        return self._world.store.glance(lambda conn: self._rank(conn, slack_id, board_name))

    def leaderboard(self, slack_id: str, board_name: str) -> Message:
        """The first places of a board, with the asker's own, for the asker alone."""
        with self._world.store.read() as conn:
            person = self._person(conn, slack_id)
            return leaderboard(self._first_places(conn, self._board(board_name), person))

    def share_leaderboard(self, slack_id: str, board_name: str, channel: str, click: str) -> Message:
        """Posts the board in ``channel``, once for each ``click``; what to tell the person who clicked."""
        now_us = self._world.now_us()
        with self._world.store.write() as conn:
            self._person(conn, slack_id)
            board = self._board(board_name)
            shared = leaderboard(self._first_places(conn, board, None), is_shared=True)
            post(
                conn,
                dedupe_key=f"shared/{channel}/{click}",
                kind="shared_leaderboard",
                recipient=channel,
                message=msgspec.json.encode(shared).decode(),
                priority=_SHARED_PRIORITY,
                now_us=now_us,
            )
        return plain("It will be posted here in a moment, provided that I am in this channel.")

    def rules(self, slack_id: str) -> Message:
        """The program in plain language."""
        with self._world.store.read() as conn:
            self._person(conn, slack_id)
        return rules(rules_of(self._world.program))

    def privacy(self, slack_id: str) -> Message:
        """Whether posts may show the asker's name."""
        with self._world.store.read() as conn:
            return self._privacy(self._person(conn, slack_id))

    def choose_naming(self, slack_id: str, naming: str) -> Message:
        """Records the asker's own choice (``named`` or ``unnamed``) and confirms it."""
        now_us = self._world.now_us()
        with self._world.store.write() as conn:
            person = self._person(conn, slack_id)
            set_naming(conn, person.id, naming, now_us)
            chosen = Deed(Action.NAMING_CHOSEN, of_person(person.id), of_person(person.id), facts={"naming": naming})
            append(conn, now_us, chosen)
            return self._privacy(self._person(conn, slack_id))

    def connect(self, slack_id: str) -> Message:
        """A fresh token of the asker's own, which this answer alone ever shows: neither log nor post it."""
        now_us = self._world.now_us()
        made = new_token()
        with self._world.store.write() as conn:
            person = self._person(conn, slack_id)
            others = live_tokens_of(conn, person.id)
            if len(others) >= _MOST_TOKENS:
                return token_list(f"You have {_MOST_TOKENS} tokens already. Revoke one, then ask again.", others)
            add_token(
                conn,
                id=made.id,
                door=PERSONAL_DOOR,
                person_id=person.id,
                name="/bandstand connect",
                hash=made.hash,
                now_us=now_us,
            )
            record_token(conn, Action.TOKEN_MADE, made.id, actor=of_person(person.id), now_us=now_us)
        return connected(made.text, made.id, self._world.settings.public_url, others)

    def revoke_token(self, slack_id: str, token_id: str) -> Message:
        """Takes back a token, if it is the asker's own; what they have left."""
        now_us = self._world.now_us()
        with self._world.store.write() as conn:
            person = self._person(conn, slack_id)
            is_revoked = revoke_token(conn, token_id, now_us, person_id=person.id)
            left = live_tokens_of(conn, person.id)
            if is_revoked:
                record_token(conn, Action.TOKEN_REVOKED, token_id, actor=of_person(person.id), now_us=now_us)
        if not is_revoked:
            return token_list("You have no such token any more.", left)
        return token_list("Revoked: within seconds nothing that comes with this token is taken.", left)

    def _rank(self, conn: Connection, slack_id: str, board_name: str) -> Message:
        person = self._person(conn, slack_id)
        return rank_card(self._card(conn, person, self._board(board_name)))

    def _privacy(self, person: DirectoryPerson) -> Message:
        named_boards = self._world.program.privacy.named_boards
        if named_boards is NamedBoards.OFF:
            return plain("Posts name teams, never people. There is nothing to choose.")
        is_named = person.naming == "named" or (person.naming is None and named_boards is NamedBoards.OPT_OUT)
        says = (
            "Posts may show your name if you get among the first of a board."
            if is_named
            else "You stay unnamed: no post shows your name. Your own place stays visible to you."
        )
        return privacy(is_named=is_named, says=says)

    def _person(self, conn: Connection, slack_id: str) -> DirectoryPerson:
        person = person_by_slack_id(conn, slack_id)
        if person is None or not person.is_active:
            raise NotServed(_STRANGER)
        return person

    def _board(self, name: str) -> Board:
        is_on = self._world.program.boards_on
        names = [board.name for board in BOARDS if board.name in is_on]
        if name not in names:
            listed = ", ".join(names) if names else "none at present"
            raise NotServed(f"There is no board of that name. Boards: {listed}.")
        return board_named(name)

    def _card(self, conn: Connection, person: DirectoryPerson, board: Board) -> RankCard:
        run = run_of(conn, board.name)
        if board.ranks == "teams" and not person.team:
            raise NotServed("The directory names no team for you, so there is no team place to show.")
        team = person.team if board.ranks == "teams" else None
        standing = standing_of(conn, board.name, team if team is not None else str(person.id))
        return RankCard(
            board=board.name,
            at_us=run.at_us if run else 0,
            ranked=run.ranked if run else 0,
            entry=standing.entry if standing else None,
            withheld=standing.withheld if standing else None,
            team=team,
        )

    def _first_places(self, conn: Connection, board: Board, reader: DirectoryPerson | None) -> Leaderboard:
        """Never more than the upper half, and nobody where too few people are ranked to hide among."""
        program = self._world.program
        run = run_of(conn, board.name)
        ranked = run.ranked if run else 0
        most = min(program.digest.top, (ranked + 1) // 2)
        note = "" if ranked else "Nobody has a place yet."
        if board.ranks == "people" and 0 < ranked < program.privacy.smallest_group:
            most, note = 0, f"With fewer than {program.privacy.smallest_group} people ranked, nobody is shown."
        found = top_of(conn, board.name, most) if most else ()
        own = self._own(conn, board, reader) if reader else None
        return Leaderboard(
            board=board.name,
            title=board.title,
            measures=board.measures,
            at_us=run.at_us if run else self._world.now_us(),
            ranked=ranked,
            rows=self._rows(conn, found, reader),
            own=own,
            note=note,
        )

    def _rows(
        self, conn: Connection, found: tuple[StoredStanding, ...], reader: DirectoryPerson | None
    ) -> tuple[LeaderboardRow, ...]:
        people = people_by_id(conn, [one.person_id for one in found if one.person_id is not None])
        named_boards = self._world.program.privacy.named_boards
        rows = []
        for one in found:
            person = people.get(one.person_id) if one.person_id is not None else None
            label = one.team if person is None else public_name(person, named_boards)
            is_own = reader is not None and one.person_id == reader.id
            rows.append(LeaderboardRow(one.rank or 0, label, one.score or 0.0, is_own))
        return tuple(rows)

    def _own(self, conn: Connection, board: Board, reader: DirectoryPerson) -> LeaderboardRow | None:
        subject = reader.team if board.ranks == "teams" else str(reader.id)
        standing = standing_of(conn, board.name, subject)
        if standing is None or standing.rank is None:
            return None
        label = standing.team or display_name(reader)
        return LeaderboardRow(standing.rank, label, standing.score or 0.0, is_own=standing.person_id is not None)
