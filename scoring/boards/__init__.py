"""Every board there is, by name: what it ranks, what it measures in one sentence, how it is computed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import msgspec

from scoring.boards import outcome, team
from scoring.evidence import Evidence
from scoring.program import Program
from scoring.standings import Standings


class Board(msgspec.Struct, frozen=True):
    """``measures`` is the sentence that a digest shows; ``standings`` is pure: the same evidence, the same places."""

    name: str
    title: str
    measures: str
    ranks: Literal["people", "teams"]
    standings: Callable[[Evidence, Program, str], Standings]


BOARDS: tuple[Board, ...] = (
    Board(
        name="team",
        title="Teams",
        measures="What the member in the middle gets done, how many take part, and what other teams reuse.",
        ranks="teams",
        standings=team.standings,
    ),
    Board(
        name="outcome",
        title="Outcomes",
        measures="Accepted work, sparingly made: quality, pace, reliability and steadiness, among peers.",
        ranks="people",
        standings=outcome.standings,
    ),
)


def board_named(name: str) -> Board:
    """The board of that name. Raises ``KeyError`` where there is none."""
    return {board.name: board for board in BOARDS}[name]
