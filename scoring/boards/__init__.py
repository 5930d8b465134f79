"""Every board there is, by name: what it ranks, what it measures in one sentence, how it is computed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import msgspec

from scoring.boards import compliance, exploration, outcome, raw, team
from scoring.evidence import Evidence
from scoring.program import Program, RawBoard
from scoring.standings import Standings
from scoring.window import Window, local_day, window_before


class Board(msgspec.Struct, frozen=True):
    """``measures`` is the sentence that a digest shows; ``standings`` is pure: the same evidence, the same places.

    ``needs_days``: it looks at usage day by day and at what was tried.
    """

    name: str
    title: str
    measures: str
    ranks: Literal["people", "teams"]
    standings: Callable[[Evidence, Program, str], Standings]
    needs_days: bool = False


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
    Board(
        name="exploration",
        title="Exploration",
        measures="What people tried and learnt in the sandbox, and shared; how much they used does not count.",
        ranks="people",
        standings=exploration.standings,
        needs_days=True,
    ),
    Board(
        name="compliance",
        title="Safe use",
        measures="Days without a violation, and milestones of safe use reached.",
        ranks="people",
        standings=compliance.standings,
    ),
    Board(
        name="raw",
        title="Tokens",
        measures="Tokens used this month, up to a daily cap. It does not measure whether anything good came of them.",
        ranks="people",
        standings=raw.standings,
        needs_days=True,
    ),
)


def board_named(name: str) -> Board:
    """The board of that name. Raises ``KeyError`` where there is none."""
    return {board.name: board for board in BOARDS}[name]


def window_of(board: str, at_us: int, program: Program) -> Window:
    """What ``board`` looks at when it is ``at_us``: the days that the program says, or the calendar month. ``KeyError``."""
    rules = dict(program.boards)[board]
    if isinstance(rules, RawBoard):
        return window_before(at_us, local_day(at_us - 1, program.zone).day, program.zone)
    return window_before(at_us, rules.window, program.zone)


def all_standings(
    wanted: Sequence[tuple[str, Evidence]], program: Program, program_version: str
) -> tuple[Standings, ...]:
    """The standings of boards by name, each with what it looks at: the same for the same window.

    The team board takes over what the outcome board finds, as to score everybody twice would take twice the time.
    """
    outcomes: dict[Window, Standings] = {}

    def of(board: str, evidence: Evidence) -> Standings:
        if board not in ("outcome", "team"):
            return board_named(board).standings(evidence, program, program_version)
        if evidence.window not in outcomes:
            outcomes[evidence.window] = outcome.standings(evidence, program, program_version)
        found = outcomes[evidence.window]
        return found if board == "outcome" else team.standings_by(found, evidence, program)

    return tuple(of(board, evidence) for board, evidence in wanted)
