"""Boards computed from the ledger, for any moment, under given rules."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import msgspec
from sqlalchemy import Connection

from bot.flagging import flags_at
from db.day_usage import read_day_usage
from db.evidence import read_evidence
from db.trials import read_trials
from scoring.boards import all_standings, board_named, window_of
from scoring.evidence import Evidence
from scoring.flag import Flag
from scoring.program import Program
from scoring.standings import Standings
from scoring.usage import DayUsage
from scoring.window import Window, window_before

FlagsOf: TypeAlias = Callable[[Evidence], tuple[Flag, ...]]
"""The flags of the moment at which the evidence ends."""


def standings_at(
    conn: Connection, board: str, at_us: int, program: Program, version: str, *, window_days: int | None = None
) -> Standings:
    """The standings of ``board`` with only what happened before ``at_us``, in the program's window or another."""
    window = window_before(at_us, window_days, program.zone) if window_days else window_of(board, at_us, program)
    return _standings(conn, [(board, window)], program, version)[0]


def evidence_at(conn: Connection, board: str, at_us: int, program: Program) -> Evidence:
    """What ``board`` looks at when it is ``at_us``, without flags."""
    window = window_of(board, at_us, program)
    return _evidence(conn, window, program, with_days=board_named(board).needs_days)


def standings_of_all(
    conn: Connection,
    boards: Sequence[str],
    at_us: int,
    program: Program,
    version: str,
    *,
    flags_of: FlagsOf | None = None,
) -> tuple[Standings, ...]:
    """The standings of several boards; those that look at the same window share one reading of the ledger.

    ``flags_of``: what finds those of ``flags_at`` the same moment, where somebody may know them already.
    """
    found = evidence_of_all(conn, boards, at_us, program, flags_of=flags_of)
    return all_standings([(board, found[board]) for board in boards], program, version)


def evidence_of_all(
    conn: Connection, boards: Sequence[str], at_us: int, program: Program, *, flags_of: FlagsOf | None = None
) -> dict[str, Evidence]:
    """By board what it looks at, flags included: the same for all programs that differ in nothing but weights."""
    wanted = [(board, window_of(board, at_us, program)) for board in boards]
    return dict(zip(boards, _evidence_for(conn, wanted, program, flags_of=flags_of), strict=True))


def standings_before(
    conn: Connection, current: Sequence[Standings], program: Program, version: str, at_us: int
) -> tuple[Standings, ...]:
    """For each of ``current`` the standings in the window that ends where its own begins.

    They go by what people had decided about flags at ``at_us``, or who is compared would have an own past that nobody
    believes any more, or none at all for a suspicion that came to nothing.
    """
    wanted = [(one.board, window_of(one.board, one.window.start_us, program)) for one in current]
    return _standings(conn, wanted, program, version, decided_us=at_us)


def evidence_in(conn: Connection, window: Window, program: Program) -> Evidence:
    """All that boards look at in ``window``, without flags."""
    return _evidence(conn, window, program, with_days=True)


def _standings(
    conn: Connection,
    wanted: Sequence[tuple[str, Window]],
    program: Program,
    version: str,
    *,
    decided_us: int | None = None,
) -> tuple[Standings, ...]:
    """``wanted``: a board and a window each. ``decided_us``: as of ``flags_at``."""
    found = _evidence_for(conn, wanted, program, decided_us=decided_us)
    boards = [board for board, _ in wanted]
    return all_standings(list(zip(boards, found, strict=True)), program, version)


def _evidence_for(
    conn: Connection,
    wanted: Sequence[tuple[str, Window]],
    program: Program,
    *,
    flags_of: FlagsOf | None = None,
    decided_us: int | None = None,
) -> list[Evidence]:
    """For each of ``wanted`` its evidence."""
    flags: dict[int, tuple[Flag, ...]] = {}
    seen: dict[Window, Evidence] = {}
    by_day = {window for board, window in wanted if board_named(board).needs_days}
    for window in dict.fromkeys(window for _, window in wanted):
        evidence = _evidence(conn, window, program, with_days=window in by_day)
        if window.end_us not in flags:
            flags[window.end_us] = (
                flags_at(conn, window.end_us, program, decided_us=decided_us, happened=evidence)
                if flags_of is None
                else flags_of(evidence)
            )
        seen[window] = msgspec.structs.replace(evidence, flags=flags[window.end_us])
    return [seen[window] for _, window in wanted]


def _evidence(conn: Connection, window: Window, program: Program, *, with_days: bool) -> Evidence:
    evidence = read_evidence(conn, window=window, baseline_days=program.boards.outcome.baseline, program=program)
    if not with_days:
        return evidence
    usage = read_day_usage(conn, window, DayUsage)
    return msgspec.structs.replace(evidence, day_usage=usage, trials=read_trials(conn, window))
