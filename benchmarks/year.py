"""A year looked at again under other rules, week by week, against reading its roll-ups."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.databases import both
from benchmarks.ratio import Ratio
from benchmarks.scoring import READ, WINDOW, fill
from bot.scoreboard import evidence_in
from db.engine import Store
from scoring.boards import outcome
from scoring.program import Boards, OutcomeBoard, OutcomeWeights, Program
from scoring.simulation import compare
from scoring.window import Window, window_before

_PEOPLE = 5_000
_WEEKS = 48
_ZONE = ZoneInfo("UTC")
_WEEK_US = 7 * 86_400_000_000
_YEAR = window_before(WINDOW.end_us, (_WEEKS + 4) * 7, _ZONE)
_OTHER = Program(boards=Boards(outcome=OutcomeBoard(weights=OutcomeWeights(efficiency=5))))
_TOP = 10


def year_ratios(folder: Path, new_postgresql: Callable[[], str], scale: float) -> Iterator[Ratio]:
    """The outcome board of each week under today's rules and under others, and who would stand elsewhere."""
    count = int(_PEOPLE * scale)
    for name, store, conn in both(folder / "year.db", new_postgresql):
        fill(conn, count, _YEAR)
        yield _ratio(name, count, store, conn)
        store.close()


def _ratio(name: str, count: int, store: Store, driver: Any) -> Ratio:
    windows = [window_before(WINDOW.end_us - week * _WEEK_US, 28, _ZONE) for week in range(_WEEKS)]
    began = time.perf_counter()
    rows = sum(len(driver.execute(READ.format(_days(one))).fetchall()) for one in windows)
    read = time.perf_counter()
    with store.read() as conn:
        moved = sum(len(_moves(conn, one)) for one in windows)
    ours, reading = time.perf_counter() - read, read - began
    if not moved:
        raise RuntimeError("other rules moved nobody in a year")
    return Ratio(
        work=f"simulating {_WEEKS} weeks of {count:,} people, {name}",
        ours=f"{ours:.1f} s, {moved:,} changes of place",
        yardstick=f"{reading:.1f} s, the driver reading {rows:,} roll-ups",
        value=reading / ours,
        aim="(no aim)",
    )


def _moves(conn: Any, window: Window) -> tuple[Any, ...]:
    evidence = evidence_in(conn, window, Program())
    was, would_be = (outcome.standings(evidence, program, "v") for program in (Program(), _OTHER))
    return tuple(compare(was, would_be, _TOP).moves)


def _days(window: Window) -> str:
    return ", ".join(f"'{day}'" for day in window.days)
