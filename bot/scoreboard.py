"""Boards computed from the ledger, for any moment, under given rules."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection

from bot.flagging import flags_at
from db.day_usage import read_day_usage
from db.evidence import read_evidence
from db.trials import read_trials
from scoring.boards import board_named, window_of
from scoring.evidence import Evidence
from scoring.flag import Flag
from scoring.program import Program
from scoring.standings import Standings
from scoring.window import Window, window_before


def standings_at(
    conn: Connection, board: str, at_us: int, program: Program, version: str, *, window_days: int | None = None
) -> Standings:
    """The standings of ``board`` with only what happened before ``at_us``, in the program's window or another."""
    window = window_before(at_us, window_days, program.zone) if window_days else window_of(board, at_us, program)
    return _standings(conn, [(board, window)], flags_at(conn, at_us, program), program, version)[0]


def standings_of_all(
    conn: Connection, boards: Sequence[str], at_us: int, program: Program, version: str
) -> tuple[Standings, ...]:
    """The standings of several boards; those that look at the same window share one reading of the ledger."""
    wanted = [(board, window_of(board, at_us, program)) for board in boards]
    return _standings(conn, wanted, flags_at(conn, at_us, program), program, version)


def standings_before(
    conn: Connection, current: Sequence[Standings], program: Program, version: str
) -> tuple[Standings, ...]:
    """For each of ``current`` the standings in the window that ends where its own begins, with what is known of flags now."""
    wanted = [(one.board, window_of(one.board, one.window.start_us, program)) for one in current]
    now_us = max((one.window.end_us for one in current), default=0)
    return _standings(conn, wanted, flags_at(conn, now_us, program) if current else (), program, version)


def _standings(
    conn: Connection, wanted: Sequence[tuple[str, Window]], flags: tuple[Flag, ...], program: Program, version: str
) -> tuple[Standings, ...]:
    """``wanted``: a board and a window each."""
    seen: dict[Window, Evidence] = {}
    by_day = {window for board, window in wanted if board_named(board).needs_days}
    results = []
    for board, window in wanted:
        if window not in seen:
            evidence = _evidence(conn, window, program, with_days=window in by_day)
            seen[window] = msgspec.structs.replace(evidence, flags=flags)
        results.append(board_named(board).standings(seen[window], program, version))
    return tuple(results)


def _evidence(conn: Connection, window: Window, program: Program, *, with_days: bool) -> Evidence:
    evidence = read_evidence(conn, window=window, baseline_days=program.boards.outcome.baseline, program=program)
    if not with_days:
        return evidence
    return msgspec.structs.replace(evidence, day_usage=read_day_usage(conn, window), trials=read_trials(conn, window))
