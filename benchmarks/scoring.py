"""Scoring 85,000 people × 4 weeks, against reading the roll-ups of their usage."""

from __future__ import annotations

import random
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.databases import both
from benchmarks.ratio import Ratio
from bot.scoreboard import evidence_in
from db.engine import Store
from scoring.boards import outcome
from scoring.program import Program
from scoring.window import Window, window_before

PEOPLE = 85_000
_ROUNDS = 3
_OUTCOMES = 6  # of each person in the window, and as many in the weeks before
WINDOW = window_before(1_780_272_000_000_000, 28, ZoneInfo("UTC"))  # up to 1 June 2026
_MODELS = ("claude-haiku-4-5", "claude-sonnet-4-5")  # coding agents call a small one beside the large
_DAY_US = 86_400_000_000

_PERSON = (
    "id",
    "email",
    "name",
    "manager_email",
    "team",
    "function",
    "region",
    "seniority",
    "maturity",
    "tier",
    "cohort",
)
_PERSON += ("is_active", "updated_us")
_IDENTITY = ("id", "source", "external_id", "person_id", "linked_by", "created_us")
_USAGE = ("day", "identity_id", "lane", "model", "calls", "errors", "retries")
_USAGE += ("tokens_input", "tokens_output", "tokens_cache_read", "tokens_cache_write")
_USAGE += ("cost_nanousd", "unpriced_calls", "unpriced_tokens")
_OUTCOME = ("event_day", "identity_id", "key", "time_us", "received_us", "type", "lane", "task", "kind")
_OUTCOME += ("started_us", "is_accepted", "quality", "errors")

READ = f"SELECT {', '.join(_USAGE)} FROM usage_days WHERE day IN ({{}})"


def scoring_ratios(folder: Path, new_postgresql: Callable[[], str], scale: float) -> Iterator[Ratio]:
    """The outcome board of everybody, from evidence in memory."""
    count = int(PEOPLE * scale)
    days = ", ".join(f"'{day}'" for day in WINDOW.days)
    for name, store, conn in both(folder / "scoring.db", new_postgresql):
        fill(conn, count)
        yield _ratio(name, count, store, lambda conn=conn: conn.execute(READ.format(days)).fetchall())  # type: ignore[misc]
        store.close()


def _ratio(name: str, count: int, store: Store, read_rows: Callable[[], list[Any]]) -> Ratio:
    program = Program()
    with store.read() as conn:
        began = time.perf_counter()
        evidence = evidence_in(conn, WINDOW, program)
        gathered = time.perf_counter() - began
    rounds = []
    for _ in range(_ROUNDS):
        began = time.perf_counter()
        rows = len(read_rows())
        read = time.perf_counter()
        ranked = len(outcome.standings(evidence, program, "v1").entries)
        rounds.append((time.perf_counter() - read, read - began))
    if ranked < count / 2:
        raise RuntimeError(f"only {ranked} of {count} were ranked")
    scoring, reading = (statistics.median(one) for one in zip(*rounds, strict=True))
    return Ratio(
        work=f"scoring {count:,} people × 4 weeks, {name}",
        ours=f"{scoring:.1f} s (evidence read in {gathered:.1f} s)",
        yardstick=f"{reading:.1f} s, the driver reading {rows:,} roll-ups",
        value=statistics.median(yardstick / ours for ours, yardstick in rounds),
        aim=">= 1",
    )


def fill(conn: Any, count: int, window: Window = WINDOW) -> None:
    """A company of ``count`` at work in ``window``, and a baseline before it."""
    tables: dict[str, tuple[tuple[str, ...], Iterator[tuple[Any, ...]]]] = {
        "people": (_PERSON, _people(count)),
        "identities": (_IDENTITY, _identities(count)),
        "usage_days": (_USAGE, _usage(count, window)),
        "events": (_OUTCOME, _outcomes(count, window)),
    }
    for table, (columns, rows) in tables.items():
        put(conn, table, columns, rows)
    conn.execute("ANALYZE")
    conn.commit()


def put(conn: Any, table: str, columns: tuple[str, ...], rows: Iterator[tuple[Any, ...]]) -> None:
    """Inserts ``rows`` as fast as the driver does, and commits."""
    names = ", ".join(columns)
    if isinstance(conn, sqlite3.Connection):
        places = ", ".join("?" * len(columns))
        conn.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", rows)
    else:
        with conn.cursor().copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    conn.commit()


def _people(count: int) -> Iterator[tuple[Any, ...]]:
    for number in range(1, count + 1):
        places = (f"team{number // 10}", f"function{number % 20}")
        yield number, f"p{number}@acme.test", "", "", *places, "", "", "", "", "", True, 1


def _identities(count: int) -> Iterator[tuple[Any, ...]]:
    for number in range(1, count + 1):
        yield number, "gateway", f"p{number}", number, "email", 1


def _usage(count: int, window: Window) -> Iterator[tuple[Any, ...]]:
    generator = random.Random(1)
    for day, number, model in product(weekdays(window), range(1, count + 1), _MODELS):
        calls = generator.randint(1, 60)
        tokens = (calls * 900, calls * 200, 0, 0)
        yield str(day), number, "production", model, calls, 0, 1, *tokens, calls * 10**7, 0, 0


def _outcomes(count: int, window: Window) -> Iterator[tuple[Any, ...]]:
    generator = random.Random(2)
    for number in range(1, count + 1):
        for turn in range(-_OUTCOMES, _OUTCOMES * window.day_count // 28):
            time_us = window.start_us + turn * 4 * _DAY_US + generator.randrange(_DAY_US)
            key = (number * 1000 + turn + 50).to_bytes(16, "big")
            day = date.fromordinal(window.days[0].toordinal() + (time_us - window.start_us) // _DAY_US)
            started, quality = time_us - generator.randrange(_DAY_US), generator.random()
            said = ("outcome", "production", f"{number}-{turn}", "ticket_resolved", started, True, quality, 0)
            yield str(day), number, key, time_us, time_us, *said


def weekdays(window: Window) -> list[date]:
    """The days of ``window`` on which people work."""
    return [day for day in window.days if day.weekday() < 5]
