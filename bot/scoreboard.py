"""Boards computed from the ledger, for any moment, under given rules."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection

from bot.flagging import flags_at
from db.evidence import read_evidence
from scoring.boards import board_named
from scoring.evidence import Evidence
from scoring.flag import Flag
from scoring.program import Program
from scoring.standings import Standings
from scoring.window import window_before


def standings_at(
    conn: Connection, board: str, at_us: int, program: Program, version: str, *, window_days: int | None = None
) -> Standings:
    """The standings of ``board`` with only what happened before ``at_us``, in the program's window or another."""
    flags = flags_at(conn, at_us, program)
    evidence = _evidence_at(conn, at_us, window_days or window_days_of(board, program), program, flags)
    return board_named(board).standings(evidence, program, version)


def standings_of_all(
    conn: Connection, boards: Sequence[str], at_us: int, program: Program, version: str
) -> tuple[Standings, ...]:
    """The standings of several boards; those that look at the same window share one reading of the ledger."""
    return _standings(conn, [(board, at_us) for board in boards], program, version)


def standings_before(
    conn: Connection, current: Sequence[Standings], program: Program, version: str
) -> tuple[Standings, ...]:
    """For each of ``current`` the standings in the window that ends where its own begins."""
    return _standings(conn, [(one.board, one.window.start_us) for one in current], program, version)


def window_days_of(board: str, program: Program) -> int:
    """How many local days ``board`` looks at. Raises ``KeyError`` where there is no such board."""
    days: int = {name: rules.window for name, rules in program.boards}[board]
    return days


def _standings(
    conn: Connection, wanted: Sequence[tuple[str, int]], program: Program, version: str
) -> tuple[Standings, ...]:
    """``wanted``: a board and a moment each."""
    flags: dict[int, tuple[Flag, ...]] = {}
    seen: dict[tuple[int, int], Evidence] = {}
    results = []
    for board, at_us in wanted:
        days = window_days_of(board, program)
        if at_us not in flags:
            flags[at_us] = flags_at(conn, at_us, program)
        if (at_us, days) not in seen:
            seen[at_us, days] = _evidence_at(conn, at_us, days, program, flags[at_us])
        results.append(board_named(board).standings(seen[at_us, days], program, version))
    return tuple(results)


def _evidence_at(conn: Connection, at_us: int, days: int, program: Program, flags: tuple[Flag, ...]) -> Evidence:
    window = window_before(at_us, days, program.zone)
    evidence = read_evidence(conn, window=window, baseline_days=program.boards.outcome.baseline, program=program)
    return msgspec.structs.replace(evidence, flags=flags)
