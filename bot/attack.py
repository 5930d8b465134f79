"""The adversaries let loose on the company's own ledger, in a transaction that is never committed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
from sqlalchemy import Connection

from bot.flagging import named_flags_at
from bot.scoreboard import evidence_at, standings_of_all
from bot.world import RuleBook
from db.directory import everyone
from db.identities import resolve
from db.ledger import Calendar, append
from scoring.adversaries import TRICKS, Player, Trick
from scoring.events import Event, Lane, Outcome
from scoring.evidence import Evidence
from scoring.flag import FlagState
from scoring.standings import Standings


class Gain(msgspec.Struct, frozen=True):
    """What a trick brought its player, or their team, on a board. ``places`` > 0: it paid."""

    board: str
    rank_before: int | None
    rank_after: int | None

    @property
    def places(self) -> int:
        """Places gained; whoever lost their place gained none."""
        if self.rank_after is None or self.rank_before is None:
            return 0 if self.rank_after is None else 1
        return self.rank_before - self.rank_after


class Attack(msgspec.Struct, frozen=True):
    """One trick by one person. ``flags`` are the kinds that it raised, on the player or the accomplice."""

    trick: Trick
    person_id: int
    flags: tuple[str, ...]
    gains: tuple[Gain, ...]


def attack(conn: Connection, rules: RuleBook, at_us: int) -> Iterator[Attack]:
    """Each trick played by somebody from the middle of the outcome board.

    Within a transaction of the caller's, who rolls it back: each trick is undone before the next, and nothing stays.
    """
    boards = rules.program.boards_on
    before = standings_of_all(conn, boards, at_us, rules.program, rules.version)
    evidence = evidence_at(conn, "outcome", at_us, rules.program)
    player = _player(conn, evidence, before, rules)
    if player is None:
        return
    person_id, accomplice_id, team, cast = player
    known = set(_kinds(conn, rules, at_us, (person_id, accomplice_id)))
    for trick in TRICKS:
        tried = conn.begin_nested()
        _add(conn, tuple(trick.events(cast)), rules, at_us)
        after = standings_of_all(conn, boards, at_us, rules.program, rules.version)
        raised = sorted(set(_kinds(conn, rules, at_us, (person_id, accomplice_id))) - known)
        tried.rollback()
        gains = tuple(
            Gain(one.board, _rank(one, person_id, team), _rank(other, person_id, team))
            for one, other in zip(before, after, strict=True)
        )
        yield Attack(trick, person_id, tuple(raised), gains)


def _player(
    conn: Connection, evidence: Evidence, before: Sequence[Standings], rules: RuleBook
) -> tuple[int, int, str, Player] | None:
    """Somebody from the middle, a colleague of another team as accomplice; None where too few are ranked."""
    outcome = next((one for one in before if one.board == "outcome"), None)
    ranked = [one.person_id for one in outcome.entries if one.person_id is not None] if outcome else []
    people = {person.id: person for person in everyone(conn)}
    if len(ranked) < 2:
        return None
    person_id = ranked[len(ranked) // 2]
    person = people[person_id]
    others = [one for one in ranked if one != person_id]
    accomplice_id = next((one for one in others if people[one].team != person.team), others[0])
    used = next((one for one in evidence.usage if one.person_id == person_id and one.lane is Lane.PRODUCTION), None)
    calls, tokens, cost = (used.calls, used.tokens, used.cost_nanousd) if used else (1, 1000, 1_000_000)
    cast = Player(
        email=person.email,
        accomplice=people[accomplice_id].email,
        window=evidence.window,
        zone=rules.program.zone,
        calls_a_day=calls / max(1, evidence.window.day_count * 5 / 7),
        tokens_a_call=max(1, tokens // max(1, calls)),
        nanousd_a_token=cost / max(1, tokens),
        outcomes=tuple(
            one
            for one in evidence.happenings
            if one.person_id == person_id
            and isinstance(one.fact, Outcome)
            and one.reverses_key is None
            and one.time_us >= evidence.window.start_us
        ),
    )
    return person_id, accomplice_id, person.team, cast


def _add(conn: Connection, events: Sequence[Event], rules: RuleBook, at_us: int) -> None:
    calendar = Calendar(rules.program.zone, as_text=conn.dialect.name == "sqlite")
    append(
        conn,
        events,
        calendar=calendar,
        identify=lambda conn, names: resolve(conn, names, at_us),
        received_us=at_us,
    )


def _kinds(conn: Connection, rules: RuleBook, at_us: int, people: Sequence[int]) -> Iterator[str]:
    for flag in named_flags_at(conn, at_us, rules.program).every.values():
        if flag.person_id in people and flag.state is FlagState.OPEN:
            yield str(flag.kind)


def _rank(standings: Standings, person_id: int, team: str) -> int | None:
    found = (one.rank for one in standings.entries if one.person_id == person_id or (one.team and one.team == team))
    return next(found, None)
