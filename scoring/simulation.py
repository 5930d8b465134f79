"""One board under two rule books: who moves and why, and how alike the two orders are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import msgspec
from scipy.stats import kendalltau

from scoring.standings import Component, Entry, Standings

Subject: TypeAlias = tuple[int | None, str | None]
"""A person's id or a team's name."""


class Move(msgspec.Struct, frozen=True):
    """Somebody whose place is another. A rank of None: not ranked there. ``why`` names what moved them most."""

    person_id: int | None
    team: str | None
    rank_before: int | None
    rank_after: int | None
    score_before: float | None
    score_after: float | None
    why: str

    @property
    def places(self) -> int:
        """Places gained; 0 for who enters or leaves."""
        if self.rank_before is None or self.rank_after is None:
            return 0
        return self.rank_before - self.rank_after


class BoardChange(msgspec.Struct, frozen=True):
    """A board before and after. ``tau`` is Kendall's tau-b of those ranked in both, None for fewer than two.

    ``moves`` are largest first, equal ones by their places before. ``top_entered`` and ``top_left`` count changes among the
    places that a digest shows: the decisions that the board makes.
    """

    board: str
    ranked_before: int
    ranked_after: int
    tau: float | None
    moves: tuple[Move, ...]
    top_entered: int
    top_left: int


def compare(before: Standings, after: Standings, top: int) -> BoardChange:
    """What changes from one to the other. ``top``: how many places a digest shows."""
    was, is_now = _by_subject(before), _by_subject(after)
    shared = [subject for subject in was if subject in is_now]
    first_before, first_after = _top(before, top), _top(after, top)
    moves = [
        _move(subject, was.get(subject), is_now.get(subject), after)
        for subject in dict.fromkeys([*was, *is_now])
        if _rank(was.get(subject)) != _rank(is_now.get(subject))
    ]
    return BoardChange(
        board=before.board,
        ranked_before=len(was),
        ranked_after=len(is_now),
        tau=_tau([was[one].score for one in shared], [is_now[one].score for one in shared]),
        moves=tuple(sorted(moves, key=lambda move: -abs(move.places))),
        top_entered=len(first_after - first_before),
        top_left=len(first_before - first_after),
    )


def _by_subject(standings: Standings) -> dict[Subject, Entry]:
    return {(entry.person_id, entry.team): entry for entry in standings.entries}


def _top(standings: Standings, top: int) -> set[Subject]:
    return {(entry.person_id, entry.team) for entry in standings.entries if entry.rank <= top}


def _rank(entry: Entry | None) -> int | None:
    return None if entry is None else entry.rank


def _tau(before: Sequence[float], after: Sequence[float]) -> float | None:
    """Kendall, "A New Measure of Rank Correlation", Biometrika 30, 1938; with ties as in tau-b. 1 = the same order."""
    if len(before) < 2:
        return None
    if len(set(before)) == 1 or len(set(after)) == 1:
        return 1.0 if len(set(before)) == len(set(after)) else 0.0
    return round(float(kendalltau(before, after).statistic), 4)


def _move(subject: Subject, before: Entry | None, after: Entry | None, standings: Standings) -> Move:
    person_id, team = subject
    return Move(
        person_id=person_id,
        team=team,
        rank_before=_rank(before),
        rank_after=_rank(after),
        score_before=None if before is None else before.score,
        score_after=None if after is None else after.score,
        why=_why(subject, before, after, standings),
    )


def _why(subject: Subject, before: Entry | None, after: Entry | None, standings: Standings) -> str:
    if before is None:
        return "ranked only under the other rules"
    if after is None:
        refusal = next((one for one in standings.withheld if (one.person_id, one.team) == subject), None)
        return " ".join(refusal.missing) if refusal and refusal.missing else "not ranked under the other rules"
    was, is_now = _points(before.components), _points(after.components)
    changes = {name: is_now.get(name, 0.0) - was.get(name, 0.0) for name in dict.fromkeys([*was, *is_now])}
    name = max(changes, key=lambda one: (abs(changes[one]), one))
    points = round(changes[name], 1)
    return f"{name.replace('_', ' ')} {points:+.1f} points" if points else "others moved"


def _points(components: Sequence[Component]) -> dict[str, float]:
    return {part.name: part.points for part in components}
